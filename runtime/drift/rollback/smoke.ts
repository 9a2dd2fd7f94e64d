import * as z from 'zod';
import { PalisadeError } from '../../errors';

/** Most records, because they are asked one after the other. */
const MOST_RECORDS = 50;

const RECORD = z
  .strictObject({
    /** What is asked, as `text/csv`. */
    input: z.string().min(1).max(65_536),
    /** What must be answered: numbers, in order. */
    expected: z.array(z.number()).min(1).max(1000),
    /** How far each may be off. */
    tolerance: z.number().min(0),
  })
  .readonly();

/** One question of a smoke set, and its answer. */
export type SmokeRecord = z.infer<typeof RECORD>;

/**
 * Reads a smoke set: one JSON object a line, at most 50. Throws PALISADE-F104 for anything else, with the line, and for a set of
 * nothing, which every model would pass.
 */
export function parseSmokeSet(text: string, where: string): SmokeRecord[] {
  const lines = text.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : [{ line, at: index + 1 }]));
  if (lines.length === 0 || lines.length > MOST_RECORDS) {
    throw refused(where, `${lines.length} records`);
  }
  return lines.map(({ line, at }) => {
    try {
      return RECORD.parse(JSON.parse(line));
    } catch (error) {
      throw refused(
        `${where}:${at}`,
        `not a record: ${error instanceof Error ? error.message.slice(0, 300) : 'unreadable'}`,
      );
    }
  });
}

/** Whether an answer, comma- or line-separated numbers, is what a record expects. Never throws. */
export function answersAsExpected({ expected, tolerance }: SmokeRecord, answer: string): boolean {
  const fields = answer.trim().split(/[\s,]+/, expected.length + 1);
  return (
    fields.length === expected.length &&
    // An empty field is no zero, and a NaN is near nothing.
    fields.every((field, index) => field !== '' && Math.abs(Number(field) - expected[index]) <= tolerance)
  );
}

function refused(where: string, problem: string): PalisadeError {
  return new PalisadeError({
    code: 'PALISADE-F104',
    where,
    problem,
    fix: `give 1 to ${MOST_RECORDS} lines {"input": "text/csv", "expected": [numbers], "tolerance": number}`,
  });
}
