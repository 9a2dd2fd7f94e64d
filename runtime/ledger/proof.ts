import * as z from 'zod';
import { inclusionProof, merkleRoot, verifyInclusion } from '../integrity';
import { type Checkpoint, isSignedBy, requireCheckpoint } from './checkpoint';
import { entryHash, type LedgerEntry, readEntry } from './entry';
import { fault } from './fault';
import { fromHex, toHex } from './hex';
import { checkpointName, entryName } from './layout';
import type { CheckpointVerifier } from './signer';

/** Shows that one entry is in a ledger, without the others. */
export interface LedgerProof {
  /** Text of the entry. */
  readonly entry: string;
  readonly checkpoint: Checkpoint;
  /** Hashes beside the way from the entry to the checkpoint's root, in hexadecimal. */
  readonly path: readonly string[];
}

const schema = z.strictObject({
  entry: z.string(),
  checkpoint: z.unknown(),
  path: z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(64),
});

/**
 * Proves that an entry is under a checkpoint. `entries`: the texts of all entries, from the first on.
 *
 * Throws PALISADE-L012 where the checkpoint does not cover the entry, or entries are missing, L010 where entries are not those that were
 * signed.
 */
export function proveEntry(entries: readonly string[], sequence: number, checkpoint: Checkpoint): LedgerProof {
  const { root, size } = checkpoint.content;
  if (!Number.isSafeInteger(sequence) || sequence < 0 || sequence >= size || entries.length < size) {
    throw fault(
      'L012',
      entryName(Math.max(0, sequence)),
      `is not under a checkpoint over ${size} entries`,
      'wait for the next checkpoint',
    );
  }
  const hashes = entries.slice(0, size).map(entryHash);
  if (toHex(merkleRoot(hashes)) !== root) {
    throw fault('L010', checkpointName(size), `the first ${size} entries are not those that were signed`);
  }
  return { entry: entries[sequence], checkpoint, path: inclusionProof(hashes, sequence).map(toHex) };
}

/**
 * Verifies a proof, and gives the entry that it proves. Rejects with PALISADE-L002 and L006 for an entry or checkpoint that is none, L007
 * where another key signed the checkpoint, L012 where the path does not lead from the entry to its root.
 */
export async function verifyProof(text: string, verifier: CheckpointVerifier): Promise<LedgerEntry> {
  const proof = parsed(text);
  const checkpoint = requireCheckpoint(proof.checkpoint, 'proof: checkpoint');
  const entry = readEntry(proof.entry, 'proof: entry');
  if (!(await isSignedBy(checkpoint, verifier))) {
    throw fault('L007', 'proof: checkpoint', 'is not signed by the key that was given');
  }
  const { ledger, root, size } = checkpoint.content;
  const claim = { index: entry.sequence, size, leafHash: entryHash(proof.entry), root: fromHex(root) };
  if (entry.ledger !== ledger || !verifyInclusion(claim, proof.path.map(fromHex))) {
    throw fault('L012', 'proof: path', 'does not lead from the entry to the root that was signed');
  }
  return entry;
}

function parsed(text: string): LedgerProof {
  try {
    return schema.parse(JSON.parse(text)) as unknown as LedgerProof;
  } catch {
    throw fault('L012', 'proof', 'is no proof', 'make one with palisade ledger prove');
  }
}
