import * as fs from 'node:fs';
import * as path from 'node:path';
import { eifFault } from './format';
import { chunks } from './read';

/** File types of a cpio entry, as stat has them. */
const TYPE_AND_PERMISSIONS = 0o177777;
const TRAILER = 'TRAILER!!!';
/** Linux reads names and sizes in eight hexadecimal digits ("initramfs buffer format"). */
const MAXIMUM_FILE = 0xffffffff;

interface Entry {
  readonly name: string;
  readonly mode: number;
  readonly size: number;
  /** Text of a link; the content of a file is read when it is written. */
  readonly target?: string;
}

/**
 * Packs a folder as an initramfs in cpio's "newc" form, the same bytes for the same content: entries in the order of
 * their names, owned by root, at time zero. Writes it by pieces.
 *
 * Throws PALISADE-E108 for what is neither file, folder nor link.
 */
export function writeCpio(folder: string, write: (bytes: Uint8Array) => void): void {
  entriesOf(folder).forEach((entry, index) => {
    write(head(entry, index + 1));
    if (entry.target !== undefined) {
      write(padded(Buffer.from(entry.target)));
    } else if (entry.size > 0) {
      writeFile(path.join(folder, entry.name), entry.size, write);
    }
  });
  write(head({ name: TRAILER, mode: 0, size: 0 }, 0));
}

function entriesOf(folder: string): Entry[] {
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.sort((one, other) => (one < other ? -1 : 1)).map((name) => entryOf(folder, name));
}

function entryOf(folder: string, name: string): Entry {
  const file = path.join(folder, name);
  const stat = fs.lstatSync(file);
  const mode = stat.mode & TYPE_AND_PERMISSIONS;
  if (stat.isSymbolicLink()) {
    const target = fs.readlinkSync(file);
    return { name, mode, size: Buffer.byteLength(target), target };
  }
  if (stat.isDirectory()) {
    return { name, mode, size: 0 };
  }
  if (!stat.isFile() || stat.size > MAXIMUM_FILE) {
    throw eifFault('E108', file, 'neither file, folder nor link, or too long', 'let init make devices and sockets');
  }
  return { name, mode, size: stat.size };
}

function head({ name, mode, size }: Entry, inode: number): Buffer {
  // inode, mode, owner, group, links, time, size, device, special device, length of the name, checksum
  const fields = [inode, mode, 0, 0, 1, 0, size, 0, 0, 0, 0, Buffer.byteLength(name) + 1, 0];
  const digits = fields.map((field) => field.toString(16).padStart(8, '0')).join('');
  return padded(Buffer.from(`070701${digits}${name}\0`));
}

function writeFile(file: string, size: number, write: (bytes: Uint8Array) => void): void {
  const descriptor = fs.openSync(file, 'r');
  try {
    for (const chunk of chunks(descriptor, 0, size)) {
      write(chunk);
    }
  } finally {
    fs.closeSync(descriptor);
  }
  write(Buffer.alloc((4 - (size % 4)) % 4));
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}
