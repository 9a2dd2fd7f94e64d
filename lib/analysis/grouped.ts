/** Items by key, in the order in which keys first appear. */
export function grouped<K, T>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  return groupedByEach(items, (item) => [keyOf(item)]);
}

/** Items by each of their keys. */
export function groupedByEach<K, T>(items: readonly T[], keysOf: (item: T) => readonly K[]): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    for (const key of keysOf(item)) {
      const group = groups.get(key);
      group ? group.push(item) : groups.set(key, [item]);
    }
  }
  return groups;
}
