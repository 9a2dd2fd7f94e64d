import { logGamma } from '../statistics/gamma';

/** The two-sample test of Cramér and von Mises. */
export interface CramerVonMises {
  readonly t: number;
  /** By the limiting distribution (T. W. Anderson, 1962). */
  readonly p: number;
}

/** Like Kolmogorov and Smirnov's, but it sums distances up, and so sees broad small ones. */
export function cramerVonMises(one: ArrayLike<number>, other: ArrayLike<number>): CramerVonMises {
  const [n, m] = [one.length, other.length];
  const [a, b] = [one, other].map((sample) => Float64Array.from(sample).sort());
  const pooled = Float64Array.from([...a, ...b]).sort();
  const ranks = (sample: Float64Array) =>
    sample.reduce((sum, value, index) => sum + (midRank(pooled, value) - (index + 1)) ** 2, 0);
  const [product, total] = [n * m, n + m];
  const t = (n * ranks(a) + m * ranks(b)) / (product * total) - (4 * product - 1) / (6 * total);
  const expected = (1 + 1 / total) / 6;
  const variance =
    ((total + 1) * (4 * product * total - 3 * (n * n + m * m) - 2 * product)) / (45 * total ** 2 * 4 * product);
  const standard = 1 / 6 + (t - expected) / Math.sqrt(45 * variance);
  return { t, p: standard < 0.003 ? 1 : Math.max(0, 1 - limitingCdf(standard)) };
}

/** Mean rank of a value, from 1. */
function midRank(sorted: Float64Array, value: number): number {
  const below = sorted.findIndex((other) => other >= value);
  const end = sorted.findIndex((other) => other > value);
  return (below + 1 + (end < 0 ? sorted.length : end)) / 2;
}

/** T. W. Anderson and D. A. Darling (1952), equation 4.35. */
function limitingCdf(x: number): number {
  let sum = 0;
  for (let k = 0; k < 20; k++) {
    const y = 4 * k + 1;
    const q = (y * y) / (16 * x);
    const factor = Math.exp(logGamma(k + 0.5) - logGamma(k + 1)) / (Math.PI ** 1.5 * Math.sqrt(x));
    sum += factor * Math.sqrt(y) * scaledBessel(q);
  }
  return sum;
}

/** exp(-q) times the modified Bessel function K of order 1/4, by the trapezoidal rule (Abramowitz and Stegun 9.6.24). */
function scaledBessel(q: number): number {
  const width = 1 / 64;
  const term = (t: number) => Math.exp(-q * (1 + Math.cosh(t))) * Math.cosh(t / 4);
  let sum = term(0) / 2;
  for (let t = width, value = 1; value > 1e-30; t += width) {
    value = term(t);
    sum += value;
  }
  return width * sum;
}
