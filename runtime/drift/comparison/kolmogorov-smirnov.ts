import { kolmogorovSf, kolmogorovSmirnovSf } from '../statistics/kolmogorov';

/** How two samples differ. */
export interface Distance {
  /** Largest distance between the two empirical distributions, from 0 to 1: the size of the effect. */
  readonly d: number;
  /** Where it is. */
  readonly at: number;
  /** Probability of this distance or more between samples of one continuous distribution; with ties, at most that. */
  readonly p: number;
}

/** Paths that are counted one by one. Beyond, the distribution of one sample of the effective size stands in. */
const MOST_PATHS = 4_000_000;
/** How many times `alpha` the limiting probability must be, so that the exact one is above it for certain. */
const CLEAR = 10;

/** The two-sample test of Kolmogorov and Smirnov. Both samples need a value. */
export function kolmogorovSmirnov(one: ArrayLike<number>, other: ArrayLike<number>): Distance {
  const [a, b] = [one, other].map((sample) => Float64Array.from(sample).sort());
  const { steps, at } = largestDistance(a, b);
  return { d: steps / (a.length * b.length), at, p: ksSignificance(steps, a.length, b.length, 1) };
}

/**
 * Probability of a distance of `steps / (n m)` or more. For values that depend on each other, so that only one row in `inflation`
 * tells something new, by the distribution of the effective sizes.
 */
export function ksSignificance(steps: number, n: number, m: number, inflation: number): number {
  return inflation === 1 && n * m <= MOST_PATHS
    ? exactSf(steps, n, m)
    : asymptoticSf(steps / (n * m), n / inflation, m / inflation);
}

/** Whether a distance is nowhere near significant at `alpha`: by the limiting distribution, which is off by less than the margin. */
export function ksClearlyWithin(steps: number, n: number, m: number, inflation: number, alpha: number): boolean {
  const effective = Math.sqrt((n * m) / (n + m) / inflation);
  return kolmogorovSf((effective * steps) / (n * m)) > CLEAR * alpha;
}

/** The smallest distance that is significant at `alpha`; above 1 where none is. */
export function ksCritical(n: number, m: number, alpha: number, inflation = 1): number {
  let [low, high] = [0, n * m + 1];
  while (low + 1 < high) {
    const middle = Math.floor((low + high) / 2);
    [low, high] = ksSignificance(middle, n, m, inflation) < alpha ? [low, middle] : [middle, high];
  }
  return high / (n * m);
}

/** Significance by the distribution of one sample of n m / (n + m) values: close where both are large. */
export function asymptoticSf(d: number, n: number, m: number): number {
  return kolmogorovSmirnovSf(d, Math.max(1, Math.round((n * m) / (n + m))));
}

/** The one-sample test against a continuous distribution function. */
export function oneSampleKolmogorovSmirnov(sample: ArrayLike<number>, cdf: (x: number) => number): Distance {
  const sorted = Float64Array.from(sample).sort();
  let [d, at] = [0, sorted[0]];
  sorted.forEach((value, index) => {
    const expected = cdf(value);
    const here = Math.max((index + 1) / sorted.length - expected, expected - index / sorted.length);
    [d, at] = here > d ? [here, value] : [d, at];
  });
  return { d, at, p: kolmogorovSmirnovSf(d, sorted.length) };
}

/** Of two samples in ascending order: in whole steps of 1 / (n m), so that nothing is rounded. */
export function largestDistance(a: Float64Array, b: Float64Array): { steps: number; at: number } {
  let [i, j, steps, at] = [0, 0, 0, Math.min(a[0], b[0])];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i], b[j]);
    while (a[i] === value) {
      i += 1;
    }
    while (b[j] === value) {
      j += 1;
    }
    const here = Math.abs(i * b.length - j * a.length);
    [steps, at] = here > steps ? [here, value] : [steps, at];
  }
  return { steps, at };
}

/**
 * Share of all orders of the two samples in which the distance reaches `steps`: the share of lattice paths that touch the
 * boundary. All terms are positive, so that small shares keep their digits.
 */
function exactSf(steps: number, n: number, m: number): number {
  if (steps === 0) {
    return 1;
  }
  const shares = new Float64Array(m + 1);
  for (let i = 0; i <= n; i++) {
    for (let j = 0; j <= m; j++) {
      if (Math.abs(i * m - j * n) >= steps) {
        shares[j] = 1;
      } else if (i + j > 0) {
        shares[j] = (i * shares[j] + j * (j > 0 ? shares[j - 1] : 0)) / (i + j);
      }
    }
  }
  return Math.min(1, shares[m]);
}
