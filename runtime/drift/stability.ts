import { Column, type ColumnProfile } from './column';
import { populationStabilityIndex } from './comparison/stability-index';
import { histogramOf } from './histogram';
import type { CaptureProfile, Captures } from './profile';

/**
 * From which index somebody looks, and from which somebody acts: the convention of credit scoring (N. Siddiqi, Credit Risk
 * Scorecards, 2006), not a test of significance.
 */
export const LOOK = 0.1;
/** See `LOOK`. */
export const ACT = 0.25;

/**
 * Fewest rows that are compared. Between two samples of one population the index is distributed as (1/N + 1/M) times
 * chi-squared with one degree of freedom less than bins (B. Yurdakul, Statistical Properties of Population Stability
 * Index, 2018): from 200 rows each, it stays below 0.2 in 95 cases of 100.
 */
export const FEWEST_ROWS = 200;

/** How far a column moved from its baseline. */
export interface Stability {
  /** Population stability index; absent where either side has too few rows. */
  readonly index?: number;
  readonly verdict: 'stable' | 'look' | 'act' | 'too-few-rows';
}

/** How far a day moved from the baseline. */
export interface Comparison {
  readonly answer: Stability;
  /** By position. */
  readonly columns: readonly Stability[];
}

/** Compares what was captured with the baseline; a column that only one of them has is missing in the other. */
export function compare(baseline: CaptureProfile, captures: Captures): Comparison {
  const rows = baseline.columns[0]?.rows ?? 0;
  const length = Math.max(baseline.columns.length, captures.columns.length);
  const columns = Array.from({ length }, (_, index) =>
    stability(
      baseline.columns[index] ?? { rows, missing: rows, text: 0 },
      captures.columns[index] ?? new Column(),
      captures.rows,
    ),
  );
  return { answer: stability(baseline.answer, captures.answer, captures.answers), columns };
}

function stability(baseline: ColumnProfile, column: Column, rows: number): Stability {
  if (Math.min(baseline.rows, rows) < FEWEST_ROWS) {
    return { verdict: 'too-few-rows' };
  }
  const { missing, text } = baseline;
  const { edges, counts } = baseline.histogram ?? { edges: [], counts: [baseline.rows - missing - text] };
  const today = histogramOf(column.numbers, edges).counts;
  const absent = rows - column.numbers.length - column.text;
  const index = populationStabilityIndex([...counts, missing, text], [...today, absent, column.text]);
  return { index, verdict: verdictOf(index) };
}

function verdictOf(index: number): Stability['verdict'] {
  if (index >= ACT) {
    return 'act';
  }
  return index >= LOOK ? 'look' : 'stable';
}
