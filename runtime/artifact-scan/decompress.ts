import { createGunzip, createInflate, createInflateRaw, type Gunzip, type Inflate, type InflateRaw } from 'node:zlib';
import type { ByteReader } from './byte-reader';
import type { ScanBudget } from './limits';
import { malformed } from './verdict';

/** Compressed streams that Node.js decompresses. */
export type Compression = 'gzip' | 'zlib' | 'deflate';

const DECODERS: Readonly<Record<Compression, () => Gunzip | Inflate | InflateRaw>> = {
  gzip: createGunzip,
  zlib: createInflate,
  deflate: createInflateRaw,
};

/** Compressed bytes that are handed over at a time: DEFLATE makes at most 1,032 of each. */
const PIECE = 16 * 1024;

/**
 * Decompresses what `reader` holds, within the budget, and leaves the reader behind the stream's last byte. Throws when
 * the stream is broken.
 */
export async function* decompress(
  format: Compression,
  reader: ByteReader,
  budget: ScanBudget,
): AsyncGenerator<Uint8Array> {
  const decoder = new Decoder(DECODERS[format]());
  let out = 0;
  try {
    while (!decoder.ended) {
      const piece = await reader.chunk(PIECE);
      await decoder.write(piece);
      for (const chunk of decoder.take()) {
        out += chunk.length;
        budget.decompressed(chunk.length, out, Math.max(1, decoder.consumed));
        yield chunk;
      }
      if (decoder.failed) {
        throw malformed(`broken ${format} stream`);
      }
      reader.unread(piece.subarray(piece.length - decoder.surplus));
    }
  } finally {
    decoder.close();
  }
}

/** Feeds a decoder of `node:zlib` piece by piece, which its stream interface alone does not allow. */
class Decoder {
  ended = false;
  failed = false;
  private fed = 0;
  private readonly chunks: Uint8Array[] = [];
  private readonly over: Promise<void>;

  constructor(private readonly stream: Gunzip | Inflate | InflateRaw) {
    stream.on('data', (chunk: Uint8Array) => this.chunks.push(chunk));
    this.over = new Promise((resolve) => {
      stream.once('end', () => {
        this.ended = true;
        resolve();
      });
      stream.once('error', () => {
        this.failed = true;
        resolve();
      });
    });
  }

  /** Compressed bytes that the decoder has used. */
  get consumed(): number {
    return this.stream.bytesWritten;
  }

  /** Bytes of the last piece that lie behind the end of the stream. */
  get surplus(): number {
    return this.ended ? this.fed - this.stream.bytesWritten : 0;
  }

  /** Hands a piece over and waits until it is used, or the stream is over; an empty one says that no more comes. */
  async write(piece: Uint8Array): Promise<void> {
    this.fed += piece.length;
    if (piece.length === 0) {
      this.stream.end();
      return this.over;
    }
    await Promise.race([new Promise((resolve) => this.stream.write(piece, resolve)), this.over]);
  }

  take(): Uint8Array[] {
    return this.chunks.splice(0);
  }

  close(): void {
    this.stream.destroy();
  }
}
