import { crc32 } from 'node:zlib';
import { type ByteReader, Section } from './byte-reader';
import { SCAN_CODES, ScanStop } from './verdict';

/** First bytes of a PNG image. */
export const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Checks a PNG image, which model cards carry: whole chunks with their checksums, and nothing else. */
export async function requirePng(reader: ByteReader): Promise<void> {
  await reader.read(PNG_SIGNATURE.length);
  while (!(await reader.ended())) {
    const length = Buffer.from(await reader.read(4)).readUInt32BE();
    let crc = 0;
    for await (const bytes of new Section(reader, 4 + length)) {
      crc = crc32(bytes, crc);
    }
    if (Buffer.from(await reader.read(4)).readUInt32BE() !== crc) {
      throw new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', 'begins as a PNG image but is not');
    }
  }
}
