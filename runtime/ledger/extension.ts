import * as z from 'zod';
import { consistencyProof, verifyConsistency } from '../integrity';
import { type Checkpoint, isSignedBy, requireCheckpoint } from './checkpoint';
import { entryHash } from './entry';
import { fault } from './fault';
import { fromHex, toHex } from './hex';
import type { CheckpointVerifier } from './signer';

/** Shows that a ledger begins with what an earlier checkpoint signed, without any entry. */
export interface LedgerExtension {
  readonly from: Checkpoint;
  readonly to: Checkpoint;
  /** Consistency proof of RFC 6962 between the two roots, in hexadecimal. */
  readonly path: readonly string[];
}

const schema = z.strictObject({
  from: z.unknown(),
  to: z.unknown(),
  path: z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(128),
});

/**
 * Proves that one checkpoint goes on from another. `entries`: the texts of all entries, from the first on.
 *
 * Throws PALISADE-L012 where entries are missing or the later checkpoint is the shorter one, L015 where the entries are not those of both:
 * the ledger was forked.
 */
export function proveExtension(entries: readonly string[], from: Checkpoint, to: Checkpoint): LedgerExtension {
  const [oldSize, newSize] = [from.content.size, to.content.size];
  if (oldSize > newSize || entries.length < newSize) {
    const problem = `goes to ${oldSize} entries; the ledger has ${entries.length}, and a checkpoint over ${newSize}`;
    throw fault('L012', 'checkpoint', problem, 'take a later copy of the ledger');
  }
  const path = consistencyProof(entries.slice(0, newSize).map(entryHash), oldSize);
  requireExtension(from, to, path);
  return { from, to, path: path.map(toHex) };
}

/**
 * Verifies a proof, and gives its two checkpoints. Rejects with PALISADE-L006 for a checkpoint that is none, L007 where another key signed
 * it, L012 for what is no proof, L015 where the later checkpoint does not go on from the earlier one.
 */
export async function verifyExtension(text: string, verifier: CheckpointVerifier): Promise<LedgerExtension> {
  const proof = parsed(text);
  const [from, to] = [requireCheckpoint(proof.from, 'proof: from'), requireCheckpoint(proof.to, 'proof: to')];
  for (const [checkpoint, where] of [
    [from, 'proof: from'],
    [to, 'proof: to'],
  ] as const) {
    if (!(await isSignedBy(checkpoint, verifier))) {
      throw fault('L007', where, 'is not signed by the key that was given');
    }
  }
  requireExtension(from, to, proof.path.map(fromHex));
  return { from, to, path: proof.path };
}

/** With both signatures this is what convicts: nobody who signs one history signs another. */
function requireExtension({ content: from }: Checkpoint, { content: to }: Checkpoint, path: Uint8Array[]): void {
  const claim = { oldSize: from.size, newSize: to.size, oldRoot: fromHex(from.root), newRoot: fromHex(to.root) };
  if (from.ledger !== to.ledger || !verifyConsistency(claim, path)) {
    const problem = `the checkpoint over ${to.size} entries of ${to.ledger} does not go on from the one over ${from.size} of ${from.ledger}`;
    throw fault('L015', 'checkpoint', problem);
  }
}

function parsed(text: string): { from?: unknown; to?: unknown; path: string[] } {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw fault('L012', 'proof', 'is no proof', 'make one with palisade ledger prove');
  }
}
