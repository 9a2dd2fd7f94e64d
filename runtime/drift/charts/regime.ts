import { studentTwoSided } from '../statistics/distributions';
import { normalQuantile } from '../statistics/normal';
import { Moments } from './moments';

/** Values further from the median than this many robust sigmas are no part of a baseline (F. R. Hampel, 1974). */
const OUTLIER = 3.5;
/** Fewer values do not tell an outlier: their median deviation is too uncertain itself. */
const FEWEST_SCREENED = 20;
/** Median absolute deviation of the standard normal distribution. */
const NORMAL_MAD = 0.6744897501960817;
/** From this many values on, Student's distribution is the normal one to three digits. */
const MANY = 2000;
/** Of the standard normal distribution: one chance in twenty above. */
const NOTICEABLE = 1.6448536269514722;
/** A trend looks like an autocorrelation of one, from which no scale could be made. */
const LARGEST_AUTOCORRELATION = 0.95;

/** What a process is judged against. */
export interface Reference {
  readonly mean: number;
  readonly sigma: number;
  /** Values that both were estimated from; infinite where they are known. */
  readonly rows: number;
  /**
   * How much further than independent values the sum of these strays: the square root of (1 + r) / (1 - r), where r is their
   * autocorrelation at lag one. 1 for independent values.
   */
  readonly inflation: number;
  /** The value in sigmas: standard normal while the process is in control. */
  standardise(value: number): number;
}

/** A process whose mean and sigma are given, not estimated. */
export function knownReference(mean: number, sigma: number): Reference {
  return { mean, sigma, rows: Number.POSITIVE_INFINITY, inflation: 1, standardise: (value) => (value - mean) / sigma };
}

/**
 * How a process behaves while it is in control, as far as it was seen: Phase I. Its first values are screened for outliers;
 * more may be added as they come, in constant memory.
 */
export class Regime implements Reference {
  private readonly moments: Moments;

  constructor(values: readonly number[]) {
    this.moments = new Moments(withoutOutliers(values));
  }

  get rows(): number {
    return this.moments.count;
  }

  get mean(): number {
    return this.moments.mean;
  }

  get sigma(): number {
    return this.moments.deviation;
  }

  /** Of autocorrelation that is not noticeable nothing is made: that of few independent values is not zero either. */
  get inflation(): number {
    const { count, autocorrelation } = this.moments;
    const r = Math.min(LARGEST_AUTOCORRELATION, autocorrelation);
    return r > NOTICEABLE / Math.sqrt(count) ? Math.sqrt((1 + r) / (1 - r)) : 1;
  }

  /**
   * A new value differs from a mean of n by Student's t with n - 1 degrees of freedom; the normal value of the same probability
   * is what a chart takes. So the limits hold from a short baseline on (D. M. Hawkins, Self-starting CUSUM charts, 1987).
   */
  standardise(value: number): number {
    const { count, mean, deviation } = this.moments;
    const t = (value - mean) / (deviation * Math.sqrt(1 + 1 / count));
    if (count >= MANY) {
      return t;
    }
    return -Math.sign(t) * normalQuantile(Math.max(Number.MIN_VALUE, studentTwoSided(t, count - 1) / 2));
  }

  /** Takes one more value, moved to within `reach` sigmas of the mean: an outlier must not widen the limits. */
  add(value: number, reach: number): void {
    const { mean, sigma } = this;
    this.moments.add(Math.min(Math.max(value, mean - reach * sigma), mean + reach * sigma));
  }
}

/**
 * The values without those that stand far apart. All of them where they are few, or where half are the same, since then every
 * other would stand apart.
 */
export function withoutOutliers(values: readonly number[]): number[] {
  if (values.length < FEWEST_SCREENED) {
    return [...values];
  }
  const middle = median(values);
  const spread = median(values.map((value) => Math.abs(value - middle))) / NORMAL_MAD;
  return spread === 0 ? [...values] : values.filter((value) => Math.abs(value - middle) <= OUTLIER * spread);
}

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length / 2;
  return (sorted[Math.ceil(half) - 1] + sorted[Math.floor(half)]) / 2;
}
