import { z } from 'zod';
import type { ByteReader } from './byte-reader';
import { type JsonListener, requireJsonText } from './json';
import { malformed, SCAN_CODES, ScanStop } from './verdict';

/** Longest header that the format allows (safetensors, `MAX_HEADER_SIZE`). */
const MAXIMUM_HEADER = 100_000_000;
/** Longest header that is judged: one of this size names 100,000 tensors. */
const JUDGED_HEADER = 16 * 2 ** 20;

/** Bytes per element (safetensors README, "Format", and the Dtype enumeration of its reference implementation). */
const DTYPE_BYTES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    BOOL: 1,
    U8: 1,
    I8: 1,
    F8_E4M3: 1,
    F8_E5M2: 1,
    F8_E8M0: 1,
    I16: 2,
    U16: 2,
    F16: 2,
    BF16: 2,
    I32: 4,
    U32: 4,
    F32: 4,
    I64: 8,
    U64: 8,
    F64: 8,
    C64: 8,
  }),
);

const size = z.int().min(0);
const TENSOR = z.strictObject({
  dtype: z.string(),
  shape: z.array(size).max(64),
  data_offsets: z.tuple([size, size]),
});
const METADATA = z.record(z.string(), z.string());

/** Checks a safetensors file: header bounds, types, and tensors that cover the data exactly, without gap or overlap. */
export async function requireSafetensors(reader: ByteReader): Promise<void> {
  const tensors = parseHeader(await reader.read(await headerLength(reader)));
  let end = 0;
  for (const { dtype, shape, data_offsets } of tensors) {
    const elementBytes = DTYPE_BYTES.get(dtype);
    if (elementBytes === undefined) {
      throw new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', 'a safetensors file with an unknown element type');
    }
    const length = shape.reduce((product, side) => product * side, elementBytes);
    if (!Number.isSafeInteger(length)) {
      throw malformed('a safetensors tensor of an impossible size');
    }
    if (data_offsets[0] !== end || data_offsets[1] !== end + length) {
      throw malformed('safetensors offsets that leave a gap or overlap');
    }
    end = data_offsets[1];
  }
  const start = reader.position;
  await reader.drain();
  if (reader.position - start !== end) {
    throw malformed('a safetensors file with more or less data than its header states');
  }
}

async function headerLength(reader: ByteReader): Promise<number> {
  const field = await reader.read(8);
  const length = Buffer.from(field).readBigUInt64LE();
  if (length > MAXIMUM_HEADER) {
    throw malformed('a safetensors header that is longer than the format allows');
  }
  if (length > JUDGED_HEADER) {
    throw new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', `a safetensors header above ${JUDGED_HEADER} bytes`);
  }
  return Number(length);
}

function parseHeader(bytes: Uint8Array): z.infer<typeof TENSOR>[] {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    requireJsonText(text, new UniqueKeys());
    const { __metadata__: metadata = {}, ...tensors } = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
    METADATA.parse(metadata);
    return Object.values(tensors)
      .map((tensor) => TENSOR.parse(tensor))
      .sort((a, b) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1]);
  } catch {
    throw malformed('a safetensors header that is not one');
  }
}

/** Of two equal keys some readers take the first and some the last. */
class UniqueKeys implements JsonListener {
  private readonly frames: Set<string | undefined>[] = [];

  begin(): void {
    this.frames.push(new Set());
  }

  end(): void {
    this.frames.pop();
  }

  key(text: string | undefined): void {
    const keys = this.frames.at(-1);
    if (keys?.has(text)) {
      throw new TypeError('a key stands twice');
    }
    keys?.add(text);
  }

  text(): void {
    // Values are judged once they are parsed.
  }
}
