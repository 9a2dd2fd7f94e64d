import * as z from 'zod';
import { parseCapture } from './capture';
import { COLUMN_PROFILE, Column } from './column';

/** What a day's captures tell together: no value of a single request. */
export const CAPTURE_PROFILE = z.strictObject({
  /** Captured requests, readable or not. */
  requests: z.int().min(0),
  /** Those whose request or answer is no table. */
  unreadable: z.int().min(0),
  /** Of the rows in the requests, by position. */
  columns: z.array(COLUMN_PROFILE),
  /** Of the first field of each answer. */
  answer: COLUMN_PROFILE,
});

/** What a day's captures tell together. */
export type CaptureProfile = z.infer<typeof CAPTURE_PROFILE>;

/** Gathers captured requests. */
export class Captures {
  requests = 0;
  unreadable = 0;
  /** Rows in the requests. */
  rows = 0;
  /** Answers. */
  answers = 0;
  readonly columns: Column[] = [];
  readonly answer = new Column();

  /** Adds one line of a capture file. Never throws. */
  add(line: string): void {
    const capture = parseCapture(line);
    this.requests += 1;
    if (!capture) {
      this.unreadable += 1;
      return;
    }
    for (const row of capture.inputs) {
      this.rows += 1;
      row.forEach((field, index) => {
        this.column(index).add(field);
      });
    }
    for (const answer of capture.answers) {
      this.answers += 1;
      this.answer.add(answer);
    }
  }

  profile(): CaptureProfile {
    const { requests, unreadable, rows, answers } = this;
    const columns = this.columns.map((column) => column.profile(rows));
    return { requests, unreadable, columns, answer: this.answer.profile(answers) };
  }

  private column(index: number): Column {
    this.columns[index] ??= new Column();
    return this.columns[index];
  }
}
