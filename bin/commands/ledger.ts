import { createPublicKey, type KeyObject, verify as verifySignature } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import {
  type CheckpointVerifier,
  LAYOUT,
  type NamedText,
  proveEntry,
  proveExtension,
  readCheckpoint,
  verifyExtension,
  verifyLedger,
  verifyProof,
} from '../../runtime/ledger';
import { type Command, EXIT, group, parse, UsageError } from './command';
import { Progress } from './progress';

const verify: Command = {
  usage: `palisade ledger verify DIR [--key FILE] [--checkpoint FILE]
palisade ledger verify --proof FILE --key FILE

  Verifies a copy of a ledger (aws s3 sync of its bucket; head.json first) without a network: that every entry follows the one before it,
  and that every checkpoint is over just these entries and signed by --key, a public key in PEM or DER. With --key there has to be a
  checkpoint; without it signatures are not looked at, and the output says so. --checkpoint is one that was kept elsewhere: it finds a
  ledger that was cut off or written anew.
  Prints one JSON object: valid, ledger, entries, head, covered, beyond, signed, and fault with entry, code, where and problem of
  the first thing that is wrong. covered counts entries under a checkpoint, beyond those after the last one, which could still be cut off.
  With --proof, what palisade ledger prove wrote is verified instead.
  Exit code 0: it holds. 1: it does not. 2: wrong usage, or no such files.`,
  run: async (args) => {
    const { values, positionals } = parse({
      args,
      allowPositionals: true,
      options: { key: { type: 'string' }, checkpoint: { type: 'string' }, proof: { type: 'string' } },
    });
    if (values.proof !== undefined) {
      if (positionals.length > 0 || values.key === undefined) {
        throw new UsageError('--proof needs --key, and no folder');
      }
      return printProof(read(values.proof), verifierOf(values.key));
    }
    const folder = onlyFolder(positionals);
    const entries = namesIn(folder, LAYOUT.entries);
    const report = await verifyLedger({
      entries: textsOf(folder, entries),
      checkpoints: namesIn(folder, LAYOUT.checkpoints).map((name) => textOf(folder, name)),
      ...(fs.existsSync(path.join(folder, LAYOUT.head)) && { head: textOf(folder, LAYOUT.head) }),
      ...(values.checkpoint !== undefined && {
        witnessed: { name: values.checkpoint, text: read(values.checkpoint) },
      }),
      ...(values.key !== undefined && { verifier: verifierOf(values.key) }),
    });
    console.log(JSON.stringify(report));
    return report.valid ? EXIT.clean : EXIT.findings;
  },
};

const prove: Command = {
  usage: `palisade ledger prove DIR --entry N
palisade ledger prove DIR --since FILE

  Proves that entry N (from 0) is in a ledger: prints a JSON object with the entry, the last checkpoint and the path between them. With
  --since, proves that the ledger begins with what a checkpoint that was kept elsewhere signed: prints both checkpoints and the path
  between them, and no entry. palisade ledger verify --proof takes either, and so does anybody else who knows RFC 6962.
  Exit code 0; 1 where the entry is under no checkpoint, or the ledger does not begin so; 2: wrong usage, or no such files.`,
  run: async (args) => {
    const options = { entry: { type: 'string' }, since: { type: 'string' } } as const;
    const { values, positionals } = parse({ args, allowPositionals: true, options });
    const folder = onlyFolder(positionals);
    if ((values.entry === undefined) === (values.since === undefined)) {
      throw new UsageError('either --entry or --since says what to prove');
    }
    if (values.entry !== undefined && !/^\d{1,12}$/.test(values.entry)) {
      throw new UsageError('--entry is the number of an entry, from 0');
    }
    const last = namesIn(folder, LAYOUT.checkpoints).at(-1);
    if (last === undefined) {
      throw new UsageError(`${folder} has no checkpoint: nothing can be proved`);
    }
    const checkpoint = readCheckpoint(textOf(folder, last).text, last);
    const entries = namesIn(folder, LAYOUT.entries).map((name) => textOf(folder, name).text);
    const proof =
      values.since === undefined
        ? proveEntry(entries, Number(values.entry), checkpoint)
        : proveExtension(entries, readCheckpoint(read(values.since), values.since), checkpoint);
    console.log(JSON.stringify(proof));
    return EXIT.clean;
  },
};

/** Verifies ledgers, and proves their entries. */
export const ledger: Command = { ...group('ledger', { verify, prove }), badInput: EXIT.findings };

async function printProof(text: string, verifier: CheckpointVerifier): Promise<number> {
  if (isExtension(text)) {
    const { from, to } = await verifyExtension(text, verifier);
    console.log(
      JSON.stringify({ valid: true, ledger: to.content.ledger, from: from.content.size, to: to.content.size }),
    );
  } else {
    console.log(JSON.stringify({ valid: true, entry: await verifyProof(text, verifier) }));
  }
  return EXIT.clean;
}

function isExtension(text: string): boolean {
  try {
    return 'from' in JSON.parse(text);
  } catch {
    return false;
  }
}

function onlyFolder(positionals: readonly string[]): string {
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) {
    throw new UsageError('one folder is expected: a copy of the ledger');
  }
  if (namesIn(folder, LAYOUT.entries).length === 0) {
    throw new UsageError(`${folder} has no ${LAYOUT.entries}*: it is no copy of a ledger`);
  }
  return folder;
}

function namesIn(folder: string, prefix: string): string[] {
  const place = path.join(folder, prefix);
  return fs.existsSync(place)
    ? fs
        .readdirSync(place)
        .sort()
        .map((name) => prefix + name)
    : [];
}

function textOf(folder: string, name: string): NamedText {
  return { name, text: read(path.join(folder, name)) };
}

function* textsOf(folder: string, names: readonly string[]): Generator<NamedText> {
  const progress = new Progress(names.length);
  for (const name of names) {
    yield textOf(folder, name);
    progress.advance(1);
  }
  progress.end();
}

function read(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/** Trusts one key: as `aws kms get-public-key` gives it (DER), or OpenSSL (PEM). */
function verifierOf(file: string): CheckpointVerifier {
  const key = publicKeyOf(file);
  return { verify: async (message, signature) => verifySignature('sha384', message, key, signature) };
}

function publicKeyOf(file: string): KeyObject {
  let bytes: Buffer;
  try {
    bytes = fs.readFileSync(file);
    return createPublicKey(bytes.includes('-----BEGIN') ? bytes : { key: bytes, format: 'der', type: 'spki' });
  } catch {
    throw new UsageError(`${file} is no public key`);
  }
}
