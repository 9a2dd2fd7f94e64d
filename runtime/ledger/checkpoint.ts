import * as z from 'zod';
import { type CanonicalValue, canonicalJson, MerkleRoot, SEAL_ALGORITHM } from '../integrity';
import { entryHash, genesisOf, readEntry } from './entry';
import { fault } from './fault';
import { fromHex, toHex } from './hex';
import { checkpointName, entryName, LAYOUT } from './layout';
import type { CheckpointSigner, CheckpointVerifier } from './signer';
import type { LedgerStore } from './store';

/** Named in every checkpoint. */
export const CHECKPOINT_FORMAT = 'palisade-ledger-checkpoint/1';

/** What is signed: how long a ledger was, and what was in it. */
export interface CheckpointContent {
  readonly format: typeof CHECKPOINT_FORMAT;
  readonly ledger: string;
  /** Entries. */
  readonly size: number;
  /** Root of the RFC 6962 tree over them, in hexadecimal. */
  readonly root: string;
  /** Roots of its complete subtrees, largest first, from which the next checkpoint goes on. */
  readonly frontier: readonly { readonly leaves: number; readonly hash: string }[];
  /** Hash of the last entry. */
  readonly head: string;
  /** Names the key that signs: for KMS its ARN. */
  readonly keyId: string;
  /** ISO 8601, UTC. */
  readonly time: string;
}

/** A signed checkpoint. */
export interface Checkpoint {
  readonly content: CheckpointContent;
  readonly signature: {
    readonly algorithm: typeof SEAL_ALGORITHM;
    /** DER signature over the SHA-384 digest of the content's canonical text, in base64. */
    readonly value: string;
  };
}

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const schema = z.strictObject({
  content: z.strictObject({
    format: z.literal(CHECKPOINT_FORMAT),
    ledger: z.string().min(1),
    size: z.number().int().min(1),
    root: hash,
    frontier: z
      .array(z.strictObject({ leaves: z.number().int().min(1), hash }))
      .min(1)
      .max(64),
    head: hash,
    keyId: z.string().regex(/^[!-~]{1,512}$/),
    time: z.iso.datetime({ precision: 3 }),
  }),
  signature: z.strictObject({
    algorithm: z.literal(SEAL_ALGORITHM),
    // Base64 has several texts for the same bytes.
    value: z.string().refine((value) => Buffer.from(value, 'base64').toString('base64') === value),
  }),
});

/** Reads a checkpoint. Throws PALISADE-L006 for anything but the one text that checkpoints have. */
export function readCheckpoint(text: string, where: string): Checkpoint {
  const checkpoint = requireCheckpoint(parsed(text), where);
  if (checkpointText(checkpoint) !== text) {
    throw fault('L006', where, 'is not in the one form that checkpoints have');
  }
  return checkpoint;
}

/** Checks what may be a checkpoint. Throws PALISADE-L006. */
export function requireCheckpoint(value: unknown, where: string): Checkpoint {
  const { data, success } = schema.safeParse(value);
  if (!success) {
    throw fault('L006', where, 'is no checkpoint');
  }
  const { size, root, frontier } = data.content;
  const leaves = frontier.reduce((sum, subtree) => sum + subtree.leaves, 0);
  if (leaves !== size || toHex(treeOf(data.content).digest()) !== root) {
    throw fault('L006', where, 'is no checkpoint: its parts do not fit together');
  }
  return data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The one text of a checkpoint. */
export function checkpointText(checkpoint: Checkpoint): string {
  return canonicalJson(checkpoint as unknown as CanonicalValue);
}

/** Whether a key signed a checkpoint. */
export async function isSignedBy({ content, signature }: Checkpoint, verifier: CheckpointVerifier): Promise<boolean> {
  return verifier.verify(messageOf(content), fromBase64(signature.value), content.keyId);
}

/**
 * Signs how long the ledger is by now, or as far as `most` entries more, going on from the last checkpoint. Undefined where nothing was
 * added.
 *
 * Rejects with PALISADE-L006 for a last checkpoint that is none, L007 where it was signed by another key, L002 and L003 where entries are
 * not in order: nothing is signed then.
 */
export async function makeCheckpoint(
  store: LedgerStore,
  ledger: string,
  signer: CheckpointSigner,
  now: Date,
  most = Number.POSITIVE_INFINITY,
): Promise<Checkpoint | undefined> {
  const last = await lastCheckpoint(store, ledger, signer);
  const tree = last ? treeOf(last.content) : new MerkleRoot();
  const signed = last?.content.size ?? 0;
  let size = signed;
  let head = last?.content.head ?? genesisOf(ledger);
  while (size < signed + most) {
    const name = entryName(size);
    const stored = await store.read(name);
    if (!stored) {
      break;
    }
    const entry = readEntry(stored.text, name);
    if (entry.previous !== head || entry.sequence !== size || entry.ledger !== ledger) {
      throw fault('L003', name, 'does not follow the entry before it');
    }
    const leaf = entryHash(stored.text);
    tree.append(leaf);
    head = toHex(leaf);
    size += 1;
  }
  if (size === signed) {
    return undefined;
  }
  const content: CheckpointContent = {
    format: CHECKPOINT_FORMAT,
    ledger,
    size,
    root: toHex(tree.digest()),
    frontier: tree.frontier.map((subtree) => ({ leaves: subtree.leaves, hash: toHex(subtree.hash) })),
    head,
    keyId: signer.keyId,
    time: now.toISOString(),
  };
  const value = Buffer.from(await signer.sign(messageOf(content))).toString('base64');
  const checkpoint = { content, signature: { algorithm: SEAL_ALGORITHM, value } } as const;
  // Whoever came first has signed the same entries.
  await store.create(checkpointName(size), checkpointText(checkpoint));
  return checkpoint;
}

async function lastCheckpoint(
  store: LedgerStore,
  ledger: string,
  verifier: CheckpointVerifier,
): Promise<Checkpoint | undefined> {
  const name = await store.last(LAYOUT.checkpoints);
  const stored = name === undefined ? undefined : await store.read(name);
  if (name === undefined || !stored) {
    return undefined;
  }
  const checkpoint = readCheckpoint(stored.text, name);
  if (checkpoint.content.ledger !== ledger || name !== checkpointName(checkpoint.content.size)) {
    throw fault('L006', name, 'is a checkpoint of another ledger, or under another name');
  }
  if (!(await isSignedBy(checkpoint, verifier))) {
    throw fault('L007', name, 'is not signed by the key of this ledger');
  }
  return checkpoint;
}

function treeOf({ frontier }: CheckpointContent): MerkleRoot {
  return MerkleRoot.from(frontier.map(({ leaves, hash: text }) => ({ leaves, hash: fromHex(text) })));
}

function messageOf(content: CheckpointContent): Uint8Array {
  return new Uint8Array(Buffer.from(canonicalJson(content as unknown as CanonicalValue)));
}

function fromBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}
