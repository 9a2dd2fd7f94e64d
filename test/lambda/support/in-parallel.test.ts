import { inParallel } from '../../../lambda/support/in-parallel';

async function all<T>(results: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const result of results) {
    found.push(result);
  }
  return found;
}

test('works on every item, and on no more than the limit at a time', async () => {
  let running = 0;
  let most = 0;
  const items = Array.from({ length: 50 }, (_unused, index) => index);
  const results = await all(
    inParallel(items, 4, async (item) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return item;
    }),
  );
  expect(results.sort((left, right) => left - right)).toEqual(items);
  expect(most).toBe(4);
});

test('a failure ends it, and the others that fail later are not left unhandled', async () => {
  const unhandled = jest.fn();
  process.on('unhandledRejection', unhandled);
  const work = inParallel([1, 2, 3, 4, 5], 3, async (item) => {
    for (let turn = 0; turn < item; turn++) {
      await Promise.resolve();
    }
    throw new Error(`item ${item}`);
  });
  await expect(all(work)).rejects.toThrow('item 1');
  await new Promise((resolve) => setImmediate(resolve));
  expect(unhandled).not.toHaveBeenCalled();
  process.off('unhandledRejection', unhandled);
});

test('nothing to do is done at once', async () => {
  expect(await all(inParallel([], 4, async () => 1))).toEqual([]);
});
