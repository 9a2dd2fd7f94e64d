import { SCAN_CODES, ScanStop } from './verdict';

/** First bytes of an HDF5 file, which may also stand at 512 bytes, 1,024, 2,048 and so on. */
export const HDF5_SIGNATURE = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');
const FIRST_LATER_HDF5 = 512;

const ZIP_END = Buffer.from('PK\x05\x06', 'latin1');
const ZIP_DIRECTORY = Buffer.from('PK\x01\x02', 'latin1');
const ZIP_END_LENGTH = 22;
/** A zip archive is read from its end: the last record, then a comment of at most 65,535 bytes. */
const TAIL = ZIP_END_LENGTH + 0xffff;

/**
 * Looks at content as it is read for what would make it another format to readers that look elsewhere than at its first
 * bytes: a zip archive, which is found from the end, and HDF5, which is found at powers of two.
 */
export class PolyglotWatch {
  private position = 0;
  private nextHdf5 = FIRST_LATER_HDF5;
  private hdf5 = false;
  private tail: Uint8Array[] = [];
  private tailLength = 0;

  /** The same stream, looked at. */
  async *watch(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      this.see(chunk);
      yield chunk;
    }
  }

  /** Throws `ScanStop` when the content, read to its end, is something else as well. */
  requireNone(format: string): void {
    if (this.hdf5) {
      throw new ScanStop(SCAN_CODES.POLYGLOT, 'unsafe', `${format} content that is an HDF5 file as well`);
    }
    if (endsAsZip(Buffer.concat(this.tail), this.position)) {
      throw new ScanStop(SCAN_CODES.POLYGLOT, 'unsafe', `${format} content that is a zip archive as well`);
    }
  }

  private see(chunk: Uint8Array): void {
    this.tail.push(chunk);
    this.tailLength += chunk.length;
    this.position += chunk.length;
    while (this.position >= this.nextHdf5 + HDF5_SIGNATURE.length) {
      this.hdf5 ||= this.holds(HDF5_SIGNATURE, this.nextHdf5);
      this.nextHdf5 *= 2;
    }
    while (this.tail.length > 1 && this.tailLength - this.tail[0].length >= TAIL) {
      this.tailLength -= (this.tail.shift() as Uint8Array).length;
    }
  }

  /** Whether the bytes stand at that offset, of which the tail has not yet let go. */
  private holds(bytes: Buffer, offset: number): boolean {
    const start = this.position - this.tailLength;
    return Buffer.concat(this.tail)
      .subarray(offset - start)
      .subarray(0, bytes.length)
      .equals(bytes);
  }
}

/** Whether a reader that looks for the last record of a zip archive finds one, and its directory where it says. */
function endsAsZip(tail: Buffer, length: number): boolean {
  const start = length - tail.length;
  for (let at = tail.lastIndexOf(ZIP_END); at >= 0; at = at === 0 ? -1 : tail.lastIndexOf(ZIP_END, at - 1)) {
    if (at + ZIP_END_LENGTH <= tail.length) {
      const [entries, size] = [tail.readUInt16LE(at + 10), tail.readUInt32LE(at + 12)];
      const directory = at - size;
      const inTail = directory >= 0 && tail.subarray(directory, directory + 4).equals(ZIP_DIRECTORY);
      if (tail.readUInt16LE(at + 4) === 0 && entries > 0 && (inTail || (directory < 0 && size <= start + at))) {
        return true;
      }
    }
  }
  return false;
}
