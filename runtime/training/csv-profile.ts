import { createHash } from 'node:crypto';
import { PalisadeError } from '../errors';
import type { QualityReport } from './quality';

/** What to measure, and how much memory the measurement may take. */
export interface CsvProfileOptions {
  /** Column with the class of each record. @default - none */
  readonly labelColumn?: string;
  /** Name used in errors. */
  readonly where: string;
  /** Most records; each costs a digest of 22 characters. @default 1,000,000 */
  readonly maximumRows?: number;
  /** Longest record in characters. @default 1,000,000 */
  readonly maximumRecordLength?: number;
}

const MAXIMUM_CLASSES = 10_000;

/**
 * Measures comma-separated files (RFC 4180, UTF-8, one header each, the same columns) in one pass.
 *
 * A field is missing when it is empty. Throws PALISADE-T024 for what cannot be measured: a record whose number of
 * fields differs from the header's, an open quote at the end, text that is not UTF-8, another header, or more than
 * the bounds.
 */
export async function profileCsv(
  files: AsyncIterable<AsyncIterable<Uint8Array>> | Iterable<AsyncIterable<Uint8Array>>,
  options: CsvProfileOptions,
): Promise<QualityReport> {
  const profile = new Profile(options);
  for await (const file of files) {
    profile.startFile();
    for await (const record of records(file, options)) {
      profile.add(record);
    }
  }
  return profile.report();
}

class Profile {
  private columns?: string[];
  private expectHeader = true;
  private rows = 0;
  private duplicates = 0;
  private readonly missing: number[] = [];
  private readonly seen = new Set<string>();
  private readonly classes = new Map<string, number>();
  private label = -1;

  constructor(private readonly options: CsvProfileOptions) {}

  startFile(): void {
    this.expectHeader = true;
  }

  add(record: string[]): void {
    if (this.expectHeader) {
      this.expectHeader = false;
      this.header(record);
      return;
    }
    const columns = this.columns as string[];
    if (record.length !== columns.length) {
      throw unmeasurable(this.options, `record ${this.rows + 1} has ${record.length} fields, not ${columns.length}`);
    }
    this.rows += 1;
    if (this.rows > (this.options.maximumRows ?? 1_000_000)) {
      throw unmeasurable(this.options, `more than ${this.options.maximumRows ?? 1_000_000} records`);
    }
    record.forEach((field, column) => {
      if (field === '') {
        this.missing[column] += 1;
      }
    });
    this.countDuplicate(record);
    this.countClass(record);
  }

  report(): QualityReport {
    const named = (this.columns ?? []).map((column, index) => [column, this.missing[index]]);
    return {
      rows: this.rows,
      duplicates: this.duplicates,
      missing: Object.fromEntries(named),
      ...(this.label >= 0 ? { classes: Object.fromEntries([...this.classes].sort()) } : {}),
    };
  }

  private header(columns: string[]): void {
    if (!this.columns) {
      if (new Set(columns).size !== columns.length) {
        throw unmeasurable(this.options, 'two columns have the same name');
      }
      this.columns = columns;
      this.missing.push(...columns.map(() => 0));
      this.label = this.options.labelColumn === undefined ? -1 : columns.indexOf(this.options.labelColumn);
    } else if (columns.join('\n') !== this.columns.join('\n')) {
      throw unmeasurable(this.options, 'two files have different columns');
    }
  }

  private countDuplicate(record: string[]): void {
    const digest = createHash('sha256').update(JSON.stringify(record)).digest('base64').slice(0, 22);
    if (this.seen.has(digest)) {
      this.duplicates += 1;
    }
    this.seen.add(digest);
  }

  private countClass(record: string[]): void {
    if (this.label >= 0) {
      const name = record[this.label];
      this.classes.set(name, (this.classes.get(name) ?? 0) + 1);
      if (this.classes.size > MAXIMUM_CLASSES) {
        throw unmeasurable(this.options, `more than ${MAXIMUM_CLASSES} classes`);
      }
    }
  }
}

/** Splits one file into records; a quoted field may hold commas, line ends and doubled quotes. */
async function* records(file: AsyncIterable<Uint8Array>, options: CsvProfileOptions): AsyncGenerator<string[]> {
  const longest = options.maximumRecordLength ?? 1_000_000;
  let record: string[] = [];
  let field = '';
  let length = 0;
  let state: 'start' | 'plain' | 'quoted' | 'quote' | 'return' = 'start';
  for await (const text of decoded(file, options)) {
    for (const character of text) {
      length += 1;
      if (length > longest) {
        throw unmeasurable(options, `a record is longer than ${longest} characters`);
      }
      if (state === 'quoted') {
        if (character === '"') {
          state = 'quote';
        } else {
          field += character;
        }
        continue;
      }
      if (state === 'return') {
        if (character !== '\n') {
          throw unmeasurable(options, 'a carriage return without a line feed');
        }
        state = 'plain';
      }
      if (character === '"' && state === 'start') {
        state = 'quoted';
      } else if (character === '"' && state === 'quote') {
        field += '"';
        state = 'quoted';
      } else if (character === ',') {
        record.push(field);
        field = '';
        state = 'start';
      } else if (character === '\r') {
        state = 'return';
      } else if (character === '\n') {
        yield [...record, field];
        record = [];
        field = '';
        length = 0;
        state = 'start';
      } else if (state === 'quote' || character === '"') {
        throw unmeasurable(options, 'a quote inside a field');
      } else {
        field += character;
        state = 'plain';
      }
    }
  }
  if (state === 'quoted') {
    throw unmeasurable(options, 'the last quoted field does not end');
  }
  if (record.length > 0 || field !== '' || state === 'quote') {
    yield [...record, field];
  }
}

async function* decoded(file: AsyncIterable<Uint8Array>, options: CsvProfileOptions): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of file) {
      yield decoder.decode(chunk, { stream: true });
    }
    yield decoder.decode();
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      throw unmeasurable(options, 'not UTF-8');
    }
    throw error;
  }
}

function unmeasurable(options: CsvProfileOptions, problem: string): PalisadeError {
  return new PalisadeError({
    code: 'PALISADE-T024',
    where: options.where,
    problem: `cannot be measured: ${problem}`,
    fix: 'seal the dataset with a quality-report.json, or as UTF-8 CSV with one header per file',
  });
}
