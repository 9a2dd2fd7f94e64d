import { ByteReader, type ByteSource } from '../enclave-channel/byte-reader';
import { utf8 } from '../enclave-channel/bytes';
import { modelFault, within } from './format';

/** A file of a model. */
export interface TarFile {
  /** Relative, with slashes; at most 100 bytes of letters, digits, `._-` and slashes, no part that begins with a dot. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  readonly content: AsyncIterable<Uint8Array>;
}

/** A file as it is read; its content has to be read before the next. */
export type TarEntry = TarFile;

const BLOCK = 512;
const NAME = /^(?=.{1,100}$)[\w-][\w.-]*(\/[\w-][\w.-]*)*$/;
/** Eleven octal digits. */
const MAXIMUM_SIZE = 8 ** 11 - 1;
const PIECE = 64 * 1024;

/**
 * Writes files as a tar archive (POSIX.1-1988, ustar): regular files only, in the order of their names, at time zero, so that
 * the same files give the same bytes.
 *
 * Throws PALISADE-E324 for a name or size that an archive cannot have, or a file that has another size than it said.
 */
export async function* tarOf(files: readonly TarFile[]): AsyncGenerator<Uint8Array> {
  const sorted = [...files].sort((one, other) => (one.name < other.name ? -1 : 1));
  for (const [index, { name, size, content }] of sorted.entries()) {
    requireName(name, sorted[index - 1]?.name === name);
    yield headOf(name, size);
    let written = 0;
    for await (const piece of content) {
      written += piece.length;
      yield piece;
    }
    if (written !== size) {
      throw modelFault('E324', `${name} has ${written} bytes, and said ${size}`);
    }
    yield new Uint8Array(paddingOf(size));
  }
  yield new Uint8Array(2 * BLOCK);
}

/**
 * Reads what `tarOf` writes, and nothing else that tar can say: no links, no folders, no owners, no long names.
 *
 * Throws PALISADE-E324.
 */
export async function* entriesOf(source: ByteSource): AsyncGenerator<TarEntry> {
  const reader = new ByteReader(source, 'archive');
  let before: string | undefined;
  for (;;) {
    const head = await within('E324', () => reader.exactly(BLOCK));
    if (head.every((byte) => byte === 0)) {
      break;
    }
    const { name, size } = readHead(head);
    requireName(name, before !== undefined && name <= before);
    before = name;
    let missing = size;
    const content = (async function* () {
      while (missing > 0) {
        const piece = await within('E324', () => reader.exactly(Math.min(missing, PIECE)));
        missing -= piece.length;
        yield piece;
      }
    })();
    yield { name, size, content };
    if (missing > 0) {
      throw modelFault('E324', `${name} was left before it was read`);
    }
    requireZeros(await within('E324', () => reader.exactly(paddingOf(size))));
  }
  requireZeros(await within('E324', () => reader.exactly(BLOCK)));
  await within('E324', () => reader.end());
}

function headOf(name: string, size: number): Uint8Array {
  if (!Number.isInteger(size) || size < 0 || size > MAXIMUM_SIZE) {
    throw modelFault('E324', `${name} has ${size} bytes`);
  }
  const head = new Uint8Array(BLOCK);
  const put = (offset: number, text: string) => head.set(utf8(text), offset);
  put(0, name);
  put(100, '0000644\0');
  put(108, '0000000\0');
  put(116, '0000000\0');
  put(124, `${size.toString(8).padStart(11, '0')}\0`);
  put(136, '00000000000\0');
  put(148, '        ');
  put(156, '0');
  put(257, 'ustar\0');
  put(263, '00');
  const sum = head.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  return head;
}

/** Name and size, of a head that is what `headOf` would write for them. */
function readHead(head: Uint8Array): { name: string; size: number } {
  const text = (offset: number, length: number) =>
    String.fromCharCode(...head.subarray(offset, offset + length)).replace(/\0.*$/s, '');
  const name = text(0, 100);
  const size = Number.parseInt(text(124, 11), 8);
  requireName(name, false);
  const expected = headOf(name, size);
  if (!expected.every((byte, index) => byte === head[index])) {
    throw modelFault('E324', `${name} is no plain file, or its head is not as palisade writes it`);
  }
  return { name, size };
}

function requireName(name: string, repeated: boolean): void {
  if (!NAME.test(name) || repeated) {
    throw modelFault('E324', `${JSON.stringify(name.slice(0, 100))} ${repeated ? 'is not in order' : 'is not a name'}`);
  }
}

function requireZeros(bytes: Uint8Array): void {
  if (bytes.some((byte) => byte !== 0)) {
    throw modelFault('E324', 'something stands where nothing may');
  }
}

function paddingOf(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}
