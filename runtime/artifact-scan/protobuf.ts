import { type ByteReader, Section } from './byte-reader';

/** Messages within messages. */
const MAXIMUM_DEPTH = 64;
/** Longest text that is read into memory: a configuration of a large model. */
const MAXIMUM_TEXT = 4 * 2 ** 20;

/** What a message holds: the message, or `text`, that each field of interest leads to, by its number. */
export type Schema = Readonly<Record<string, Readonly<Record<number, string>>>>;

/** Told of the fields of a message as they are read. */
export interface MessageListener {
  /** Any field, before its content. `length`: of what has one. */
  field?(message: string, field: number): void;
  /** A field of text, up to 4 MiB; longer text is undefined. */
  text?(message: string, field: number, text: string | undefined): void;
  /** A field of variable length integer. */
  integer?(message: string, field: number, value: number): void;
  /** A message has been read to its end. */
  end?(message: string): void;
}

/**
 * Reads a protobuf message to the end of its reader, strictly: wire types that exist, lengths that fit into what is around
 * them, and no groups. Content that the schema does not name is passed over. `fault` makes the error of a broken message.
 */
export class MessageReader {
  constructor(
    private readonly reader: ByteReader,
    private readonly schema: Schema,
    private readonly listener: MessageListener,
    private readonly fault: () => Error,
  ) {}

  async read(message: string): Promise<void> {
    while (!(await this.reader.ended())) {
      await this.field(message, Number.POSITIVE_INFINITY, 0);
    }
    this.listener.end?.(message);
  }

  private async field(message: string, end: number, depth: number): Promise<void> {
    const tag = await this.varint();
    const number = Math.floor(tag / 8);
    if (number === 0) {
      throw this.fault();
    }
    this.listener.field?.(message, number);
    switch (tag % 8) {
      case 0: {
        const value = await this.varint();
        this.listener.integer?.(message, number, value);
        break;
      }
      case 1:
        await this.reader.read(8);
        break;
      case 2:
        await this.content(message, number, end, depth);
        break;
      case 5:
        await this.reader.read(4);
        break;
      default:
        throw this.fault();
    }
    if (this.reader.position > end) {
      throw this.fault();
    }
  }

  private async content(message: string, number: number, end: number, depth: number): Promise<void> {
    const length = await this.varint();
    const close = this.reader.position + length;
    if (close > end || depth > MAXIMUM_DEPTH) {
      throw this.fault();
    }
    const kind = this.schema[message]?.[number];
    if (kind === 'text') {
      await this.text(message, number, length);
    } else if (kind === undefined) {
      await new Section(this.reader, length).skip();
    } else {
      while (this.reader.position < close) {
        await this.field(kind, close, depth + 1);
      }
      this.listener.end?.(kind);
    }
  }

  private async text(message: string, number: number, length: number): Promise<void> {
    if (length > MAXIMUM_TEXT) {
      await new Section(this.reader, length).skip();
    }
    const text = length > MAXIMUM_TEXT ? undefined : Buffer.from(await this.reader.read(length)).toString('utf8');
    this.listener.text?.(message, number, text);
  }

  /** A base-128 number. Exact up to 2^53, which lengths and tags need; larger values are only passed over. */
  private async varint(): Promise<number> {
    const bytes = await this.reader.peek(10);
    let value = 0;
    for (let index = 0; index < bytes.length; index += 1) {
      value += (bytes[index] % 128) * 2 ** (7 * index);
      if (bytes[index] < 128) {
        this.reader.take(index + 1);
        return value;
      }
    }
    throw this.fault();
  }
}
