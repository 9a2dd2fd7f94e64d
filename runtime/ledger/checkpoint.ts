import { z } from 'zod';
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
  /** ISO 8601, UTC. */
  readonly time: string;
}

/** A signed checkpoint. */
export interface Checkpoint {
  readonly content: CheckpointContent;
  readonly signature: {
    readonly algorithm: typeof SEAL_ALGORITHM;
    readonly keyId: string;
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
    time: z.iso.datetime({ precision: 3 }),
  }),
  signature: z.strictObject({
    algorithm: z.literal(SEAL_ALGORITHM),
    keyId: z.string().min(1),
    value: z.base64(),
  }),
});

/** Reads a checkpoint. Throws PALISADE-L006 for anything but the one text that checkpoints have. */
export function readCheckpoint(text: string, where: string): Checkpoint {
  let checkpoint: Checkpoint;
  try {
    checkpoint = schema.parse(JSON.parse(text)) as Checkpoint;
  } catch {
    throw fault('L006', where, 'is no checkpoint');
  }
  const { size, root, frontier } = checkpoint.content;
  const leaves = frontier.reduce((sum, subtree) => sum + subtree.leaves, 0);
  if (checkpointText(checkpoint) !== text || leaves !== size || toHex(treeOf(checkpoint.content).digest()) !== root) {
    throw fault('L006', where, 'is no checkpoint: its parts do not fit together');
  }
  return checkpoint;
}

/** The one text of a checkpoint. */
export function checkpointText(checkpoint: Checkpoint): string {
  return canonicalJson(checkpoint as unknown as CanonicalValue);
}

/** Whether a key signed a checkpoint. */
export async function isSignedBy({ content, signature }: Checkpoint, verifier: CheckpointVerifier): Promise<boolean> {
  return verifier.verify(messageOf(content), fromBase64(signature.value), signature.keyId);
}

/**
 * Signs how long the ledger is by now, going on from the last checkpoint. Undefined where nothing was added.
 *
 * Rejects with PALISADE-L006 for a last checkpoint that is none, L007 where it was signed by another key, L002 and L003 where entries are
 * not in order: nothing is signed then.
 */
export async function makeCheckpoint(
  store: LedgerStore,
  ledger: string,
  signer: CheckpointSigner,
  now: Date,
): Promise<Checkpoint | undefined> {
  const last = await lastCheckpoint(store, signer);
  const tree = last ? treeOf(last.content) : new MerkleRoot();
  let size = last?.content.size ?? 0;
  let head = last?.content.head ?? genesisOf(ledger);
  for (let stored = await store.read(entryName(size)); stored; stored = await store.read(entryName(size))) {
    const name = entryName(size);
    const entry = readEntry(stored.text, name);
    if (entry.previous !== head || entry.sequence !== size || entry.ledger !== ledger) {
      throw fault('L003', name, 'does not follow the entry before it');
    }
    const leaf = entryHash(stored.text);
    tree.append(leaf);
    head = toHex(leaf);
    size += 1;
  }
  if (size === (last?.content.size ?? 0)) {
    return undefined;
  }
  const content: CheckpointContent = {
    format: CHECKPOINT_FORMAT,
    ledger,
    size,
    root: toHex(tree.digest()),
    frontier: tree.frontier.map((subtree) => ({ leaves: subtree.leaves, hash: toHex(subtree.hash) })),
    head,
    time: now.toISOString(),
  };
  const value = Buffer.from(await signer.sign(messageOf(content))).toString('base64');
  const checkpoint = { content, signature: { algorithm: SEAL_ALGORITHM, keyId: signer.keyId, value } } as const;
  // Whoever came first has signed the same entries.
  await store.create(checkpointName(size), checkpointText(checkpoint));
  return checkpoint;
}

async function lastCheckpoint(store: LedgerStore, verifier: CheckpointVerifier): Promise<Checkpoint | undefined> {
  const name = await store.last(LAYOUT.checkpoints);
  const stored = name === undefined ? undefined : await store.read(name);
  if (name === undefined || !stored) {
    return undefined;
  }
  const checkpoint = readCheckpoint(stored.text, name);
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
