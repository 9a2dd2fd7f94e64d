/**
 * Applies `work` to each item, at most `limit` at a time, and gives the results as they finish. The first failure
 * ends it.
 */
export async function* inParallel<Item, Result>(
  items: Iterable<Item>,
  limit: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const running = new Map<number, Promise<[number, Result]>>();
  let next = 0;
  const finishOne = async (): Promise<Result> => {
    const [number, result] = await Promise.race(running.values());
    running.delete(number);
    return result;
  };
  for (const item of items) {
    const number = next++;
    running.set(
      number,
      work(item).then((result) => [number, result]),
    );
    if (running.size >= limit) {
      yield await finishOne();
    }
  }
  while (running.size > 0) {
    yield await finishOne();
  }
}
