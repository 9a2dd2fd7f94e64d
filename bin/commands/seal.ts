import { createPrivateKey, createPublicKey } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { isIgnorable, type ModelStatement, rootOf, signModel, statementText } from '../../runtime/model-signing';
import { type Command, EXIT, parse, UsageError } from './command';
import { filesOf } from './model-folder';

/** Where a signature stands unless another place is given. */
export const SIGNATURE = 'model.sig';
/** Where a list without a signature does. */
export const LIST = 'model.files.json';

/** Seals a folder. */
export const seal: Command = {
  usage: `palisade seal DIR [--key FILE] [--out FILE] [--ignore PATH ...]

  Names every file of a folder by its SHA-256 and signs the list with a private key on P-256, P-384 or P-521 (PEM): an OpenSSF
  Model Signing 1.0 bundle, which other tools verify too. It goes to --out, DIR/${SIGNATURE} unless given. --ignore leaves a path
  from the root out, and what is below it; .git and its kind always are. Links are refused. Without --key the list alone is
  written, to DIR/${LIST}: it finds accidents, and nobody who writes it anew.
  Prints one JSON object: signature (or list), signed, files, digest (over all files). Exit code 0; 2: wrong usage, or a folder that cannot be sealed.`,
  run: async (args) => {
    const { values, positionals } = parse({
      args,
      allowPositionals: true,
      options: {
        key: { type: 'string' },
        out: { type: 'string' },
        ignore: { type: 'string', multiple: true, default: [] },
      },
    });
    const folder = modelFolder(positionals);
    const key = values.key === undefined ? undefined : keyOf(values.key, createPrivateKey);
    const out = values.out ?? path.join(folder, key ? SIGNATURE : LIST);
    const own = pathWithin(folder, out);
    // A folder's name often ends with the shell's slash.
    const plain = values.ignore.map((name) => path.posix.normalize(name).replace(/\/$/, ''));
    const ignored = [...plain, ...(own === undefined ? [] : [own])];
    const odd = ignored.find((name) => !isIgnorable(name));
    if (odd !== undefined) {
      throw new UsageError(`${odd} cannot be left out: a path from the root is expected, without wildcards`);
    }
    if (fs.statSync(out, { throwIfNoEntry: false })?.isDirectory()) {
      throw new UsageError(`${out} is a folder`);
    }
    // What an interrupted run left is no part of the model.
    fs.rmSync(`${out}.partial`, { force: true });
    const files = filesOf(folder, { hash: 'sha256', ignored });
    const statement: ModelStatement = { subject: path.basename(path.resolve(folder)), hash: 'sha256', files, ignored };
    const text = key ? signModel(statement, key, createPublicKey(key)) : statementText(statement);
    fs.writeFileSync(`${out}.partial`, text, { flag: 'wx' });
    fs.renameSync(`${out}.partial`, out);
    const place = key ? { signature: out, signed: true } : { list: out, signed: false };
    console.log(JSON.stringify({ ...place, files: files.length, digest: rootOf(files) }));
    return EXIT.clean;
  },
};

/** The one folder that is given. Throws UsageError. */
export function modelFolder(positionals: readonly string[]): string {
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0 || !fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError('one folder is expected: the model');
  }
  return folder;
}

/** Path of a file from the folder's root; undefined where it is elsewhere. */
export function pathWithin(folder: string, file: string): string | undefined {
  const relative = path.relative(folder, file);
  return relative.split(path.sep)[0] === '..' || path.isAbsolute(relative)
    ? undefined
    : relative.split(path.sep).join('/');
}

/** Reads a key. Throws UsageError. */
export function keyOf<T>(file: string, read: (bytes: Buffer) => T): T {
  try {
    return read(fs.readFileSync(file));
  } catch (error) {
    throw new UsageError(`${file} is no such key: ${(error as Error).message}`);
  }
}
