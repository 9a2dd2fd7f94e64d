import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { PalisadeError } from '../../runtime/errors';
import { comparePaths, HASHES, isIgnored, type ModelStatement, type SignedFile } from '../../runtime/model-signing';
import { Progress } from './progress';

/** Read at once: large enough that the hash is what takes the time. */
const PIECE = 4 * 1024 * 1024;

/** What of a folder is left out. */
export interface FolderOptions {
  readonly hash: ModelStatement['hash'];
  /** Paths from the root. */
  readonly ignored: readonly string[];
}

/**
 * Names every file of a folder by its digest, in the order of their names. Memory is the same for any size.
 *
 * Rejects with PALISADE-S023 for a link or a device, a name that is no text, and a file that cannot be read, or changes or goes meanwhile.
 */
export async function filesOf(folder: string, { hash, ignored }: FolderOptions): Promise<SignedFile[]> {
  const names = coded(folder, () => namesIn(folder, ignored)).sort(comparePaths);
  const sizes = names.map((name) => fs.statSync(path.join(folder, name), { throwIfNoEntry: false })?.size ?? 0);
  const progress = new Progress(sizes.reduce((sum, size) => sum + size, 0));
  const files: SignedFile[] = [];
  const buffers = [Buffer.allocUnsafe(PIECE), Buffer.allocUnsafe(PIECE)];
  for (const name of names) {
    const file = path.join(folder, name);
    files.push({ name, digest: await digestOf(file, HASHES[hash], buffers, progress).catch(refuse(file)) });
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

/** Reads one piece while the one before is hashed. */
async function digestOf(
  file: string,
  algorithm: string,
  buffers: readonly Buffer[],
  progress: Progress,
): Promise<string> {
  const handle = await fs.promises.open(file, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW);
  try {
    const before = await handle.stat();
    const hash = createHash(algorithm);
    let reading = handle.read(buffers[0], 0, PIECE);
    let length = 0;
    for (let turn = 1; ; turn += 1) {
      const { bytesRead, buffer } = await reading;
      length += bytesRead;
      // Whoever writes faster than this reads would keep it reading.
      if (bytesRead === 0 || length > before.size) {
        break;
      }
      reading = handle.read(buffers[turn % 2], 0, PIECE);
      hash.update(buffer.subarray(0, bytesRead));
      progress.advance(bytesRead);
    }
    const after = await handle.stat();
    if (length !== before.size || before.size !== after.size || before.mtimeMs !== after.mtimeMs) {
      throw fault(file, 'changed while it was read', 'let nobody write to the model meanwhile');
    }
    return hash.digest('hex');
  } finally {
    await handle.close();
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
