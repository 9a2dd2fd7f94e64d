import { readAhead } from '../../../lambda/support/read-ahead';

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found = [];
  for await (const item of items) {
    found.push(item);
  }
  return found;
}

test('gives results in order, a few at a time', async () => {
  let [running, most] = [0, 0];
  const work = async (turns: number) => {
    running += 1;
    most = Math.max(most, running);
    for (let turn = 0; turn < 20 * turns; turn += 1) {
      await Promise.resolve();
    }
    running -= 1;
    return turns;
  };
  const items = [9, 2, 5, 1, 7, 3, 3];
  expect(await all(readAhead(items, 3, work))).toEqual(items);
  expect(most).toBe(3);
  expect(await all(readAhead([], 3, work))).toEqual([]);
});

test('the first failure ends it, and later ones trouble nobody', async () => {
  const work = async (item: number) => {
    if (item > 0) {
      throw new Error(`failed ${item}`);
    }
    return item;
  };
  await expect(all(readAhead([0, 1, 2, 3], 3, work))).rejects.toThrow('failed 1');
});
