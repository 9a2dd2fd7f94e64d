import { type ByteReader, Section } from './byte-reader';
import { SCAN_CODES, ScanStop } from './verdict';

const MAXIMUM_DEPTH = 64;

/** Messages that lead to tensors, and the fields that lead on (onnx/onnx.proto3, IR version 13). */
const CHILDREN: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  Model: { 7: 'Graph', 20: 'Training', 25: 'Function' },
  Training: { 1: 'Graph', 2: 'Graph' },
  Function: { 7: 'Node', 11: 'Attribute' },
  Graph: { 1: 'Node', 5: 'Tensor', 15: 'SparseTensor' },
  Node: { 5: 'Attribute' },
  Attribute: { 5: 'Tensor', 6: 'Graph', 10: 'Tensor', 11: 'Graph', 22: 'SparseTensor', 23: 'SparseTensor' },
  SparseTensor: { 1: 'Tensor', 2: 'Tensor' },
  Tensor: {},
};
const MODEL_FIELDS = new Set([1, 2, 3, 4, 5, 6, 7, 8, 14, 20, 25, 26]);
const GRAPH = 7;
const EXTERNAL_DATA = 13;

/**
 * Checks the frame of an ONNX model: protobuf that ends where it says, known fields at the top, a graph, and no tensor
 * whose data lies in another file, since its path is the model's to choose.
 */
export async function requireOnnx(reader: ByteReader): Promise<void> {
  const fields = new Set<number>();
  while (!(await reader.ended())) {
    fields.add(await field(reader, 'Model', Number.POSITIVE_INFINITY, 0));
  }
  if (!fields.has(GRAPH) || [...fields].some((number) => !MODEL_FIELDS.has(number))) {
    throw notOnnx('begins as an ONNX model but is not');
  }
}

/** Reads one field of a message that ends at `end`, and gives its number. */
async function field(reader: ByteReader, message: string, end: number, depth: number): Promise<number> {
  const tag = await varint(reader);
  const number = Math.floor(tag / 8);
  if (message === 'Tensor' && number === EXTERNAL_DATA) {
    throw notOnnx('an ONNX model that reads another file');
  }
  switch (tag % 8) {
    case 0:
      await varint(reader);
      break;
    case 1:
      await reader.read(8);
      break;
    case 2:
      await nested(reader, CHILDREN[message][number], end, depth);
      break;
    case 5:
      await reader.read(4);
      break;
    default:
      throw notOnnx('begins as an ONNX model but is not');
  }
  if (number === 0 || reader.position > end) {
    throw notOnnx('begins as an ONNX model but is not');
  }
  return number;
}

async function nested(reader: ByteReader, message: string | undefined, end: number, depth: number): Promise<void> {
  const length = await varint(reader);
  const close = reader.position + length;
  if (close > end || depth > MAXIMUM_DEPTH) {
    throw notOnnx('begins as an ONNX model but is not');
  }
  if (!message) {
    return new Section(reader, length).skip();
  }
  while (reader.position < close) {
    await field(reader, message, close, depth + 1);
  }
}

/** A base-128 number. Exact up to 2^53, which lengths and tags need; larger values are only passed over. */
async function varint(reader: ByteReader): Promise<number> {
  let value = 0;
  for (let index = 0; index < 10; index += 1) {
    const [byte] = await reader.read(1);
    value += (byte % 128) * 2 ** (7 * index);
    if (byte < 128) {
      return value;
    }
  }
  throw notOnnx('begins as an ONNX model but is not');
}

function notOnnx(problem: string): ScanStop {
  return new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', problem);
}
