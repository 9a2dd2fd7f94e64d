/**
 * Edges that part a sample into `bins` of about as many values each: between the two values where a part ends. Edges of a sample
 * with few different values may coincide, and are kept once.
 */
export function quantileEdges(sample: ArrayLike<number>, bins: number): number[] {
  const sorted = Float64Array.from(sample).sort();
  const edges = Array.from({ length: bins - 1 }, (_, index) => {
    const end = Math.round(((index + 1) * sorted.length) / bins);
    return (sorted[end - 1] + sorted[end]) / 2;
  });
  return edges.filter((edge, index) => index === 0 || edge > edges[index - 1]);
}

/** Values up to each edge, and above the last. */
export function countsIn(sample: ArrayLike<number>, edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (let index = 0; index < sample.length; index++) {
    counts[binOf(sample[index], edges)] += 1;
  }
  return counts;
}

/** By halves. */
function binOf(value: number, edges: readonly number[]): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    [low, high] = value > edges[middle] ? [middle + 1, high] : [low, middle];
  }
  return low;
}
