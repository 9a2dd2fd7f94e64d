import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { PalisadeError } from '../../runtime/errors';
import { type Command, EXIT, parse, UsageError } from './command';

/** Seals a model for an enclave. */
export const enclaveSeal: Command = {
  usage: `palisade enclave seal DIR --system NAME --key ARN --out FILE
  Packs the files of a model and seals them, so that only enclaves which the key's policy measures can open them. The data key
  is made here and wrapped by KMS through the AWS CLI (aws kms encrypt), with the credentials that it finds. Prints the
  SHA-256 of the sealed file, which is released, and of the model, which clients pin.`,
  run: async (args) => {
    const { values, positionals } = parse({
      args,
      allowPositionals: true,
      options: { system: { type: 'string' }, key: { type: 'string' }, out: { type: 'string' } },
    });
    const { system, key, out } = values;
    const [folder, ...more] = positionals;
    if (!folder || more.length > 0 || !system || !key || !out) {
      throw new UsageError('one folder, --system, --key and --out are needed');
    }
    const { sealed, model } = await seal(folder, { system, key, out });
    console.log(`sealed file  ${sealed}  ${out}\nmodel        ${model}`);
    return EXIT.clean;
  },
};

interface SealOptions {
  readonly system: string;
  readonly key: string;
  readonly out: string;
}

async function seal(folder: string, { system, key, out }: SealOptions): Promise<{ sealed: string; model: string }> {
  const { sealModel, tarOf } = await import('../../runtime/sealed-model/index.js');
  const files = filesIn(folder);
  const dataKey = new Uint8Array(randomBytes(32));
  const wrappedKey = await wrap(dataKey, key, system);
  const [model, sealed] = [createHash('sha256'), createHash('sha256')];
  const partial = `${out}.partial`;
  try {
    await pipeline(
      sealModel(passing(tarOf(files), model), { system, wrappedKey, dataKey }),
      (source: AsyncIterable<Uint8Array>) => passing(source, sealed),
      fs.createWriteStream(partial),
    );
    // Whole or not at all.
    fs.renameSync(partial, out);
  } finally {
    fs.rmSync(partial, { force: true });
  }
  return { sealed: sealed.digest('hex'), model: model.digest('hex') };
}

async function* passing(source: AsyncIterable<Uint8Array>, hash: ReturnType<typeof createHash>) {
  for await (const piece of source) {
    hash.update(piece);
    yield piece;
  }
}

/** Plain files only: a link would take along what it leads to. */
function filesIn(folder: string) {
  if (!fs.existsSync(folder) || !fs.statSync(folder).isDirectory()) {
    throw fault('E325', folder, 'is no folder', 'give the folder that the model server reads');
  }
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const odd = entries.find((entry) => !entry.isFile() && !entry.isDirectory());
  if (odd) {
    throw fault('E325', path.join(odd.parentPath, odd.name), 'is neither file nor folder', 'copy what it leads to');
  }
  const names = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  return names.map((file) => ({
    name: path.relative(folder, file).split(path.sep).join('/'),
    size: fs.statSync(file).size,
    // Opened when its turn comes.
    content: (async function* () {
      yield* fs.createReadStream(file);
    })(),
  }));
}

/**
 * The data key goes through a pipe: into no argument, and onto no disk. The shell makes the pipe, because Node's own are
 * sockets, and the AWS CLI cannot open a socket by its path.
 */
async function wrap(dataKey: Uint8Array, key: string, system: string): Promise<Uint8Array> {
  const child = spawn(
    'sh',
    [
      ...['-c', 'cat | aws "$@"', 'aws', 'kms', 'encrypt', '--region', regionOf(key), '--key-id', key],
      ...['--plaintext', 'fileb:///dev/stdin', '--encryption-context', `system=${system},purpose=model`],
      ...['--query', 'CiphertextBlob', '--output', 'text'],
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
  child.stdin.on('error', () => {});
  child.stdin.end(dataKey);
  const [output, complaint, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code !== 0) {
    const why = complaint.trim().split('\n').pop() ?? '';
    throw fault('E326', 'aws kms encrypt', why.slice(0, 300), 'be a publisher of the key: AttestedKey.grantEncrypt');
  }
  return Buffer.from(output.trim(), 'base64');
}

/** The key's own Region: the one that the CLI is set to may be another. */
function regionOf(key: string): string {
  const region = /^arn:[a-z-]+:kms:([a-z0-9-]+):\d{12}:key\//.exec(key)?.[1];
  if (!region) {
    throw new UsageError(`--key is '${key}', expected the ARN of a key`);
  }
  return region;
}

function fault(code: string, where: string, problem: string, fix: string): PalisadeError {
  return new PalisadeError({ code: `PALISADE-${code}`, where, problem, fix });
}
