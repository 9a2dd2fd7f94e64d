import { solve } from '../statistics/linear';
import { normalCdf, normalPdf } from '../statistics/normal';
import { gaussLegendre } from '../statistics/quadrature';
import { root } from '../statistics/root';

/** Decision interval and allowance of a CUSUM, in sigma. */
export interface CusumDesign {
  /** Allowance: half of the shift that is to be found soonest. */
  readonly k: number;
  /** Decision interval. */
  readonly h: number;
}

/** Points of the quadrature per sigma of `h`, and fewest: run lengths are then exact to nine digits. */
const DENSITY = 4;
const FEWEST = 40;

/**
 * Points until a one-sided upper CUSUM signals, on average, at a shift of `shift` sigma: E. S. Page's integral equation (1954),
 * solved at the points of a Gauss-Legendre rule.
 */
export function oneSidedCusumRunLength({ k, h }: CusumDesign, shift = 0): number {
  const { points, weights } = gaussLegendre(Math.max(FEWEST, Math.ceil(DENSITY * h)), 0, h);
  // From state s the next is max(0, s + x - k). The last unknown is the run length from zero, where the chart starts.
  const states = [...points, 0];
  const matrix = states.map((from, row) => {
    const moved = from - k + shift;
    const line = new Float64Array(states.length);
    points.forEach((to, column) => {
      line[column] = -weights[column] * normalPdf(to - moved);
    });
    line[points.length] = -normalCdf(-moved);
    line[row] += 1;
    return line;
  });
  return solve(matrix, new Float64Array(states.length).fill(1))[points.length];
}

/** Points until either side of a two-sided CUSUM signals: the rates of both sides add up (K. W. Kemp, 1961). */
export function cusumRunLength(design: CusumDesign, shift = 0): number {
  return 1 / (1 / oneSidedCusumRunLength(design, shift) + 1 / oneSidedCusumRunLength(design, -shift));
}

/** The decision interval, in sigma, of a two-sided CUSUM with allowance `k` whose average run length in control is `arl0`. */
export function cusumLimit(arl0: number, k: number): number {
  const excess = (h: number) => Math.log(cusumRunLength({ k, h })) - Math.log(arl0);
  let high = 1;
  while (excess(high) < 0) {
    high *= 1.5;
  }
  return root(excess, 0, high);
}
