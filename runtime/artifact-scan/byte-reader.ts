import { malformed } from './verdict';

const EMPTY = new Uint8Array(0);

/** Reads a stream of chunks by length. Holds one chunk plus what `peek` or `read` asked for. */
export class ByteReader {
  /** Bytes given out so far. */
  position = 0;
  private readonly chunks: AsyncIterator<Uint8Array>;
  private buffer: Uint8Array = EMPTY;
  private failure: unknown;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.chunks = source[Symbol.asyncIterator]();
  }

  /**
   * The next `length` bytes, or as many as there are, without taking them. What came before an error of the source is
   * given first, so that it can be judged.
   */
  async peek(length: number): Promise<Uint8Array> {
    const parts = [this.buffer];
    let held = this.buffer.length;
    while (held < length && this.failure === undefined) {
      const next = await this.next();
      if (next === undefined) {
        break;
      }
      parts.push(next);
      held += next.length;
    }
    this.buffer = parts.length === 1 ? this.buffer : Buffer.concat(parts);
    if (this.failure !== undefined && held === 0 && length > 0) {
      throw this.failure;
    }
    return this.buffer.subarray(0, length);
  }

  private async next(): Promise<Uint8Array | undefined> {
    try {
      const next = await this.chunks.next();
      return next.done ? undefined : next.value;
    } catch (error) {
      this.failure = error;
      return undefined;
    }
  }

  /** Exactly `length` bytes. Throws when the stream ends before. */
  async read(length: number): Promise<Uint8Array> {
    const bytes = await this.peek(length);
    if (bytes.length < length) {
      throw this.failure ?? malformed('ends too early');
    }
    this.take(length);
    return bytes;
  }

  /** The next chunk of at most `most` bytes, as it comes; empty at the end. */
  async chunk(most = Number.POSITIVE_INFINITY): Promise<Uint8Array> {
    const available = await this.peek(Math.min(1, most));
    if (available.length === 0) {
      return EMPTY;
    }
    const bytes = this.buffer.subarray(0, Math.min(most, this.buffer.length));
    this.take(bytes.length);
    return bytes;
  }

  /** Puts bytes back that were taken last. */
  unread(bytes: Uint8Array): void {
    if (bytes.length > 0) {
      this.buffer = this.buffer.length > 0 ? Buffer.concat([bytes, this.buffer]) : bytes;
      this.position -= bytes.length;
    }
  }

  /** Whether nothing is left. */
  async ended(): Promise<boolean> {
    return (await this.peek(1)).length === 0;
  }

  /** Everything that is left, chunk by chunk. */
  async *rest(): AsyncGenerator<Uint8Array> {
    for (let bytes = await this.chunk(); bytes.length > 0; bytes = await this.chunk()) {
      yield bytes;
    }
  }

  /** Takes what is left and drops it. */
  async drain(): Promise<void> {
    for await (const _ of this.rest()) {
      // Reading is the point.
    }
  }

  /** Takes bytes that `peek` has given. */
  take(length: number): void {
    this.buffer = this.buffer.subarray(length);
    this.position += length;
  }
}

/** The next `length` bytes of a reader, as a stream that knows how much of it is left. */
export class Section implements AsyncIterable<Uint8Array> {
  /** Bytes not yet taken. */
  remaining: number;

  constructor(
    private readonly reader: ByteReader,
    /** Bytes of the section. */
    readonly length: number,
  ) {
    this.remaining = length;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    while (this.remaining > 0) {
      const bytes = await this.reader.chunk(this.remaining);
      if (bytes.length === 0) {
        throw malformed('ends too early');
      }
      this.remaining -= bytes.length;
      yield bytes;
    }
  }

  /** Moves the reader to the section's end. */
  async skip(): Promise<void> {
    for await (const _ of this) {
      // Reading is the point.
    }
  }
}
