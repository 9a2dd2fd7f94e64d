import { crc32 } from 'node:zlib';
import { type ArchiveEntry, requirePlainPath } from './archive-entry';
import { type ByteReader, Section } from './byte-reader';
import { decompress } from './decompress';
import type { ScanBudget } from './limits';
import { PICKLE_WINDOW, probePickle } from './pickle';
import { malformed, SCAN_CODES, ScanStop } from './verdict';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const ENCRYPTED = 1;
const DESCRIPTOR = 8;
const STORED = 0;
const DEFLATED = 8;
const UNIX = 3;
/** `ZIP64` marks in 32-bit fields; such archives are not judged. */
const ELSEWHERE = 0xffffffff;
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
 * Readers disagree on archives whose two lists differ, which have gaps, or which start or end with something else;
 * all of that throws. So do encryption, ZIP64 and methods other than stored and deflated, as `unknown`.
 */
export async function* zipEntries(reader: ByteReader, budget: ScanBudget): AsyncGenerator<ArchiveEntry> {
  const start = reader.position;
  const locals: Local[] = [];
  const names = new Set<string>();
  while ((await reader.peek(4)).length === 4 && (await signature(reader)) === LOCAL) {
    budget.entry();
    const local = await readLocal(reader, reader.position - start);
    requirePlainPath(local.name);
    if (names.has(local.name.toLowerCase())) {
      throw malformed('two zip entries have the same name');
    }
    names.add(local.name.toLowerCase());
    locals.push(local);
    const section = new Section(reader, local.compressed);
    const content = checked(local, section, budget);
    yield { name: local.name, content, size: local.size };
    for await (const _ of content) {
      // Whatever the caller left is read, so that length and checksum are judged.
    }
    await section.skip();
  }
  await requireDirectory(reader, start, locals);
}

interface Local {
  readonly name: string;
  readonly offset: number;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly compressed: number;
  readonly size: number;
}

async function readLocal(reader: ByteReader, offset: number): Promise<Local> {
  const header = view(await reader.read(30));
  const fields = {
    offset,
    flags: header.getUint16(6, true),
    method: header.getUint16(8, true),
    crc: header.getUint32(14, true),
    compressed: header.getUint32(18, true),
    size: header.getUint32(22, true),
  };
  const name = decodeName(await reader.read(header.getUint16(26, true)));
  await reader.read(header.getUint16(28, true));
  const reason = unjudgeable(fields);
  if (reason && probePickle(await reader.peek(PICKLE_WINDOW)) === 'pickle') {
    throw new ScanStop(SCAN_CODES.PICKLE, 'unsafe', 'a pickle in a zip archive');
  }
  if (reason) {
    throw new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', reason);
  }
  if (fields.method === STORED && fields.compressed !== fields.size) {
    throw malformed('a stored zip entry with two lengths');
  }
  return { ...fields, name };
}

/** Why the content of an entry cannot be read with certainty. PyTorch writes such entries: their start is still probed. */
function unjudgeable({ flags, method, compressed, size }: Omit<Local, 'name'>): string | undefined {
  if (flags & ENCRYPTED) {
    return 'an encrypted zip entry';
  }
  if (compressed === ELSEWHERE || size === ELSEWHERE) {
    return 'a ZIP64 entry';
  }
  if (flags & DESCRIPTOR && compressed === 0) {
    return 'a zip entry whose length follows its content';
  }
  return method === STORED || method === DEFLATED ? undefined : `zip compression method ${method}`;
}

async function* checked(local: Local, section: Section, budget: ScanBudget): AsyncGenerator<Uint8Array> {
  let size = 0;
  let crc = 0;
  for await (const chunk of local.method === STORED ? section : decompress('deflate', section, budget)) {
    size += chunk.length;
    crc = crc32(chunk, crc);
    yield chunk;
  }
  if (size !== local.size || crc !== local.crc) {
    throw malformed('a zip entry does not have its stated length and checksum');
  }
}

async function requireDirectory(reader: ByteReader, start: number, locals: readonly Local[]): Promise<void> {
  const offset = reader.position - start;
  for (const local of locals) {
    requireSame(local, await readCentral(reader));
  }
  const size = reader.position - start - offset;
  const end = view(await reader.read(22));
  const agrees =
    end.getUint32(0, true) === END &&
    end.getUint32(4, true) === 0 &&
    end.getUint16(8, true) === locals.length &&
    end.getUint16(10, true) === locals.length &&
    end.getUint32(12, true) === size &&
    end.getUint32(16, true) === offset &&
    end.getUint16(20, true) === 0;
  if (!agrees || !(await reader.ended())) {
    throw malformed('a zip archive whose end does not match its content');
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
  await reader.read(header.getUint16(30, true) + header.getUint16(32, true));
  return {
    name,
    creator: header.getUint8(5),
    flags: header.getUint16(8, true),
    method: header.getUint16(10, true),
    crc: header.getUint32(16, true),
    compressed: header.getUint32(20, true),
    size: header.getUint32(24, true),
    mode: header.getUint16(40, true),
    offset: header.getUint32(42, true),
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
