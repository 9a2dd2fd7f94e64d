import { concat, NOTHING } from './bytes';
import { fault } from './fault';

/** Where bytes come from: a stream, or all of them at once. */
export type ByteSource = AsyncIterable<Uint8Array> | Uint8Array;

/** A source as a stream of pieces. */
export async function* piecesOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  if (source instanceof Uint8Array) {
    yield source;
  } else {
    yield* source;
  }
}

/**
 * Takes from a stream as many bytes as are asked for, and holds no more than that and one piece. Never closes its source:
 * whoever reads a request still wants to answer on the same connection.
 */
export class ByteReader {
  private readonly pieces: AsyncIterator<Uint8Array>;
  private held: Uint8Array = NOTHING;

  constructor(
    source: ByteSource,
    private readonly where: string,
  ) {
    this.pieces = source instanceof Uint8Array ? piecesOf(source) : source[Symbol.asyncIterator]();
  }

  /** The next `length` bytes. Throws PALISADE-E207 where the stream ends before them. */
  async exactly(length: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let missing = length;
    while (missing > 0) {
      if (this.held.length === 0 && !(await this.more())) {
        throw fault('E207', this.where, 'it ends before its end');
      }
      const part = this.held.subarray(0, missing);
      this.held = this.held.subarray(part.length);
      parts.push(part);
      missing -= part.length;
    }
    return parts.length === 1 ? parts[0] : concat(...parts);
  }

  /** Waits for the end. Throws PALISADE-E208 where something else comes. */
  async end(): Promise<void> {
    if (this.held.length > 0 || (await this.more())) {
      throw fault('E208', this.where, 'it goes on after its end');
    }
  }

  /** Whether there is a further byte. */
  private async more(): Promise<boolean> {
    do {
      const { done, value } = await this.pieces.next();
      if (done) {
        return false;
      }
      this.held = value;
    } while (this.held.length === 0);
    return true;
  }
}
