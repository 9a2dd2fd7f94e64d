import * as z from 'zod';
import { PalisadeError } from '../../errors';

/** Points of each chart that are kept: a week of hours. */
export const KEPT_POINTS = 168;
/** More columns are left to the daily comparison. */
export const MOST_COLUMNS = 50;
/** Most windows of a baseline. */
export const MOST_WINDOWS = 500;

const number = z.number();
const count = z.int().min(0);

/** One window of one column. */
const POINT = z.strictObject({
  /** Start of the window. */
  at: z.iso.datetime(),
  /** Rows with a number. */
  rows: count,
  mean: number,
  /** What was plotted, as a share of its limit; absent while the baseline is learned. Below zero: it went down. */
  ratio: number.optional(),
  /** Population stability index against the baseline. */
  psi: number.optional(),
  alarm: z.boolean().optional(),
});

/** What is kept of one column: a baseline, a chart, and its newest points. */
export const COLUMN_STATE = z.strictObject({
  /** Means of the windows of the baseline; empty once it was drawn. */
  learning: z.array(number).max(MOST_WINDOWS),
  /** Standard deviation of the rows within those windows, on average. */
  within: z.number().min(0),
  /** Limits come from it. */
  baseline: z.strictObject({ mean: number, sigma: z.number().positive(), windows: count }).optional(),
  /** How rows were distributed in the windows of the baseline. */
  bins: z.strictObject({ edges: z.array(number).max(20), counts: z.array(count).max(21) }).optional(),
  cusum: z.strictObject({ upper: number, lower: number, upperRun: count, lowerRun: count }),
  points: z.array(POINT).max(KEPT_POINTS),
});

/** What is kept of one column. */
export type ColumnState = z.infer<typeof COLUMN_STATE>;

/** What the monitor remembers: of one deployment of a model, and always about as much. */
export const DRIFT_STATE = z.strictObject({
  schema: z.literal('palisade/drift-state/1'),
  /** Endpoint configuration that served. Another one is another model, with a baseline of its own. */
  configuration: z.string(),
  /** Start of the next window. */
  next: z.iso.datetime(),
  answer: COLUMN_STATE,
  /** Of the requests, by position. */
  columns: z.array(COLUMN_STATE).max(MOST_COLUMNS),
});

/** What the monitor remembers. */
export type DriftState = z.infer<typeof DRIFT_STATE>;

/** A column of which nothing is known. */
export const UNKNOWN_COLUMN: ColumnState = {
  learning: [],
  within: 0,
  cusum: { upper: 0, lower: 0, upperRun: 0, lowerRun: 0 },
  points: [],
};

/** Reads a state. Throws PALISADE-F100 for one that the monitor did not write: it must not go on with a baseline of chance. */
export function parseState(text: string, where: string): DriftState {
  try {
    return DRIFT_STATE.parse(JSON.parse(text));
  } catch (error) {
    throw new PalisadeError({
      code: 'PALISADE-F100',
      where,
      problem: `not a state of the drift monitor: ${error instanceof Error ? error.message.slice(0, 500) : 'unreadable'}`,
      fix: 'restore the version before, or delete the object: the monitor then learns a new baseline',
    });
  }
}
