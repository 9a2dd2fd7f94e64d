import { chiSquareUpper } from '../statistics/distributions';
import { normalQuantile } from '../statistics/normal';
import { root } from '../statistics/root';
import { cusumLimit, cusumRunLength } from './cusum';
import { ewmaLimit, ewmaRunLength } from './ewma';
import { shewhartLimit, shewhartRunLength } from './shewhart';

/** Average run length of a chart with this limit at a shift, when sigma is `scale` times what the chart takes it for. */
type RunLength = (limit: number, shift: number, scale: number) => number;

/** Equally probable errors of the mean, and of sigma, that the average is taken over. */
const MEANS = 5;
const SIGMAS = 5;
/** From this many rows on the limit is that of known parameters to three digits. */
const MANY = 20_000;

/**
 * The limit of a chart whose mean and sigma stay as estimated from `rows` values. With the limit of known parameters the chart
 * would signal too soon, because a mean that is a little off is a shift that never ends. With this one the chance of a false alarm
 * within `arl0` points is what it is with known parameters (63 %), on average over what the baseline might have been.
 *
 * @param known the limit where the parameters are known
 */
function forEstimates(arl0: number, rows: number, known: number, runLength: RunLength): number {
  if (rows >= MANY) {
    return known;
  }
  const errors = nodes(rows);
  const quiet = (limit: number) =>
    errors.reduce((sum, { shift, scale }) => sum + Math.exp(-arl0 / runLength(limit, shift, scale)), 0) / errors.length;
  const excess = (limit: number) => quiet(limit) - Math.exp(-1);
  let high = 1.25 * known;
  while (excess(high) < 0) {
    high *= 1.25;
  }
  return root(excess, known / 2, high, 1e-4);
}

/** Limits by what they are made of: the columns of a table have the same. */
const drawn = new Map<string, number>();

function once(key: string, draw: () => number): number {
  const limit = drawn.get(key) ?? draw();
  drawn.set(key, limit);
  return limit;
}

function nodes(rows: number): { shift: number; scale: number }[] {
  const degrees = rows - 1;
  const middles = (count: number) => Array.from({ length: count }, (_, index) => (index + 0.5) / count);
  // The charts are symmetric: an error of the mean to one side stands for both.
  const shifts = middles(MEANS).map((p) => normalQuantile(0.5 + p / 2) / Math.sqrt(rows));
  const scales = middles(SIGMAS).map((p) => Math.sqrt(degrees / chiSquareUpper(p, degrees)));
  return shifts.flatMap((shift) => scales.map((scale) => ({ shift, scale })));
}

/** Decision interval of a two-sided CUSUM on `rows` values of Phase I. */
export function cusumLimitFor(arl0: number, k: number, rows: number): number {
  return once(`cusum ${arl0} ${k} ${rows}`, () =>
    forEstimates(arl0, rows, cusumLimit(arl0, k), (h, shift, scale) =>
      cusumRunLength({ k: k / scale, h: h / scale }, shift),
    ),
  );
}

/** Limit of a two-sided EWMA, in standard deviations of the average, on `rows` values of Phase I. */
export function ewmaLimitFor(arl0: number, lambda: number, rows: number): number {
  return once(`ewma ${arl0} ${lambda} ${rows}`, () =>
    forEstimates(arl0, rows, ewmaLimit(arl0, lambda), (l, shift, scale) =>
      ewmaRunLength({ lambda, l: l / scale }, shift),
    ),
  );
}

/** Limit of a two-sided Shewhart chart, in sigma, on `rows` values of Phase I. */
export function shewhartLimitFor(arl0: number, rows: number): number {
  return forEstimates(arl0, rows, shewhartLimit(arl0), (limit, shift, scale) =>
    shewhartRunLength(limit / scale, shift),
  );
}
