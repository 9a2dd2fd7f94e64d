/** Values that an edge is made of, and fewest of which anything is told: fewer could be told apart. */
export const FEWEST = 10;

const BINS = 10;

/** How values are distributed: between two edges lie `counts[index]` of them. */
export interface Histogram {
  /** In ascending order. */
  readonly edges: readonly number[];
  /** One more than edges. */
  readonly counts: readonly number[];
}

/**
 * Deciles of at least ten values. Each is the mean of the ten values around it, because a decile itself is the value of
 * one person.
 */
export function decileEdges(values: readonly number[]): number[] {
  const sorted = Float64Array.from(values).sort();
  return Array.from({ length: BINS - 1 }, (_, index) => {
    const middle = Math.round((sorted.length * (index + 1)) / BINS);
    const start = Math.min(Math.max(0, middle - FEWEST / 2), sorted.length - FEWEST);
    return meanOf(sorted.subarray(start, start + FEWEST));
  });
}

/** The mean, which is exactly the value when all are the same. */
export function meanOf(values: ArrayLike<number>): number {
  const first = values[0];
  let beyond = 0;
  for (let index = 0; index < values.length; index++) {
    beyond += values[index] - first;
  }
  return first + beyond / values.length;
}

/** Counts values by bin. */
export function histogramOf(values: readonly number[], edges: readonly number[]): Histogram {
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (const value of values) {
    counts[binOf(value, edges)] += 1;
  }
  return { edges, counts };
}

/**
 * Edges that coincide, as those of a column with few different values do, enclose a bin of their own: so that values
 * below, on and above them are told apart.
 */
function binOf(value: number, edges: readonly number[]): number {
  const below = edges.filter((edge) => edge < value).length;
  const on = edges.filter((edge) => edge === value).length;
  return below + Math.floor(on / 2);
}
