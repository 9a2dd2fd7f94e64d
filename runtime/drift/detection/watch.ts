import { PalisadeError } from '../../errors';
import { detector } from './detector';
import {
  type Alarm,
  BASELINE,
  type ChartKind,
  type DetectionOptions,
  type Detector,
  FEWEST_ROWS,
  MOST_ROWS,
} from './options';
import { type Column, columnsNamed, columnsOfNumbers, numberAt, openTable, type Table } from './table';

/** How the columns of a table are watched. */
export interface WatchOptions extends DetectionOptions {
  /** Names, or numbers from 1. @default - each that holds numbers, but for those that only count or never vary */
  readonly columns?: readonly string[];
  /** A table of the same columns, whose values are the baseline. Instead of `given`. */
  readonly reference?: AsyncIterable<string>;
}

/** An alarm of a table. */
export interface ColumnAlarm extends Alarm {
  /** Name, or number from 1 where the table has no header. */
  readonly column: string;
  readonly chart: ChartKind;
}

/** Of a baseline that is not told how long: this share of a short table, at most. */
const SHARE = 1 / 3;

/**
 * Watches the columns of a table as its text comes in, and gives alarms row by row. Memory is bounded whatever the text.
 *
 * Throws PALISADE-F001 for options, F002 for text that is no table, F003 for too few rows, F004 for columns that are not there.
 */
export async function* watchTable(
  text: AsyncIterable<string>,
  options: WatchOptions,
  where: string,
): AsyncGenerator<ColumnAlarm> {
  const { baseline, columns: names, chart } = options;
  const table = await openTable(text, baseline ?? BASELINE, where);
  const columns = names ? columnsNamed(table, names, where) : columnsOfNumbers(table, where);
  const detectors = await detectorsFor(table, columns, options);
  let rows = 0;
  for await (const record of table.rows) {
    for (const [position, column] of columns.entries()) {
      const alarm = detectors[position].next(numberAt(record, column, where));
      if (alarm) {
        const { index, ...said } = alarm;
        yield { index, column: column.name, chart, ...said };
      }
    }
    rows += 1;
  }
  const blind = columns.filter((_, position) => !detectors[position].ready);
  if (names ? blind.length > 0 : blind.length === columns.length) {
    throw tooShort(
      where,
      `${rows} rows, of which column ${JSON.stringify(blind[0].name)} has too few, or only one value, for a baseline`,
    );
  }
}

async function detectorsFor(table: Table, columns: readonly Column[], options: WatchOptions): Promise<Detector[]> {
  const { baseline, reference, given } = options;
  if (reference) {
    const values = await readReference(reference, columns);
    return values.map((column) => detector({ ...options, given: column }));
  }
  const { length } = table.head;
  const rows = baseline ?? (length < BASELINE ? Math.max(FEWEST_ROWS, Math.floor(length * SHARE)) : BASELINE);
  return columns.map(() => detector({ ...options, baseline: rows, given }));
}

/** The values of the same columns, by name. */
async function readReference(text: AsyncIterable<string>, columns: readonly Column[]): Promise<number[][]> {
  const where = 'baseline';
  const table = await openTable(text, 1, where);
  const same = columnsNamed(
    table,
    columns.map(({ name }) => name),
    where,
  );
  const values: number[][] = same.map(() => []);
  for await (const record of table.rows) {
    for (const [position, column] of same.entries()) {
      const number = numberAt(record, column, where);
      if (!Number.isNaN(number) && values[position].push(number) > MOST_ROWS) {
        throw new PalisadeError({
          code: 'PALISADE-F003',
          where: `${where}:${record.line}`,
          problem: `more than ${MOST_ROWS} rows`,
          fix: 'give a sample of the baseline: limits gain nothing from more rows',
        });
      }
    }
  }
  return values;
}

function tooShort(where: string, problem: string): PalisadeError {
  return new PalisadeError({
    code: 'PALISADE-F003',
    where,
    problem,
    fix: `give more rows, or a shorter baseline (--baseline, from ${FEWEST_ROWS} on)`,
  });
}
