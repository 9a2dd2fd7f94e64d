/** Applies `work` to each item, at most `limit` at a time, and gives the results in the order of the items. The first failure ends it. */
export async function* readAhead<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  limit: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const running: Promise<Result>[] = [];
  for await (const item of items) {
    const result = work(item);
    // Told when it is its turn; until then nobody waits for it.
    result.catch(() => undefined);
    running.push(result);
    if (running.length >= limit) {
      yield (await running.shift()) as Result;
    }
  }
  for (const result of running) {
    yield await result;
  }
}
