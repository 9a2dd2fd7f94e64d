import { createHash, hash as hashOf } from 'node:crypto';
import { PalisadeError } from '../errors';

const HASH_BYTES = 32;
/** RFC 6962, section 2.1: the prefixes that keep a leaf from passing as a node. */
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** Hash of one entry: SHA-256(0x00 || entry). */
export function leafHash(entry: Uint8Array): Uint8Array {
  return hashOf('sha256', Buffer.concat([LEAF, entry]), 'buffer');
}

function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return hashOf('sha256', Buffer.concat([NODE, left, right]), 'buffer');
}

/** A complete part of a tree. */
export interface Subtree {
  readonly hash: Uint8Array;
  /** A power of two. */
  readonly leaves: number;
}

/**
 * Root of an RFC 6962 tree, built one leaf at a time. It holds one hash per bit of the tree's size: 27 hashes for a
 * hundred million leaves.
 */
export class MerkleRoot {
  /** Goes on where another one was: from its `frontier`. */
  static from(frontier: readonly Subtree[]): MerkleRoot {
    const root = new MerkleRoot();
    root.subtrees.push(...frontier);
    return root;
  }

  private readonly subtrees: Subtree[] = [];

  /** Roots of the complete subtrees so far, largest first. */
  get frontier(): readonly Subtree[] {
    return [...this.subtrees];
  }

  /** Adds the hash of the next leaf. */
  append(hash: Uint8Array): void {
    let subtree = { hash, leaves: 1 };
    for (let last = this.subtrees.at(-1); last?.leaves === subtree.leaves; last = this.subtrees.at(-1)) {
      subtree = { hash: nodeHash(last.hash, subtree.hash), leaves: 2 * last.leaves };
      this.subtrees.pop();
    }
    this.subtrees.push(subtree);
  }

  /** The root over the leaves so far; over none the hash of no bytes. */
  digest(): Uint8Array {
    const last = this.subtrees.at(-1);
    if (!last) {
      return createHash('sha256').digest();
    }
    return this.subtrees.slice(0, -1).reduceRight((right, left) => nodeHash(left.hash, right), last.hash);
  }
}

/** Root over leaf hashes. */
export function merkleRoot(hashes: Iterable<Uint8Array>): Uint8Array {
  const root = new MerkleRoot();
  for (const hash of hashes) {
    root.append(hash);
  }
  return root.digest();
}

/**
 * Proof that leaf `index` is in the tree over `hashes`: the audit path of RFC 6962, section 2.1.1, leaf to root.
 *
 * Throws PALISADE-S002 when there is no such leaf.
 */
export function inclusionProof(hashes: readonly Uint8Array[], index: number): Uint8Array[] {
  requireWithin(index, 0, hashes.length - 1, 'leaf');
  const path: Uint8Array[] = [];
  let [low, high] = [0, hashes.length];
  while (high - low > 1) {
    const middle = low + splitOf(high - low);
    if (index < middle) {
      path.push(merkleRoot(hashes.slice(middle, high)));
      high = middle;
    } else {
      path.push(merkleRoot(hashes.slice(low, middle)));
      low = middle;
    }
  }
  return path.reverse();
}

/**
 * Proof that the tree over `hashes` begins with its first `size` leaves (RFC 6962, section 2.1.2). Empty when that is
 * the whole tree.
 *
 * Throws PALISADE-S002 when `size` is not from 1 to the number of leaves.
 */
export function consistencyProof(hashes: readonly Uint8Array[], size: number): Uint8Array[] {
  requireWithin(size, 1, hashes.length, 'size');
  const path: Uint8Array[] = [];
  let [low, high] = [0, hashes.length];
  while (size < high) {
    const middle = low + splitOf(high - low);
    if (size <= middle) {
      path.push(merkleRoot(hashes.slice(middle, high)));
      high = middle;
    } else {
      path.push(merkleRoot(hashes.slice(low, middle)));
      low = middle;
    }
  }
  // The verifier knows the old root itself, so it is left out where the old tree is a whole subtree of the new one.
  if (low > 0) {
    path.push(merkleRoot(hashes.slice(low, high)));
  }
  return path.reverse();
}

/** A leaf, where it stands, and in which tree. */
export interface Inclusion {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Uint8Array;
  readonly root: Uint8Array;
}

/** Whether `proof` shows the leaf in the tree (RFC 9162, section 2.1.3.2). */
export function verifyInclusion(claim: Inclusion, proof: readonly Uint8Array[]): boolean {
  const { index, size } = claim;
  if (!isCount(index) || !isCount(size) || index >= size || !areHashes([claim.leafHash, claim.root, ...proof])) {
    return false;
  }
  let position = index;
  let last = size - 1;
  let hash = claim.leafHash;
  for (const sibling of proof) {
    if (last === 0) {
      return false;
    }
    if (isOdd(position) || position === last) {
      hash = nodeHash(sibling, hash);
      while (!isOdd(position) && position !== 0) {
        [position, last] = [half(position), half(last)];
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    [position, last] = [half(position), half(last)];
  }
  return last === 0 && equal(hash, claim.root);
}

/** Two sizes of one tree, with the root at each. */
export interface Consistency {
  readonly oldSize: number;
  readonly newSize: number;
  readonly oldRoot: Uint8Array;
  readonly newRoot: Uint8Array;
}

/**
 * Whether `proof` shows that the new tree begins with the old one (RFC 9162, section 2.1.4.2). An empty old tree
 * proves nothing and is refused, unless both are empty and alike.
 */
export function verifyConsistency(claim: Consistency, proof: readonly Uint8Array[]): boolean {
  const { oldSize, newSize, oldRoot, newRoot } = claim;
  if (!isCount(oldSize) || !isCount(newSize) || oldSize > newSize || !areHashes([oldRoot, newRoot, ...proof])) {
    return false;
  }
  if (oldSize === newSize) {
    return proof.length === 0 && equal(oldRoot, newRoot);
  }
  if (oldSize === 0 || proof.length === 0) {
    return false;
  }
  let position = oldSize - 1;
  let last = newSize - 1;
  while (isOdd(position)) {
    [position, last] = [half(position), half(last)];
  }
  const [first, ...rest] = position === 0 ? [oldRoot, ...proof] : proof;
  let [oldHash, newHash] = [first, first];
  for (const sibling of rest) {
    if (last === 0) {
      return false;
    }
    if (isOdd(position) || position === last) {
      [oldHash, newHash] = [nodeHash(sibling, oldHash), nodeHash(sibling, newHash)];
      while (!isOdd(position) && position !== 0) {
        [position, last] = [half(position), half(last)];
      }
    } else {
      newHash = nodeHash(newHash, sibling);
    }
    [position, last] = [half(position), half(last)];
  }
  return last === 0 && equal(oldHash, oldRoot) && equal(newHash, newRoot);
}

/** The largest power of two below `leaves`, where RFC 6962 divides a tree. */
function splitOf(leaves: number): number {
  let split = 1;
  while (2 * split < leaves) {
    split *= 2;
  }
  return split;
}

/** Arithmetic instead of bit operators, which cut numbers to 32 bits. */
function isOdd(value: number): boolean {
  return value % 2 === 1;
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function areHashes(hashes: readonly Uint8Array[]): boolean {
  return hashes.every((hash) => hash.length === HASH_BYTES);
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

function requireWithin(value: number, lowest: number, highest: number, what: string): void {
  if (!Number.isSafeInteger(value) || value < lowest || value > highest) {
    throw new PalisadeError({
      code: 'PALISADE-S002',
      where: `${what} ${value}`,
      problem: `not in the tree: expected ${lowest} to ${highest}`,
      fix: 'ask for a leaf or size that the tree has',
    });
  }
}
