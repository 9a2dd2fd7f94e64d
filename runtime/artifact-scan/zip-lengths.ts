import { crc32 } from 'node:zlib';
import type { ByteReader } from './byte-reader';
import { malformed } from './verdict';

/** A 32-bit length that stands in the ZIP64 extra field instead. */
export const ZIP64_LENGTH = 0xffffffff;

const ZIP64_EXTRA = 1;
const SIGNATURE = Buffer.from('PK\x07\x08', 'latin1');
const WINDOW = 64 * 1024;
/** Signature, checksum, and two lengths of eight bytes. */
const LONGEST = 24;

/** Fills in, from the extra field, each length that did not fit in 32 bits, in the order in which they are given. */
export function zip64Fields<T extends Record<string, number>>(extra: Uint8Array, lengths: T): T {
  const field = extraField(extra, ZIP64_EXTRA);
  let at = 0;
  const wide = Object.entries(lengths).map(([name, value]) => {
    if (value !== ZIP64_LENGTH) {
      return [name, value];
    }
    if (!field || at + 8 > field.length) {
      throw malformed('a zip entry without a length');
    }
    at += 8;
    return [name, Number(field.readBigUInt64LE(at - 8))];
  });
  return Object.fromEntries(wide) as T;
}

function extraField(extra: Uint8Array, id: number): Buffer | undefined {
  const bytes = Buffer.from(extra);
  for (let at = 0; at + 4 <= bytes.length; at += 4 + bytes.readUInt16LE(at + 2)) {
    if (bytes.readUInt16LE(at) === id) {
      return bytes.subarray(at + 4, at + 4 + bytes.readUInt16LE(at + 2));
    }
  }
  return undefined;
}

/** What stands behind the content of an entry whose header did not yet know it. */
interface Lengths {
  readonly crc: number;
  readonly compressed: number;
  readonly size: number;
}

/** Reads the record behind an entry's content, which has to say what is `expected`. */
export async function readDescriptor(reader: ByteReader, expected: Lengths): Promise<void> {
  const length = matchedLength(await reader.peek(LONGEST), expected);
  if (length === undefined) {
    throw malformed('a zip entry whose length does not follow its content');
  }
  reader.take(length);
}

function matchedLength(bytes: Uint8Array, { crc, compressed, size }: Lengths): number | undefined {
  const record = Buffer.from(bytes);
  if (record.length < 16 || !record.subarray(0, 4).equals(SIGNATURE) || record.readUInt32LE(4) !== crc) {
    return undefined;
  }
  if (record.readUInt32LE(8) === compressed && record.readUInt32LE(12) === size) {
    return 16;
  }
  const wide =
    record.length >= LONGEST &&
    record.readBigUInt64LE(8) === BigInt(compressed) &&
    record.readBigUInt64LE(16) === BigInt(size);
  return wide ? LONGEST : undefined;
}

/**
 * Stored content up to the first record that states its length and checksum, which is left in the reader. PyTorch writes
 * such entries. Content that holds a record of itself is cut there, and then contradicts the central directory.
 */
export async function* storedUntilDescriptor(reader: ByteReader): AsyncGenerator<Uint8Array> {
  let size = 0;
  let crc = 0;
  for (;;) {
    const window = Buffer.from(await reader.peek(WINDOW));
    const found = window.indexOf(SIGNATURE);
    const plain = found >= 0 ? found : window.length - (window.length === WINDOW ? SIGNATURE.length - 1 : 0);
    if (plain > 0) {
      const bytes = window.subarray(0, plain);
      reader.take(plain);
      size += plain;
      crc = crc32(bytes, crc);
      yield bytes;
    } else if (window.length === 0) {
      throw malformed('a zip entry whose length does not follow its content');
    } else if (matchedLength(await reader.peek(LONGEST), { crc, compressed: size, size })) {
      return;
    } else {
      const first = window.subarray(0, 1);
      reader.take(1);
      size += 1;
      crc = crc32(first, crc);
      yield first;
    }
  }
}
