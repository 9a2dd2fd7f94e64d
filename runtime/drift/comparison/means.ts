import { studentTwoSided } from '../statistics/distributions';
import { normalQuantile } from '../statistics/normal';

/** A test of two means. */
export interface MeanTest {
  readonly t: number;
  /** Two-sided. */
  readonly p: number;
}

/** Welch's test of two means, for variances that may differ. Each sample needs two values. */
export function welch(one: readonly number[], other: readonly number[]): MeanTest {
  const [a, b] = [one, other].map(momentsOf);
  const [va, vb] = [a.variance / one.length, b.variance / other.length];
  const t = (a.mean - b.mean) / Math.sqrt(va + vb);
  const degrees = (va + vb) ** 2 / (va ** 2 / (one.length - 1) + vb ** 2 / (other.length - 1));
  return { t, p: studentTwoSided(t, degrees) };
}

/** Wilson's interval of a share of `n` of which `k` were seen, at `confidence` (E. B. Wilson, 1927). */
export function wilsonInterval(k: number, n: number, confidence = 0.95): { low: number; high: number } {
  const z = -normalQuantile((1 - confidence) / 2);
  const [share, weight] = [k / n, (z * z) / n];
  const centre = (share + weight / 2) / (1 + weight);
  const half = (z / (1 + weight)) * Math.sqrt((share * (1 - share)) / n + weight / (4 * n));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

function momentsOf(sample: readonly number[]): { mean: number; variance: number } {
  const mean = sample.reduce((sum, value) => sum + value, 0) / sample.length;
  const squares = sample.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / (sample.length - 1) };
}
