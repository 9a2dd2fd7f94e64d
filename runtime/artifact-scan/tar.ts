import { type ArchiveEntry, MAXIMUM_PATH, requirePlainPath } from './archive-entry';
import { type ByteReader, Section } from './byte-reader';
import type { ScanBudget } from './limits';
import { malformed, SCAN_CODES, ScanStop } from './verdict';

const BLOCK = 512;
/** Longest PAX record set or GNU long name that is read into memory. */
const MAXIMUM_EXTENSION = 64 * 1024;
const REGULAR = new Set(['0', '\0', '7']);

/** Whether the block can be the header of a tar archive: its checksum holds. */
export function isTarHeader(block: Uint8Array): boolean {
  return block.length >= BLOCK && checksumHolds(block.subarray(0, BLOCK)) && block[0] !== 0;
}

/**
 * The files of a tar archive (ustar, PAX and GNU long names), in order. Folders are checked and passed over.
 *
 * Throws on links, devices and sparse files, on paths that leave the folder, on a file under two names that differ in
 * the readers' eyes, and on data after the end mark.
 */
export async function* tarEntries(reader: ByteReader, budget: ScanBudget): AsyncGenerator<ArchiveEntry> {
  const names = new Set<string>();
  let next: Extension = {};
  for (;;) {
    const block = await reader.read(BLOCK);
    if (block.every((byte) => byte === 0)) {
      await requireEnd(reader);
      return;
    }
    if (!checksumHolds(block)) {
      throw malformed('a tar header has a wrong checksum');
    }
    const header = readHeader(block);
    if (header.type === 'g') {
      throw new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', 'a tar archive with a global PAX header');
    }
    budget.entry();
    if (header.type === 'x' || header.type === 'L') {
      next = { ...next, ...(await readExtension(reader, header)) };
      continue;
    }
    const entry: Header = { ...header, ...next };
    next = {};
    requireFileOrFolder(entry);
    requirePlainPath(entry.name);
    const section = new Section(reader, entry.size);
    if (entry.type !== '5') {
      requireNew(names, entry.name);
      yield { name: entry.name, content: section, size: entry.size };
    }
    await section.skip();
    await skipPadding(reader, entry.size);
  }
}

interface Header {
  readonly name: string;
  readonly size: number;
  readonly type: string;
}

type Extension = Partial<Pick<Header, 'name' | 'size'>>;

function readHeader(block: Uint8Array): Header {
  const ustar = text(block, 257, 5) === 'ustar';
  const prefix = ustar && text(block, 257, 8) !== 'ustar  ' ? text(block, 345, 155) : '';
  const name = text(block, 0, 100);
  return {
    name: prefix ? `${prefix}/${name}` : name,
    size: readSize(block.subarray(124, 136)),
    type: String.fromCharCode(block[156]),
  };
}

async function readExtension(reader: ByteReader, header: Header): Promise<Extension> {
  if (header.size > MAXIMUM_EXTENSION) {
    throw malformed('an extended tar header is too long');
  }
  const content = await reader.read(header.size);
  await skipPadding(reader, header.size);
  return header.type === 'L' ? { name: text(content, 0, content.length) } : readPax(content);
}

/** PAX records: `<length> <key>=<value>\n`. */
function readPax(content: Uint8Array): Extension {
  const extension: { name?: string; size?: number } = {};
  let rest = Buffer.from(content);
  while (rest.length > 0) {
    const stated = /^(\d{1,6}) /.exec(rest.subarray(0, 8).toString('latin1'));
    const length = Number(stated?.[1] ?? 0);
    const record = rest.subarray(stated?.[0].length ?? 0, length);
    const equals = record.indexOf('=');
    if (!stated || length > rest.length || equals < 1 || record.at(-1) !== 0x0a) {
      throw malformed('a PAX record does not have its stated length');
    }
    const key = record.subarray(0, equals).toString('utf8');
    const value = record.subarray(equals + 1, -1).toString('utf8');
    if (key === 'path') {
      extension.name = value;
    } else if (key === 'size') {
      extension.size = decimal(value);
    } else if (key === 'linkpath' || key.startsWith('GNU.sparse')) {
      throw new ScanStop(SCAN_CODES.LINK, 'unsafe', 'a link or sparse file in a tar archive');
    }
    rest = rest.subarray(length);
  }
  return extension;
}

function requireFileOrFolder(header: Header): void {
  if (!REGULAR.has(header.type) && header.type !== '5') {
    throw new ScanStop(SCAN_CODES.LINK, 'unsafe', 'a tar entry that is neither a file nor a folder');
  }
}

function requireNew(names: Set<string>, name: string): void {
  const normal = name
    .replaceAll(/(^|\/)(\.?\/)+/g, '$1')
    .normalize('NFC')
    .toLowerCase();
  if (names.has(normal)) {
    throw malformed('two entries unpack to the same path');
  }
  names.add(normal);
}

/** After the first empty block, readers stop: whatever follows must be empty as well. */
async function requireEnd(reader: ByteReader): Promise<void> {
  for await (const chunk of reader.rest()) {
    if (chunk.some((byte) => byte !== 0)) {
      throw malformed('data after the end of a tar archive');
    }
  }
}

async function skipPadding(reader: ByteReader, size: number): Promise<void> {
  await new Section(reader, (BLOCK - (size % BLOCK)) % BLOCK).skip();
}

/** Sum of the header's bytes, with the checksum field read as blanks. */
function checksumHolds(block: Uint8Array): boolean {
  const stated = /^[ \0]*([0-7]+)[ \0]*$/.exec(Buffer.from(block.subarray(148, 156)).toString('latin1'));
  const sum = block.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 0x20 : byte), 0);
  return stated !== null && Number.parseInt(stated[1], 8) === sum;
}

/** Octal digits, or GNU's base-256 form for 8 GiB and more. */
function readSize(field: Uint8Array): number {
  if (field[0] === 0x80) {
    const value = field.subarray(1).reduce((total, byte) => total * 256 + byte, 0);
    return requireSize(value);
  }
  const digits = /^[ \0]*([0-7]*)[ \0]*$/.exec(Buffer.from(field).toString('latin1'));
  if (!digits) {
    throw malformed('a tar entry without a size');
  }
  return requireSize(Number.parseInt(digits[1] || '0', 8));
}

function decimal(value: string): number {
  if (!/^\d{1,15}$/.test(value)) {
    throw malformed('a tar entry without a size');
  }
  return requireSize(Number(value));
}

function requireSize(size: number): number {
  if (!Number.isSafeInteger(size)) {
    throw malformed('a tar entry with an impossible size');
  }
  return size;
}

/** A field up to its first NUL. */
function text(bytes: Uint8Array, start: number, length: number): string {
  const field = Buffer.from(bytes.subarray(start, start + length));
  const end = field.indexOf(0);
  const value = (end < 0 ? field : field.subarray(0, end)).toString('utf8');
  return value.length > MAXIMUM_PATH ? value.slice(0, MAXIMUM_PATH + 1) : value;
}
