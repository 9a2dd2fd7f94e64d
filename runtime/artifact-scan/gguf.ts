import { type ByteReader, Section } from './byte-reader';
import { MAXIMUM_TEMPLATE, requireHarmlessTemplate } from './jinja';
import { malformed, SCAN_CODES, ScanStop } from './verdict';

/** First bytes of a GGUF file. */
export const GGUF_MAGIC = [0x47, 0x47, 0x55, 0x46];

const VERSIONS = new Set([2, 3]);
const MAXIMUM_ENTRIES = 100_000;
const MAXIMUM_NAME = 65_535;
const MAXIMUM_DIMENSIONS = 4;
const MAXIMUM_DEPTH = 4;
const MAXIMUM_ALIGNMENT = 2 ** 20;
const DEFAULT_ALIGNMENT = 32;
/** Types of values (ggml, docs/gguf.md): bytes of those of fixed length, then text and arrays. */
const VALUE_BYTES = [1, 1, 2, 2, 4, 4, 4, 1, undefined, undefined, 8, 8, 8];
const TEXT = 8;
const ARRAY = 9;
const UINT32 = 4;

/** Elements and bytes of a block of each tensor type (ggml, ggml-common.h and gguf-py, GGML_QUANT_SIZES). */
const TENSOR_BLOCKS: Readonly<Record<number, readonly [elements: number, bytes: number]>> = {
  0: [1, 4],
  1: [1, 2],
  2: [32, 18],
  3: [32, 20],
  6: [32, 22],
  7: [32, 24],
  8: [32, 34],
  9: [32, 36],
  10: [256, 84],
  11: [256, 110],
  12: [256, 144],
  13: [256, 176],
  14: [256, 210],
  15: [256, 292],
  16: [256, 66],
  17: [256, 74],
  18: [256, 98],
  19: [256, 50],
  20: [32, 18],
  21: [256, 110],
  22: [256, 82],
  23: [256, 136],
  24: [1, 1],
  25: [1, 2],
  26: [1, 4],
  27: [1, 8],
  28: [1, 8],
  29: [256, 56],
  30: [1, 2],
  34: [256, 54],
  35: [256, 66],
  39: [32, 17],
};

/**
 * Checks a GGUF file of version 2 or 3: every count and length against its bound before anything is made for it, tensors
 * that follow each other as llama.cpp expects and end with the file, and chat templates that only lay out a conversation.
 */
export async function requireGguf(reader: ByteReader): Promise<void> {
  const header = Buffer.from(await reader.read(24));
  if (!VERSIONS.has(header.readUInt32LE(4))) {
    throw new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', 'a GGUF file of another version, or for big-endian machines');
  }
  const [tensors, entries] = [bounded(header.readBigUInt64LE(8)), bounded(header.readBigUInt64LE(16))];
  const alignment = await readMetadata(reader, entries);
  const bytes = await readTensors(reader, tensors, alignment);
  await reader.read(padding(reader.position, alignment, tensors === 0));
  await new Section(reader, bytes.unpadded).skip();
  const rest = await reader.peek(alignment);
  if (rest.length > bytes.padded - bytes.unpadded) {
    throw malformed('a GGUF file with more data than its tensors');
  }
  reader.take(rest.length);
}

function bounded(count: bigint): number {
  if (count > BigInt(MAXIMUM_ENTRIES)) {
    throw malformed('a GGUF file with an impossible count');
  }
  return Number(count);
}

/** Reads the entries, and gives the alignment. */
async function readMetadata(reader: ByteReader, entries: number): Promise<number> {
  const keys = new Set<string>();
  let alignment = DEFAULT_ALIGNMENT;
  for (let index = 0; index < entries; index += 1) {
    const key = await text(reader, MAXIMUM_NAME);
    requireNew(keys, key);
    const type = await uint32(reader);
    if (key === 'general.alignment') {
      alignment = type === UINT32 ? await uint32(reader) : 0;
      requireAlignment(alignment);
    } else if (type === TEXT && /chat_template/.test(key)) {
      requireHarmlessTemplate(await text(reader, MAXIMUM_TEMPLATE));
    } else {
      await skipValue(reader, type, 0);
    }
  }
  return alignment;
}

function requireAlignment(alignment: number): void {
  if (alignment === 0 || alignment > MAXIMUM_ALIGNMENT || (alignment & (alignment - 1)) !== 0) {
    throw malformed('a GGUF file whose alignment is no power of two');
  }
}

async function skipValue(reader: ByteReader, type: number, depth: number): Promise<void> {
  const bytes = VALUE_BYTES[type];
  if (bytes !== undefined) {
    await reader.read(bytes);
  } else if (type === TEXT) {
    await new Section(reader, await length(reader)).skip();
  } else if (type === ARRAY && depth < MAXIMUM_DEPTH) {
    const elementType = await uint32(reader);
    const count = await length(reader);
    const elementBytes = VALUE_BYTES[elementType];
    if (elementBytes !== undefined) {
      return new Section(reader, count * elementBytes).skip();
    }
    for (let index = 0; index < count; index += 1) {
      await skipValue(reader, elementType, depth + 1);
    }
  } else {
    throw malformed('a GGUF value of a type that does not exist');
  }
}

/** Reads the descriptions of the tensors, and gives the bytes of their data, without and with the last padding. */
async function readTensors(reader: ByteReader, tensors: number, alignment: number) {
  const names = new Set<string>();
  let [unpadded, padded] = [0, 0];
  for (let index = 0; index < tensors; index += 1) {
    requireNew(names, await text(reader, MAXIMUM_NAME));
    const size = tensorBytes(await dimensions(reader), await uint32(reader));
    if ((await length(reader)) !== padded) {
      throw malformed('GGUF tensors that leave a gap or overlap');
    }
    unpadded = padded + size;
    padded = Math.ceil(unpadded / alignment) * alignment;
    if (!Number.isSafeInteger(padded)) {
      throw malformed('a GGUF tensor of an impossible size');
    }
  }
  return { unpadded, padded };
}

async function dimensions(reader: ByteReader): Promise<number[]> {
  const count = await uint32(reader);
  if (count > MAXIMUM_DIMENSIONS) {
    throw malformed('a GGUF tensor with too many dimensions');
  }
  const sides: number[] = [];
  for (let index = 0; index < count; index += 1) {
    sides.push(await length(reader));
  }
  return sides;
}

function tensorBytes(sides: readonly number[], type: number): number {
  const block = TENSOR_BLOCKS[type];
  if (!block) {
    throw new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', 'a GGUF tensor of an unknown type');
  }
  const elements = sides.reduce((product, side) => product * side, 1);
  if (!Number.isSafeInteger(elements) || (sides[0] ?? 1) % block[0] !== 0) {
    throw malformed('a GGUF tensor of an impossible size');
  }
  return (elements / block[0]) * block[1];
}

function padding(position: number, alignment: number, none: boolean): number {
  return none ? 0 : (alignment - (position % alignment)) % alignment;
}

function requireNew(names: Set<string>, name: string): void {
  if (names.has(name)) {
    throw malformed('a GGUF file with two entries of one name');
  }
  names.add(name);
}

async function text(reader: ByteReader, most: number): Promise<string> {
  const bytes = await length(reader);
  if (bytes > most) {
    throw malformed('a GGUF file with a text that is too long');
  }
  return Buffer.from(await reader.read(bytes)).toString('utf8');
}

async function uint32(reader: ByteReader): Promise<number> {
  return Buffer.from(await reader.read(4)).readUInt32LE();
}

async function length(reader: ByteReader): Promise<number> {
  const value = Buffer.from(await reader.read(8)).readBigUInt64LE();
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw malformed('a GGUF file with an impossible length');
  }
  return Number(value);
}
