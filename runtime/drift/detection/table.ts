import { PalisadeError } from '../../errors';
import { CsvReader, type CsvRecord } from '../csv';
import { numberOf } from '../number';
import { FEWEST_ROWS } from './options';

/** More fields in a row are no table. */
const MOST_COLUMNS = 1000;
/** Longer rows, in characters, are no table of numbers. */
const LONGEST_ROW = 1024 * 1024;

/** A column of a table. */
export interface Column {
  /** From 0. */
  readonly position: number;
  /** From the header; a number from 1 where there is none. */
  readonly name: string;
}

/** The first rows of a table, and those that follow. */
export interface Table {
  readonly columns: readonly Column[];
  /** Rows that were read ahead. */
  readonly head: readonly CsvRecord[];
  /** All rows, those of the head too. */
  readonly rows: AsyncIterable<CsvRecord>;
}

/**
 * Opens a table of comma-separated text, with or without a header: a first row that has something else than numbers is one.
 *
 * Throws PALISADE-F002 with the line of what is no row of the table, also while the rows are read.
 *
 * @param ahead rows that are read at once
 * @param where what errors call the text
 */
export async function openTable(text: AsyncIterable<string>, ahead: number, where: string): Promise<Table> {
  const records = recordsOf(text, where);
  const head: CsvRecord[] = [];
  let header: CsvRecord | undefined;
  for (let next = await records.next(); !next.done; next = await records.next()) {
    if (!header && head.length === 0 && next.value.fields.some((field) => numberOf(field) === undefined)) {
      header = next.value;
      continue;
    }
    if (head.push(next.value) >= ahead) {
      break;
    }
  }
  const width = (header ?? head.at(0))?.fields.length ?? 0;
  const columns = Array.from({ length: width }, (_, position) => ({
    position,
    name: header?.fields[position] || `${position + 1}`,
  }));
  return { columns, head, rows: joined(head, records) };
}

/** The columns of those names, or numbers from 1. Throws PALISADE-F004 for one that is not there, or there twice. */
export function columnsNamed({ columns }: Table, names: readonly string[], where: string): Column[] {
  return names.map((asked) => {
    const named = columns.filter(({ name }) => name === asked);
    const found = named.length > 0 ? named : columns.filter(({ position }) => `${position + 1}` === asked);
    if (found.length !== 1) {
      const there = columns.slice(0, 20).map(({ name }) => JSON.stringify(name.slice(0, 40)));
      throw new PalisadeError({
        code: 'PALISADE-F004',
        where,
        problem: `${found.length === 0 ? 'no column' : 'several columns'} ${JSON.stringify(asked)} among ${there.join(', ')}`,
        fix: 'name a column by its header, or by its number from 1',
      });
    }
    return found[0];
  });
}

/**
 * The columns that measure something: their first value is a number, and they neither only count nor stay the same, unless
 * there is no other. Throws PALISADE-F004 where there is none.
 */
export function columnsOfNumbers({ columns, head }: Table, where: string): Column[] {
  const numeric = columns.filter(({ position }) => Number.isFinite(valuesOf(head, position).find(isThere)));
  if (numeric.length === 0) {
    throw new PalisadeError({
      code: 'PALISADE-F004',
      where: head.length > 0 ? `${where}:${head[0].line}` : where,
      problem: head.length > 0 ? 'no column begins with a number' : 'no rows',
      fix: 'give a table of numbers, with a point before decimals and commas between columns',
    });
  }
  const measured = numeric.filter(({ position }) => measures(valuesOf(head, position)));
  return measured.length > 0 ? measured : numeric;
}

/** A row's number in a column; NaN where it is missing. Throws PALISADE-F002. */
export function numberAt({ fields, line }: CsvRecord, { position, name }: Column, where: string): number {
  const number = numberOf(fields[position]);
  if (number === undefined) {
    throw broken(
      `${where}:${line}`,
      `${JSON.stringify(fields[position].slice(0, 40))} in column ${JSON.stringify(name)} is no number`,
    );
  }
  return number;
}

function valuesOf(rows: readonly CsvRecord[], position: number): (number | undefined)[] {
  return rows.map(({ fields }) => numberOf(fields[position]));
}

function isThere(value: number | undefined): boolean {
  return !Number.isNaN(value);
}

/** Steps of one size, zero included, are a counter's or a constant's. */
function measures(values: readonly (number | undefined)[]): boolean {
  const numbers = values.filter((value): value is number => Number.isFinite(value));
  const step = numbers[1] - numbers[0];
  const even = numbers.every(
    (value, index) => index === 0 || Math.abs(value - numbers[index - 1] - step) < 1e-9 * Math.abs(step),
  );
  const constant = numbers.every((value) => value === numbers[0]);
  return numbers.length < FEWEST_ROWS || !(even || constant);
}

async function* joined(head: readonly CsvRecord[], rest: AsyncGenerator<CsvRecord>): AsyncGenerator<CsvRecord> {
  yield* head;
  yield* rest;
}

/** Rows of one width. */
async function* recordsOf(text: AsyncIterable<string>, where: string): AsyncGenerator<CsvRecord> {
  const reader = new CsvReader();
  let width: number | undefined;
  const checked = (record: CsvRecord): CsvRecord => {
    width ??= record.fields.length;
    if (record.fields.length !== width || width > MOST_COLUMNS) {
      throw broken(
        `${where}:${record.line}`,
        `${record.fields.length} fields, expected ${Math.min(width, MOST_COLUMNS)}`,
      );
    }
    return record;
  };
  let first = true;
  for await (const piece of text) {
    yield* reader.push(first ? piece.replace(/^\uFEFF/, '') : piece).map(checked);
    first &&= piece === '';
    if (reader.held > LONGEST_ROW) {
      throw broken(`${where}:${reader.line}`, `a row of more than ${LONGEST_ROW} characters`);
    }
  }
  const last = reader.end();
  if (reader.quoted) {
    throw broken(`${where}:${last[0]?.line ?? reader.line}`, 'a quote that is not closed');
  }
  yield* last.map(checked);
}

function broken(where: string, problem: string): PalisadeError {
  return new PalisadeError({
    code: 'PALISADE-F002',
    where,
    problem,
    fix: 'give a table of numbers: one width, a point before decimals, nothing or NA where a value is missing',
  });
}
