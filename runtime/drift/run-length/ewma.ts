import { solve } from '../statistics/linear';
import { normalPdf } from '../statistics/normal';
import { gaussLegendre, type Quadrature } from '../statistics/quadrature';
import { root } from '../statistics/root';

/** Weight and limit of an EWMA. */
export interface EwmaDesign {
  /** Weight of the newest value, 0 < lambda <= 1. */
  readonly lambda: number;
  /** Limit, in standard deviations of the average. */
  readonly l: number;
}

const FEWEST = 40;
/** Where the limits that vary have become those that do not. */
const SETTLED = 1e-11;

/**
 * Points until a two-sided EWMA with fixed limits signals, on average, at a shift of `shift` sigma: the integral equation of
 * S. V. Crowder (1987), solved at the points of a Gauss-Legendre rule.
 */
export function ewmaRunLength({ lambda, l }: EwmaDesign, shift = 0): number {
  const rule = ruleWithin(l * Math.sqrt(lambda / (2 - lambda)), lambda);
  const lengths = lengthsFrom(rule, lambda, shift);
  return 1 + integral(rule, (to) => step(0, to, lambda, shift), lengths);
}

/**
 * The same with the exact limits, which widen from the first point on (J. M. Lucas and M. S. Saccucci, 1990): the density of
 * the average is carried on until the limits stand still.
 */
export function ewmaRunLengthVarying({ lambda, l }: EwmaDesign, shift = 0): number {
  const settled = l * Math.sqrt(lambda / (2 - lambda));
  const within = (i: number) => ruleWithin(settled * Math.sqrt(1 - (1 - lambda) ** (2 * i)), lambda);
  let rule = within(1);
  let density = rule.points.map((to) => step(0, to, lambda, shift));
  let expected = 1;
  for (let i = 2; (1 - lambda) ** (2 * i) > SETTLED; i++) {
    expected += integral(rule, () => 1, density);
    const before = { rule, density };
    rule = within(i);
    density = rule.points.map((to) => integral(before.rule, (from) => step(from, to, lambda, shift), before.density));
  }
  const lengths = lengthsFrom(rule, lambda, shift);
  return (
    expected +
    integral(
      rule,
      () => 1,
      density.map((mass, i) => mass * lengths[i]),
    )
  );
}

/** The limit of a two-sided EWMA with fixed limits whose average run length in control is `arl0`. */
export function ewmaLimit(arl0: number, lambda: number): number {
  const excess = (l: number) => Math.log(ewmaRunLength({ lambda, l })) - Math.log(arl0);
  let high = 1;
  while (excess(high) < 0) {
    high *= 1.5;
  }
  return root(excess, 0.01, high);
}

/** Density of the next average at `to`, when it is at `from`. */
function step(from: number, to: number, lambda: number, shift: number): number {
  return normalPdf((to - (1 - lambda) * from) / lambda - shift) / lambda;
}

/** Run lengths from each point of the rule. */
function lengthsFrom({ points, weights }: Quadrature, lambda: number, shift: number): Float64Array {
  const matrix = Array.from(points, (from, row) => {
    const line = points.map((to, column) => -weights[column] * step(from, to, lambda, shift));
    line[row] += 1;
    return line;
  });
  return solve(matrix, new Float64Array(points.length).fill(1));
}

/** Three points to each standard deviation of a step, which is lambda wide. */
function ruleWithin(limit: number, lambda: number): Quadrature {
  return gaussLegendre(Math.max(FEWEST, Math.ceil((6 * limit) / lambda)), -limit, limit);
}

function integral({ points, weights }: Quadrature, kernel: (at: number) => number, values: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < points.length; index++) {
    sum += weights[index] * kernel(points[index]) * values[index];
  }
  return sum;
}
