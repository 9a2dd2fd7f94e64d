import type { ByteReader } from '../byte-reader';
import { SCAN_CODES, ScanStop } from '../verdict';

/** Longest HDF5 file that is held in memory, which following its addresses takes. */
export const MAXIMUM_HDF5 = 256 * 2 ** 20;

/** How often an honest file makes a reader read its bytes, at most; one that points at itself is stopped by it. */
const REPEATED_READS = 4;
const FREE_READS = 2 ** 20;

/** The address that means none. */
const UNDEFINED = 0xffffffffffffffffn;

/** A whole file in memory, read by address. Reading outside of it throws. */
export class FileImage {
  private readonly pieces: Uint8Array[] = [];
  private readonly starts: number[] = [];
  private length = 0;
  private given = 0;

  /** Takes all that is left of the reader. */
  static async of(reader: ByteReader): Promise<FileImage> {
    const image = new FileImage();
    for await (const piece of reader.rest()) {
      image.starts.push(image.length);
      image.pieces.push(piece);
      image.length += piece.length;
      if (image.length > MAXIMUM_HDF5) {
        throw new ScanStop(SCAN_CODES.LIMIT, 'unknown', `an HDF5 file above ${MAXIMUM_HDF5} bytes`);
      }
    }
    return image;
  }

  /** The bytes from `address` on. */
  read(address: number, length: number): Buffer {
    if (address < 0 || length < 0 || address + length > this.length) {
      throw brokenHdf5();
    }
    this.given += length;
    if (this.given > REPEATED_READS * this.length + FREE_READS) {
      throw brokenHdf5();
    }
    const parts: Uint8Array[] = [];
    for (let index = this.pieceAt(address), at = address; at < address + length; index += 1) {
      const start = at - this.starts[index];
      const part = this.pieces[index].subarray(start, start + address + length - at);
      parts.push(part);
      at += part.length;
    }
    return Buffer.concat(parts);
  }

  private pieceAt(address: number): number {
    let [low, high] = [0, this.starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle] <= address) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}

/** An eight-byte address or length; undefined where it means none. */
export function address(bytes: Buffer, at: number): number | undefined {
  if (at + 8 > bytes.length) {
    throw brokenHdf5();
  }
  const value = bytes.readBigUInt64LE(at);
  if (value !== UNDEFINED && value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw brokenHdf5();
  }
  return value === UNDEFINED ? undefined : Number(value);
}

/** The file contradicts itself, or has a form that is not followed. */
export function brokenHdf5(): ScanStop {
  return new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', 'an HDF5 file that is broken, or of a form that is not followed');
}
