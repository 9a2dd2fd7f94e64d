import { logGamma } from '../statistics/gamma';
import { normalCdf } from '../statistics/normal';
import { gaussLegendre } from '../statistics/quadrature';

/** Factors that make limits of ranges and deviations of subgroups, by the names that ISO 7870-2 and textbooks give them. */
export interface ChartConstants {
  /** Mean range of n standard normal values. */
  readonly d2: number;
  /** Standard deviation of that range. */
  readonly d3: number;
  /** Mean standard deviation of n standard normal values. */
  readonly c4: number;
  /** Limits of means, in mean ranges. */
  readonly A2: number;
  /** Limits of means, in mean standard deviations. */
  readonly A3: number;
  readonly B3: number;
  readonly B4: number;
  readonly D3: number;
  readonly D4: number;
}

/** Limits at three sigma. */
export interface Limits {
  readonly centre: number;
  readonly lower: number;
  readonly upper: number;
}

/** Beyond so many sigma nothing is left of a normal distribution that a double could hold. */
const EDGE = 8.5;
const POINTS = 120;
const INNER_POINTS = 24;

/** The constants of subgroups of n values, 2 <= n <= 100, from the distribution of the range itself. */
export function chartConstants(n: number): ChartConstants {
  const { d2, d3 } = rangeMoments(n);
  const c4 = Math.sqrt(2 / (n - 1)) * Math.exp(logGamma(n / 2) - logGamma((n - 1) / 2));
  const [deviation, range] = [(3 * Math.sqrt(1 - c4 * c4)) / c4, (3 * d3) / d2];
  return {
    d2,
    d3,
    c4,
    A2: 3 / (d2 * Math.sqrt(n)),
    A3: 3 / (c4 * Math.sqrt(n)),
    B3: Math.max(0, 1 - deviation),
    B4: 1 + deviation,
    D3: Math.max(0, 1 - range),
    D4: 1 + range,
  };
}

/** Moments of the range as integrals of the normal distribution (L. H. C. Tippett, 1925). */
function rangeMoments(n: number): { d2: number; d3: number } {
  const { points, weights } = gaussLegendre(POINTS, -EDGE, EDGE);
  let [first, second] = [0, 0];
  for (let i = 0; i < points.length; i++) {
    const [below, above] = [normalCdf(points[i]), normalCdf(-points[i])];
    first += weights[i] * (1 - below ** n - above ** n);
    second += 2 * weights[i] * spreadBeyond(points[i], above, n);
  }
  return { d2: first, d3: Math.sqrt(second - first * first) };
}

/** Over all y > x, the probability that the smallest of n values is below x and the largest above y. */
function spreadBeyond(x: number, above: number, n: number): number {
  const { points, weights } = gaussLegendre(INNER_POINTS, x, EDGE);
  let sum = 0;
  for (let j = 0; j < points.length; j++) {
    const upTo = normalCdf(points[j]);
    sum += weights[j] * (1 - upTo ** n - above ** n + Math.max(0, above + upTo - 1) ** n);
  }
  return sum;
}

/** Phase I of a chart of single values, from their moving range of two: the mean, the mean range and the limits. */
export function individuals(values: readonly number[]): Limits & { readonly mean: number; readonly range: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const steps = values.slice(1).map((value, index) => Math.abs(value - values[index]));
  const range = steps.reduce((sum, step) => sum + step, 0) / steps.length;
  const reach = (3 * range) / chartConstants(2).d2;
  return { mean, range, centre: mean, lower: mean - reach, upper: mean + reach };
}

/** Phase I of charts of subgroups of one size: limits of their means, by ranges, and of the ranges and deviations themselves. */
export function subgroups(groups: readonly (readonly number[])[]): {
  /** The standard deviation within the groups, by their mean range. */
  readonly sigma: number;
  readonly means: Limits;
  readonly ranges: Limits;
  readonly deviations: Limits;
} {
  const { d2, A2, B3, B4, D3, D4 } = chartConstants(groups[0].length);
  const mean = meanOf(groups.map(meanOf));
  const range = meanOf(groups.map((group) => Math.max(...group) - Math.min(...group)));
  const deviation = meanOf(groups.map(deviationOf));
  return {
    sigma: range / d2,
    means: { centre: mean, lower: mean - A2 * range, upper: mean + A2 * range },
    ranges: { centre: range, lower: D3 * range, upper: D4 * range },
    deviations: { centre: deviation, lower: B3 * deviation, upper: B4 * deviation },
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
