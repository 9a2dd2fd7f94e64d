import { chiSquareSf, chiSquareUpper } from '../statistics/distributions';

/** Stands for the share of an empty bin, whose logarithm would be infinite. */
const EMPTY = 0.0001;

/** A population stability index, judged by the number of rows that it was made of. */
export interface StabilityTest {
  /** The index: the size of the effect. */
  readonly psi: number;
  /** What the index stays below with probability 1 - alpha where nothing moved. */
  readonly threshold: number;
  /** Probability of this index or more where nothing moved. */
  readonly p: number;
}

/**
 * The population stability index of two distributions over the same bins: the sum of (actual - expected) *
 * ln(actual / expected) over their shares. Never negative; 0 for equal shares.
 */
export function populationStabilityIndex(expected: readonly number[], actual: readonly number[]): number {
  const [from, to] = [sharesOf(expected), sharesOf(actual)].map((shares) =>
    shares.map((share) => Math.max(EMPTY, share)),
  );
  return from.reduce((total, share, bin) => total + (to[bin] - share) * Math.log(to[bin] / share), 0);
}

/**
 * The index of two samples with its significance. Between samples of N and M rows of one population it is distributed as
 * (1/N + 1/M) times chi-squared with one degree of freedom less than bins (B. Yurdakul, Statistical Properties of Population
 * Stability Index, 2018). That holds from some five rows in each bin on, and half a row is added to each bin, because with an
 * empty one the index would be as large as the stand-in is small.
 *
 * @param alpha probability of exceeding the threshold where nothing moved
 * @param inflation rows that tell as much as one that is independent
 */
export function stabilityTest(
  expected: readonly number[],
  actual: readonly number[],
  alpha: number,
  inflation = 1,
): StabilityTest {
  const scale = inflation * (1 / sum(expected) + 1 / sum(actual));
  const degrees = expected.length - 1;
  if (degrees === 0) {
    return { psi: 0, threshold: 0, p: 1 };
  }
  const psi = populationStabilityIndex(
    expected.map((count) => count + 0.5),
    actual.map((count) => count + 0.5),
  );
  return { psi, threshold: scale * chiSquareUpper(alpha, degrees), p: chiSquareSf(psi / scale, degrees) };
}

function sharesOf(counts: readonly number[]): number[] {
  const total = sum(counts);
  return counts.map((count) => count / total);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
