import { crc32 } from 'node:zlib';
import { type ArchiveEntry, requirePlainPath } from './archive-entry';
import { ByteReader, Section } from './byte-reader';
import { decompress } from './decompress';
import type { ScanBudget } from './limits';
import { malformed, SCAN_CODES, ScanStop } from './verdict';
import { readDescriptor, storedUntilDescriptor, ZIP64_LENGTH, zip64Fields } from './zip-lengths';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const LENGTH_FOLLOWS = 8;
/** Flags under which content is not what it seems: encrypted, patched, strongly encrypted, masked headers. */
const OBSCURED = 0x0001 | 0x0020 | 0x0040 | 0x2000;
const STORED = 0;
const DEFLATED = 8;
const UNIX = 3;
/** A count that stands in the `ZIP64` record instead. */
const COUNT_ELSEWHERE = 0xffff;
/** Unix file types in the upper half of the external attributes. */
const TYPE_MASK = 0o170000;
const REGULAR_OR_NONE = new Set([0, 0o100000, 0o040000]);

/** Whether the bytes begin as a zip archive does. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && (view(bytes).getUint32(0, true) === LOCAL || view(bytes).getUint32(0, true) === END);
}

/**
 * The files of a zip archive in the order of their local headers, checked afterwards against the central directory.
 *
 * Every local header is followed, whatever its name, flags or checksum say. Readers disagree on archives whose two lists
 * differ, which have gaps, or which start or end with something else; all of that throws. What is encrypted, or packed by
 * a method other than stored and deflated, throws as `unknown`.
 */
export async function* zipEntries(reader: ByteReader, budget: ScanBudget): AsyncGenerator<ArchiveEntry> {
  const start = reader.position;
  const locals: Local[] = [];
  const names = new Set<string>();
  while ((await reader.peek(4)).length === 4 && (await signature(reader)) === LOCAL) {
    budget.entry();
    const header = await readLocal(reader, reader.position - start);
    requirePlainPath(header.name);
    if (names.has(header.name.toLowerCase())) {
      throw malformed('two zip entries have the same name');
    }
    names.add(header.name.toLowerCase());
    const content = new EntryContent(reader, header, budget);
    yield { name: header.name, content, size: header.size };
    // Whatever the caller left is read, so that length and checksum are judged.
    locals.push(await content.finish());
  }
  await requireDirectory(reader, start, locals);
}

/** What the local header of an entry says; lengths and checksum are undefined where they follow the content. */
interface Header {
  readonly name: string;
  readonly offset: number;
  readonly flags: number;
  readonly method: number;
  readonly crc?: number;
  readonly compressed?: number;
  readonly size?: number;
}

type Local = Required<Header>;

async function readLocal(reader: ByteReader, offset: number): Promise<Header> {
  const header = view(await reader.read(30));
  const name = decodeName(await reader.read(header.getUint16(26, true)));
  const extra = await reader.read(header.getUint16(28, true));
  const flags = header.getUint16(6, true);
  const common = { name, offset, flags, method: header.getUint16(8, true) };
  const lengths = zip64Fields(extra, { size: header.getUint32(22, true), compressed: header.getUint32(18, true) });
  if (flags & LENGTH_FOLLOWS && lengths.compressed === 0) {
    return common;
  }
  if (common.method === STORED && lengths.compressed !== lengths.size) {
    throw malformed('a stored zip entry with two lengths');
  }
  return { ...common, crc: header.getUint32(14, true), ...lengths };
}

/** The unpacked content of an entry, with its length and checksum checked at the end. */
class EntryContent implements AsyncIterable<Uint8Array> {
  private readonly iterator: AsyncGenerator<Uint8Array>;
  private readonly section?: Section;
  private size = 0;
  private crc = 0;
  private local?: Local;

  constructor(
    private readonly reader: ByteReader,
    private readonly header: Header,
    private readonly budget: ScanBudget,
  ) {
    this.section = header.compressed === undefined ? undefined : new Section(reader, header.compressed);
    this.iterator = this.checked();
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    // No `return`: the caller may stop early, and the rest is still read by `finish`.
    return { next: () => this.iterator.next() };
  }

  /**
   * Reads what is left and gives the entry with all its fields. An entry that could not be read, which the caller has
   * been told, is passed over by its stated length.
   */
  async finish(): Promise<Local> {
    try {
      for await (const _ of this) {
        // Reading is the point.
      }
    } catch (error) {
      if (!(error instanceof ScanStop) || error.verdict !== 'unknown') {
        throw error;
      }
    }
    if (!this.local && !this.section) {
      throw malformed('a zip entry whose length is not known');
    }
    await this.section?.skip();
    return this.local ?? (this.header as Local);
  }

  private async *checked(): AsyncGenerator<Uint8Array> {
    const { method, flags } = this.header;
    const start = this.reader.position;
    const packed = this.section ? new ByteReader(this.section) : this.reader;
    const known = method === STORED || method === DEFLATED;
    if (!known && !this.section) {
      throw new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', `zip compression method ${method}`);
    }
    try {
      yield* this.measured(this.unpacked(packed));
      if (this.section && !(await packed.ended())) {
        throw malformed('data after the deflate stream of a zip entry');
      }
      this.local = await this.completed(this.reader.position - start, known);
    } catch (error) {
      // Under such flags a broken stream is one that cannot be read, and a readable one has just been judged.
      const obscured = flags & OBSCURED && error instanceof ScanStop && error.code === SCAN_CODES.MALFORMED;
      throw obscured ? new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', 'an encrypted zip entry') : error;
    }
    if (flags & OBSCURED) {
      throw new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', 'a zip entry that says it is encrypted');
    }
    if (!known) {
      throw new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', `zip compression method ${method}`);
    }
  }

  private unpacked(packed: ByteReader): AsyncIterable<Uint8Array> {
    if (this.header.method === DEFLATED) {
      return decompress('deflate', packed, this.budget);
    }
    return this.section ? packed.rest() : storedUntilDescriptor(packed);
  }

  private async *measured(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of content) {
      this.size += chunk.length;
      this.crc = crc32(chunk, this.crc);
      yield chunk;
    }
  }

  private async completed(compressed: number, known: boolean): Promise<Local> {
    const { header, size, crc } = this;
    if (header.flags & LENGTH_FOLLOWS) {
      await readDescriptor(this.reader, { crc, compressed, size });
    }
    if (!this.section) {
      return { ...header, crc, compressed, size };
    }
    if (known && (header.size !== size || header.crc !== crc)) {
      throw malformed('a zip entry does not have its stated length and checksum');
    }
    return header as Local;
  }
}

async function requireDirectory(reader: ByteReader, start: number, locals: readonly Local[]): Promise<void> {
  const offset = reader.position - start;
  for (const local of locals) {
    requireSame(local, await readCentral(reader));
  }
  const size = reader.position - start - offset;
  const counts = { entries: locals.length, size, offset };
  if ((await reader.peek(4)).length === 4 && (await signature(reader)) === END64) {
    await requireEnd64(reader, start, counts);
  }
  const end = view(await reader.read(22));
  const is = (value: number, expected: number, elsewhere: number) => value === expected || value === elsewhere;
  const agrees =
    end.getUint32(0, true) === END &&
    end.getUint32(4, true) === 0 &&
    is(end.getUint16(8, true), locals.length, COUNT_ELSEWHERE) &&
    is(end.getUint16(10, true), locals.length, COUNT_ELSEWHERE) &&
    is(end.getUint32(12, true), size, ZIP64_LENGTH) &&
    is(end.getUint32(16, true), offset, ZIP64_LENGTH) &&
    end.getUint16(20, true) === 0;
  if (!agrees || !(await reader.ended())) {
    throw malformed('a zip archive whose end does not match its content');
  }
}

/** The ZIP64 record and its locator, which say the same as the end, in larger fields. */
async function requireEnd64(
  reader: ByteReader,
  start: number,
  counts: { entries: number; size: number; offset: number },
): Promise<void> {
  const at = reader.position - start;
  const record = view(await reader.read(56));
  const locator = view(await reader.read(20));
  const agrees =
    record.getBigUint64(4, true) === 44n &&
    record.getUint32(16, true) === 0 &&
    record.getUint32(20, true) === 0 &&
    record.getBigUint64(24, true) === BigInt(counts.entries) &&
    record.getBigUint64(32, true) === BigInt(counts.entries) &&
    record.getBigUint64(40, true) === BigInt(counts.size) &&
    record.getBigUint64(48, true) === BigInt(counts.offset) &&
    locator.getUint32(0, true) === LOCATOR64 &&
    locator.getUint32(4, true) === 0 &&
    locator.getBigUint64(8, true) === BigInt(at) &&
    locator.getUint32(16, true) === 1;
  if (!agrees) {
    throw malformed('a zip archive whose ZIP64 record does not match its content');
  }
}

interface Central extends Local {
  readonly creator: number;
  readonly mode: number;
}

async function readCentral(reader: ByteReader): Promise<Central> {
  const header = view(await reader.read(46));
  if (header.getUint32(0, true) !== CENTRAL) {
    throw malformed('a zip archive with a gap before its directory');
  }
  const name = decodeName(await reader.read(header.getUint16(28, true)));
  const extra = await reader.read(header.getUint16(30, true));
  await reader.read(header.getUint16(32, true));
  const lengths = zip64Fields(extra, {
    size: header.getUint32(24, true),
    compressed: header.getUint32(20, true),
    offset: header.getUint32(42, true),
  });
  return {
    name,
    creator: header.getUint8(5),
    flags: header.getUint16(8, true),
    method: header.getUint16(10, true),
    crc: header.getUint32(16, true),
    ...lengths,
    mode: header.getUint16(40, true),
  };
}

function requireSame(local: Local, central: Central): void {
  for (const field of ['name', 'offset', 'flags', 'method', 'crc', 'compressed', 'size'] as const) {
    if (local[field] !== central[field]) {
      throw malformed(`a zip entry whose two headers differ in ${field}`);
    }
  }
  if (central.creator === UNIX && !REGULAR_OR_NONE.has(central.mode & TYPE_MASK)) {
    throw new ScanStop(SCAN_CODES.LINK, 'unsafe', 'a zip entry that is neither a file nor a folder');
  }
}

async function signature(reader: ByteReader): Promise<number> {
  return view(await reader.peek(4)).getUint32(0, true);
}

function decodeName(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
