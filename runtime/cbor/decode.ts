import { PalisadeError } from '../errors';

/** What CBOR can hold here: no floating point, no undefined, no integers beyond 2^53. */
export type CborValue = number | string | boolean | null | Uint8Array | readonly CborValue[] | CborMap | CborTag;

/** A map of CBOR: keys are integers or texts, each once. */
export type CborMap = ReadonlyMap<number | string, CborValue>;

/** A tagged item (RFC 8949, section 3.4). */
export class CborTag {
  constructor(
    readonly tag: number,
    readonly value: CborValue,
  ) {}
}

/** What a decoder lets through. */
export interface CborOptions {
  /** Items within items. @default 4 - attestation documents and the NSM's answers need three */
  readonly maximumDepth?: number;
  /** The outermost item may be a map of indefinite length. No other item may. @default false */
  readonly indefiniteOutermostMap?: boolean;
}

/**
 * Decodes one item that fills `bytes`, by the rules of deterministic encoding (RFC 8949, section 4.2) but for the order
 * of keys: shortest heads, no indefinite lengths, each key once, valid UTF-8, nothing behind the item. Lengths are held
 * against what is left of the input before anything is allocated, and byte strings are views on it.
 *
 * Own code, because no library on npm is this strict and can be loaded by CommonJS.
 *
 * Throws PALISADE-E001.
 */
export function decodeCbor(bytes: Uint8Array, options: CborOptions = {}): CborValue {
  const reader = new Reader(bytes, options.maximumDepth ?? 4);
  const value = options.indefiniteOutermostMap && bytes[0] === INDEFINITE_MAP ? reader.openMap() : reader.item(0);
  reader.end();
  return value;
}

const INDEFINITE_MAP = 0xbf;
const BREAK = 0xff;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Arguments of 24 to 27 say in how many bytes the argument follows; the least value that needs so many. */
const ARGUMENT_BYTES = [1, 2, 4, 8];
const LEAST_ARGUMENT = [24, 0x100, 0x10000, 0x100000000];

class Reader {
  private at = 0;
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly maximumDepth: number,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  item(depth: number): CborValue {
    if (depth > this.maximumDepth) {
      throw this.fault(`more than ${this.maximumDepth} items within each other`);
    }
    const head = this.byte();
    const major = head >> 5;
    if (major === 7) {
      return this.simple(head);
    }
    const argument = this.argument(head & 31);
    switch (major) {
      case 0:
        return argument;
      case 1:
        return -1 - argument;
      case 2:
        return this.take(argument);
      case 3:
        return this.text(argument);
      case 4:
        return this.array(argument, depth);
      case 5:
        return this.map(argument, depth);
      default:
        return new CborTag(argument, this.item(depth + 1));
    }
  }

  /** The outermost map, ended by a break instead of counted. */
  openMap(): CborMap {
    this.at += 1;
    const map = new Map<number | string, CborValue>();
    while (this.bytes[this.at] !== BREAK) {
      this.entry(map, 0);
    }
    this.at += 1;
    return map;
  }

  end(): void {
    if (this.at !== this.bytes.length) {
      throw this.fault(`${this.bytes.length - this.at} bytes behind the end`);
    }
  }

  private array(length: number, depth: number): CborValue[] {
    this.requireLeft(length);
    return Array.from({ length }, () => this.item(depth + 1));
  }

  private map(length: number, depth: number): CborMap {
    this.requireLeft(2 * length);
    const map = new Map<number | string, CborValue>();
    for (let index = 0; index < length; index += 1) {
      this.entry(map, depth);
    }
    return map;
  }

  private entry(map: Map<number | string, CborValue>, depth: number): void {
    const key = this.item(depth + 1);
    if (typeof key !== 'number' && typeof key !== 'string') {
      throw this.fault('a key that is neither integer nor text');
    }
    if (map.has(key)) {
      throw this.fault(`the key ${JSON.stringify(key).slice(0, 40)} twice`);
    }
    map.set(key, this.item(depth + 1));
  }

  private text(length: number): string {
    try {
      return UTF8.decode(this.take(length));
    } catch (error) {
      throw error instanceof PalisadeError ? error : this.fault('a text that is not UTF-8');
    }
  }

  private simple(head: number): boolean | null {
    if (head === 0xf6) {
      return null;
    }
    if (head === 0xf4 || head === 0xf5) {
      return head === 0xf5;
    }
    throw this.fault(`the item 0x${head.toString(16)}, which is neither true, false nor null`);
  }

  private argument(short: number): number {
    if (short < 24) {
      return short;
    }
    const size = ARGUMENT_BYTES[short - 24];
    if (size === undefined) {
      throw this.fault(short === 31 ? 'an indefinite length' : 'a reserved head');
    }
    this.requireLeft(size);
    const value = this.unsigned(size);
    this.at += size;
    if (value < LEAST_ARGUMENT[short - 24]) {
      throw this.fault(`${value} in more bytes than it needs`);
    }
    return value;
  }

  private unsigned(size: number): number {
    if (size < 8) {
      return size === 1
        ? this.view.getUint8(this.at)
        : size === 2
          ? this.view.getUint16(this.at)
          : this.view.getUint32(this.at);
    }
    const value = this.view.getBigUint64(this.at);
    if (value >= BigInt(Number.MAX_SAFE_INTEGER)) {
      throw this.fault('a number beyond 2^53');
    }
    return Number(value);
  }

  private byte(): number {
    this.requireLeft(1);
    return this.bytes[this.at++];
  }

  private take(length: number): Uint8Array {
    this.requireLeft(length);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  private requireLeft(length: number): void {
    if (length > this.bytes.length - this.at) {
      throw this.fault(`the end of the input where ${length} more bytes are announced`);
    }
  }

  private fault(found: string): PalisadeError {
    return new PalisadeError({
      code: 'PALISADE-E001',
      where: `byte ${this.at}`,
      problem: `found ${found}`,
      fix: 'hand over the bytes as they were issued: strict CBOR, complete, with nothing behind',
    });
  }
}
