import * as z from 'zod';
import { rowsOf } from './csv';

/** What a model was asked, and what it answered. */
export interface Capture {
  /** Fields of each row of the request. */
  readonly inputs: readonly (readonly string[])[];
  /** One answer for each row, as far as there are. */
  readonly answers: readonly string[];
}

/** More fields in a row are no table. */
const MAXIMUM_COLUMNS = 1000;

const SIDE = z.object({ observedContentType: z.string().optional(), encoding: z.string(), data: z.string() });

/** The fields of SageMaker's data capture that are read (SageMaker Developer Guide, "View captured data"). */
const LINE = z.object({ captureData: z.object({ endpointInput: SIDE, endpointOutput: SIDE }) });

/** Reads one line of a capture file; undefined for one that is no pair of tables. Never throws. */
export function parseCapture(line: string): Capture | undefined {
  const { data } = LINE.safeParse(jsonOf(line));
  const inputs = data && tableOf(data.captureData.endpointInput);
  const outputs = data && tableOf(data.captureData.endpointOutput);
  return inputs && outputs && { inputs, answers: answersOf(outputs, inputs.length) };
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function tableOf(side: z.infer<typeof SIDE>): string[][] | undefined {
  const text = textOf(side);
  const rows = text === undefined ? [] : rowsOf(text);
  return rows.length > 0 && rows.every(({ length }) => length <= MAXIMUM_COLUMNS) ? rows : undefined;
}

/** A content type that the endpoint was not told of, such as one with a charset, is captured as BASE64. */
function textOf({ observedContentType = 'text/csv', encoding, data }: z.infer<typeof SIDE>): string | undefined {
  if (!/^text\//i.test(observedContentType)) {
    return undefined;
  }
  if (encoding === 'CSV') {
    return data;
  }
  return encoding === 'BASE64' ? decoded(data) : undefined;
}

function decoded(data: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(data, 'base64'));
  } catch {
    return undefined;
  }
}

/** The first field of each row; of a model that writes the answers to several rows into one, each field. */
function answersOf(outputs: string[][], asked: number): string[] {
  const [first] = outputs;
  return outputs.length === 1 && asked > 1 && first.length === asked ? first : outputs.map(([answer]) => answer);
}
