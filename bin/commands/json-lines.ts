import { once } from 'node:events';
import * as fs from 'node:fs';
import * as z from 'zod';
import { PalisadeError } from '../../runtime/errors';
import { Progress } from './progress';

/** Longest line, in bytes: one document of a batch, and no way to fill memory. */
const MAXIMUM_LINE = 16 * 1024 * 1024;
const NEW_LINE = 0x0a;
/** What some editors put in front of a text. */
const BYTE_ORDER_MARK = /^\ufeff/;

/** Name of a document in a batch: given back as it came, so a number is one that reading does not change. */
export const idSchema = z.union([z.string(), z.number().min(Number.MIN_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER)], {
  error: 'expected a string, or a number no further than 2^53 from 0',
});

/**
 * Answers each JSON line of a file, or of standard input, with a JSON line on standard output, in order.
 *
 * Rejects with PALISADE-W151 when the file cannot be read, and with PALISADE-W150 at a line that is too long, no JSON, or not what `schema` says; lines before it have been answered.
 */
export async function answerLines<T>(
  file: string | undefined,
  schema: z.ZodType<T>,
  answer: (item: T) => object | Promise<object>,
): Promise<void> {
  const name = file ?? 'standard input';
  const { source, size } = file === undefined || file === '-' ? { source: process.stdin, size: undefined } : open(file);
  const progress = new Progress(size);
  let number = 0;
  for await (const line of linesOf(source, name, progress)) {
    number += 1;
    const json = number === 1 ? line.replace(BYTE_ORDER_MARK, '') : line;
    if (json.trim() !== '') {
      await print(`${lineOf(await answer(read(json, schema, `${name}:${number}`)))}\n`);
    }
  }
  progress.end();
}

/** What some readers, Python's `splitlines` among them, take for the end of a line, though JSON does not. */
const LINE_ENDS = /[\u0085\u2028\u2029]/g;

function lineOf(value: object): string {
  return JSON.stringify(value).replace(LINE_ENDS, (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function open(file: string): { source: AsyncIterable<Buffer>; size: number } {
  try {
    const handle = fs.openSync(file, 'r');
    const stat = fs.fstatSync(handle);
    if (stat.isDirectory()) {
      throw new Error('is a directory');
    }
    return { source: fs.createReadStream(file, { fd: handle }), size: stat.size };
  } catch (error) {
    throw new PalisadeError({
      code: 'PALISADE-W151',
      where: file,
      problem: `cannot be read: ${error instanceof Error ? error.message : error}`,
      fix: 'name a file of JSON lines, or give them on standard input',
    });
  }
}

async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) {
    await once(process.stdout, 'drain');
  }
}

function read<T>(line: string, schema: z.ZodType<T>, where: string): T {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw fault(where, 'is no JSON');
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    throw fault(where, `${path.join('.') || 'the line'}: ${message}`);
  }
  return parsed.data;
}

async function* linesOf(source: AsyncIterable<Buffer>, name: string, progress: Progress): AsyncGenerator<string> {
  let pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of source) {
    progress.advance(piece.length);
    let start = 0;
    for (let end = piece.indexOf(NEW_LINE); end >= 0; end = piece.indexOf(NEW_LINE, start)) {
      yield Buffer.concat([...pieces, piece.subarray(start, end)]).toString();
      pieces = [];
      length = 0;
      start = end + 1;
    }
    pieces.push(piece.subarray(start));
    length += piece.length - start;
    if (length > MAXIMUM_LINE) {
      throw fault(name, `a line has more than ${MAXIMUM_LINE} bytes`);
    }
  }
  if (length > 0) {
    yield Buffer.concat(pieces).toString();
  }
}

function fault(where: string, problem: string): PalisadeError {
  return new PalisadeError({
    code: 'PALISADE-W150',
    where,
    problem,
    fix: 'give one JSON object a line, with the fields that --help names',
  });
}
