import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { PalisadeError } from '../../runtime/errors';
import { keyContext, openBodies, parseSealedBodies, type SealedBodies } from '../../runtime/gateway';
import { recordDigest } from '../../runtime/inference-records';
import { type Command, EXIT, group, parse, UsageError } from './command';

/** Longest file of encrypted bodies: two bodies of 1 MiB in base64, and what stands around them. */
const MAXIMUM_BYTES = 8 * 1024 * 1024;
/** Whoever is asked for a second factor needs a moment. */
const TIMEOUT_MS = 120_000;

const show: Command = {
  usage: `palisade record show FILE [--kms-key ARN]
palisade record show --bucket NAME --key KEY [--kms-key ARN]
  Decrypts what was asked and answered in one call of the gateway, for an inquiry: prints JSON. The data key is opened by KMS
  through the AWS CLI (aws kms decrypt) with the credentials that it finds, which are those of a role that got
  grantReadBodies; CloudTrail has who did it, and for which system. --kms-key names the key that the file must be of.`,
  run: async (args) => {
    const { values, positionals } = parse({
      args,
      allowPositionals: true,
      options: { bucket: { type: 'string' }, key: { type: 'string' }, 'kms-key': { type: 'string' } },
    });
    const [file, ...more] = positionals;
    const { bucket, key, 'kms-key': kmsKey } = values;
    const stored = bucket !== undefined && key !== undefined;
    if (more.length > 0 || (file !== undefined) === stored || (bucket === undefined) !== (key === undefined)) {
      throw new UsageError('one file is needed, or --bucket and --key');
    }
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'palisade-record-'));
    try {
      const source = file ?? (await downloaded(bucket as string, key as string, folder));
      console.log(printable(await opened(source, folder, kmsKey)));
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
    return EXIT.clean;
  },
};

const digest: Command = {
  usage: `palisade record digest FOLDER [RECEIPTS]
  The digest of one hour's records, as the governance ledger has it: of all files of a folder, a copy of
  records/SYSTEM/yyyy/mm/dd/hh/ of the evidence bucket, and of the receipts of enclaves, records/SYSTEM/receipts/yyyy/mm/dd/hh/,
  where there are some. Prints {"records": how many, "digest": hexadecimal}.`,
  run: async (args) => {
    const { positionals } = parse({ args, allowPositionals: true, options: {} });
    if (positionals.length < 1 || positionals.length > 2) {
      throw new UsageError('one folder is needed, or two');
    }
    const { digest, records } = await recordDigest(contentsOf(positionals));
    console.log(JSON.stringify({ records, digest }));
    return EXIT.clean;
  },
};

/** What the gateway kept of calls. */
export const record: Command = group('record', { show, digest });

/** Files in the order in which S3 lists them, by the bytes of their names; one folder after the other. */
function* contentsOf(folders: readonly string[]): Generator<Uint8Array> {
  for (const folder of folders) {
    for (const name of readable(folder, (name) => fs.readdirSync(name)).sort(byBytes)) {
      yield readable(path.join(folder, name), (file) => fs.readFileSync(file));
    }
  }
}

function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

function readable<T>(file: string, read: (file: string) => T): T {
  try {
    return read(file);
  } catch {
    throw fault('PALISADE-W203', file, 'cannot be read', 'copy the records of one hour to a folder: aws s3 sync');
  }
}

async function opened(file: string, folder: string, kmsKey: string | undefined): Promise<object> {
  const bodies = parseSealedBodies(contentOf(file), file);
  if (kmsKey !== undefined && bodies.keyId !== kmsKey) {
    throw fault(
      'PALISADE-W202',
      `${file}: keyId`,
      `is ${bodies.keyId}`,
      'get the file from the bucket of the AI system',
    );
  }
  const texts = openBodies(bodies, await dataKey(bodies, folder));
  const { system, requestId, time, keyId } = bodies;
  return { system, requestId, time, keyId, ...texts };
}

function contentOf(file: string): string {
  let size: number;
  try {
    size = fs.statSync(file).size;
  } catch {
    throw fault('PALISADE-W201', file, 'cannot be read', 'give a file that the gateway stored under bodies/');
  }
  if (size > MAXIMUM_BYTES) {
    throw fault('PALISADE-W201', file, `has more than ${MAXIMUM_BYTES} bytes`, 'give one file of one call');
  }
  return fs.readFileSync(file, 'utf8');
}

/**
 * The wrapped key goes to the AWS CLI as a file: `fileb://` means bytes to every version of it, while text in base64 does to the
 * second only (AWS CLI User Guide, "Binary/blob (binary large object) and streaming blob"). The opened key comes back through a
 * pipe, and is on no disk.
 */
async function dataKey(bodies: SealedBodies, folder: string): Promise<Uint8Array> {
  const region = /^arn:[a-z-]+:kms:([a-z0-9-]+):\d{12}:key\/[A-Za-z0-9-]+$/.exec(bodies.keyId)?.[1];
  if (!region) {
    throw fault('PALISADE-W202', 'keyId', 'is no ARN of a key', 'get the file as the gateway stored it');
  }
  const wrapped = path.join(folder, 'wrapped-key');
  fs.writeFileSync(wrapped, Buffer.from(bodies.wrappedKey, 'base64'), { mode: 0o600 });
  const context = JSON.stringify(keyContext(bodies.system));
  const output = await aws(
    ...['kms', 'decrypt', '--region', region, '--key-id', bodies.keyId, '--ciphertext-blob', `fileb://${wrapped}`],
    ...['--encryption-context', context, '--query', 'Plaintext', '--output', 'text'],
  );
  return Buffer.from(output.trim(), 'base64');
}

async function downloaded(bucket: string, key: string, folder: string): Promise<string> {
  const file = path.join(folder, 'bodies.json');
  await aws('s3api', 'get-object', '--bucket', bucket, '--key', key, file);
  return file;
}

async function aws(...args: string[]): Promise<string> {
  try {
    return (await promisify(execFile)('aws', args, { timeout: TIMEOUT_MS })).stdout;
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string };
    const why = (stderr.trim().split('\n').pop() || message.split('\n')[0]).slice(0, 300);
    throw fault(
      'PALISADE-W200',
      `aws ${args[0]} ${args[1]}`,
      why,
      'take a role that InferenceEnvironment.grantReadBodies let in',
    );
  }
}

/** What callers and models say may be meant for a terminal: nothing in it is left a control character. */
function printable(value: object): string {
  return JSON.stringify(value, undefined, 2).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function fault(code: string, where: string, problem: string, fix: string): PalisadeError {
  return new PalisadeError({ code, where, problem, fix });
}
