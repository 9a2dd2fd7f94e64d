import * as fs from 'node:fs';
import { crc32 } from 'node:zlib';

/** Where an EIF has its checksum: at the end of the header (aws-nitro-enclaves-image-format, EifHeader). */
const CHECKSUM = 544;

/** Copies an image with one byte of its application changed, and a checksum that fits: what an attacker on the host does. */
export function withOneByteChanged(eif: string, output: string, place: string): void {
  const bytes = fs.readFileSync(eif);
  const at = bytes.indexOf(place);
  if (at < 0 || bytes.indexOf(place, at + 1) >= 0) {
    throw new Error(`'${place}' does not stand once in ${eif}`);
  }
  bytes[at] ^= 0x20;
  bytes.writeUInt32BE(crc32(bytes.subarray(CHECKSUM + 4), crc32(bytes.subarray(0, CHECKSUM))), CHECKSUM);
  fs.writeFileSync(output, bytes);
}
