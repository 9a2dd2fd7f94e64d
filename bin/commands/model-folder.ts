import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { PalisadeError } from '../../runtime/errors';
import { comparePaths, HASHES, isIgnored, type ModelStatement, type SignedFile } from '../../runtime/model-signing';
import { Progress } from './progress';

/** Read at once: what was read is hashed while the processor still has it at hand. */
const PIECE = 128 * 1024;

/** What of a folder is left out. */
export interface FolderOptions {
  readonly hash: ModelStatement['hash'];
  /** Paths from the root. */
  readonly ignored: readonly string[];
}

/**
 * Names every file of a folder by its digest, in the order of their names. Memory is the same for any size.
 *
 * Throws PALISADE-S023 for a link or a device, a name that is no text, and a file that cannot be read, or changes or goes meanwhile.
 */
export function filesOf(folder: string, { hash, ignored }: FolderOptions): SignedFile[] {
  const names = coded(folder, () => namesIn(folder, ignored)).sort(comparePaths);
  const sizes = names.map((name) => fs.statSync(path.join(folder, name), { throwIfNoEntry: false })?.size ?? 0);
  const progress = new Progress(sizes.reduce((sum, size) => sum + size, 0));
  const files: SignedFile[] = [];
  const piece = Buffer.allocUnsafe(PIECE);
  for (const name of names) {
    const file = path.join(folder, name);
    files.push({ name, digest: coded(file, () => digestOf(file, HASHES[hash], piece, progress)) });
  }
  progress.end();
  return files;
}

function namesIn(folder: string, ignored: readonly string[], below = ''): string[] {
  return fs.readdirSync(path.join(folder, below), { withFileTypes: true, encoding: 'utf8' }).flatMap((entry) => {
    const name = below ? `${below}/${entry.name}` : entry.name;
    if (isIgnored(name, ignored)) {
      return [];
    }
    if (name.includes('\ufffd')) {
      throw fault(path.join(folder, name), 'has a name that is not UTF-8', 'rename it');
    }
    if (entry.isDirectory()) {
      return namesIn(folder, ignored, name);
    }
    if (!entry.isFile()) {
      throw fault(
        path.join(folder, name),
        'is neither file nor folder',
        'copy what it leads to, or leave it out with --ignore',
      );
    }
    return [name];
  });
}

/** The system reads ahead by itself: waiting for each piece costs less than a promise for it. */
function digestOf(file: string, algorithm: string, piece: Buffer, progress: Progress): string {
  const descriptor = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW);
  try {
    const before = fs.fstatSync(descriptor);
    const hash = createHash(algorithm);
    let length = 0;
    // Whoever writes faster than this reads would keep it reading.
    for (let read = -1; read !== 0 && length <= before.size; length += read) {
      read = fs.readSync(descriptor, piece);
      hash.update(piece.subarray(0, read));
      progress.advance(read);
    }
    const after = fs.fstatSync(descriptor);
    if (length !== before.size || before.size !== after.size || before.mtimeMs !== after.mtimeMs) {
      throw fault(file, 'changed while it was read', 'let nobody write to the model meanwhile');
    }
    return hash.digest('hex');
  } finally {
    fs.closeSync(descriptor);
  }
}

function coded<T>(where: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    return refuse(where)(error);
  }
}

/** What the file system says of a file that went away, or that may not be read. */
function refuse(where: string): (error: unknown) => never {
  return (error) => {
    const { code } = error as NodeJS.ErrnoException;
    throw error instanceof PalisadeError || !code
      ? error
      : fault(where, `cannot be read: ${code}`, 'let the model be complete and readable, and let nobody write to it');
  };
}

function fault(where: string, problem: string, fix: string): PalisadeError {
  return new PalisadeError({ code: 'PALISADE-S023', where, problem, fix });
}
