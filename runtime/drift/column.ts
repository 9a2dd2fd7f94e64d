import * as z from 'zod';
import { decileEdges, FEWEST, histogramOf, meanOf } from './histogram';
import { numberOf } from './number';

const count = z.int().min(0);

/** What is told of a column: counts, and of at least ten numbers their distribution. */
export const COLUMN_PROFILE = z
  .strictObject({
    /** Fields, there or missing. */
    rows: count,
    /** Fields without a value. */
    missing: count,
    /** Fields with something else than a number. */
    text: count,
    mean: z.number().optional(),
    deviation: z.number().min(0).optional(),
    histogram: z.strictObject({ edges: z.array(z.number()).max(100), counts: z.array(count) }).optional(),
  })
  .refine(({ rows, missing, text }) => missing + text <= rows, 'more fields are missing or text than there are rows')
  .refine(({ histogram }) => !histogram || ascending(histogram.edges), 'the edges do not ascend')
  .refine(
    ({ histogram }) => !histogram || histogram.counts.length === histogram.edges.length + 1,
    'a histogram has one count more than edges',
  )
  .refine(
    ({ histogram, rows, missing, text }) => !histogram || sum(histogram.counts) === rows - missing - text,
    'the counts do not add up to the numbers',
  );

/** What is told of a column. */
export type ColumnProfile = z.infer<typeof COLUMN_PROFILE>;

/** Fields of one column, or the answers. */
export class Column {
  /** Those that are numbers. */
  readonly numbers: number[] = [];
  /** Fields with something else. */
  text = 0;

  add(field: string): void {
    const number = numberOf(field);
    if (number === undefined) {
      this.text += 1;
    } else if (!Number.isNaN(number)) {
      this.numbers.push(number);
    }
  }

  /** What is told of it. A row that is too short for it lacks it. */
  profile(rows: number): ColumnProfile {
    const { numbers, text } = this;
    const counts = { rows, missing: rows - numbers.length - text, text };
    return numbers.length < FEWEST ? counts : { ...counts, ...distribution(numbers) };
  }
}

function distribution(numbers: readonly number[]): Pick<ColumnProfile, 'mean' | 'deviation' | 'histogram'> {
  const mean = meanOf(numbers);
  const deviation = Math.sqrt(numbers.reduce((total, number) => total + (number - mean) ** 2, 0) / numbers.length);
  const { edges, counts } = histogramOf(numbers, decileEdges(numbers));
  return { mean, deviation, histogram: { edges: [...edges], counts: [...counts] } };
}

function ascending(edges: readonly number[]): boolean {
  return edges.every((edge, index) => index === 0 || edge >= edges[index - 1]);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, part) => total + part, 0);
}
