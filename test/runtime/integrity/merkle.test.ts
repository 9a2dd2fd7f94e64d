import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import {
  consistencyProof,
  inclusionProof,
  leafHash,
  MerkleRoot,
  merkleRoot,
  verifyConsistency,
  verifyInclusion,
} from '../../../runtime/integrity';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const leaf = (index: number) => leafHash(Buffer.from(String(index)));
const leaves = (count: number) => Array.from({ length: count }, (_unused, index) => leaf(index));
const sizes = fc.integer({ min: 1, max: 70 });

/** MTH of RFC 6962, section 2.1, word for word. */
function rootByDefinition(hashes: Uint8Array[]): Uint8Array {
  if (hashes.length <= 1) {
    return hashes[0] ?? createHash('sha256').digest();
  }
  const split = 2 ** Math.ceil(Math.log2(hashes.length) - 1);
  const [left, right] = [hashes.slice(0, split), hashes.slice(split)].map(rootByDefinition);
  return createHash('sha256').update(Uint8Array.of(1)).update(left).update(right).digest();
}

/** The eight entries, and the roots over them, that implementations of RFC 6962 share as a reference. */
const ENTRIES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

test('the roots of the shared reference tree', () => {
  const root = new MerkleRoot();
  const roots = ENTRIES.map((entry) => {
    root.append(leafHash(Buffer.from(entry, 'hex')));
    return hex(root.digest());
  });
  expect(roots).toEqual(ROOTS);
});

test('an empty tree has the hash of no bytes as its root', () => {
  expect(hex(merkleRoot([]))).toBe(createHash('sha256').digest('hex'));
});

test('the iterative root is the one that the definition gives', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 70 }), (count) => {
      expect(hex(merkleRoot(leaves(count)))).toBe(hex(rootByDefinition(leaves(count))));
    }),
  );
});

test('every leaf of every tree has a proof, and it holds for that leaf, place and size only', () => {
  fc.assert(
    fc.property(sizes, fc.nat(), fc.nat(), (size, position, other) => {
      const index = position % size;
      const hashes = leaves(size);
      const proof = inclusionProof(hashes, index);
      const claim = { index, size, leafHash: leaf(index), root: merkleRoot(hashes) };
      expect(verifyInclusion(claim, proof)).toBe(true);
      expect(verifyInclusion({ ...claim, leafHash: leaf(size + 1) }, proof)).toBe(false);
      expect(verifyInclusion(claim, [...proof, leaf(0)])).toBe(false);
      if (size > 1) {
        expect(verifyInclusion(claim, proof.slice(1))).toBe(false);
        const wrong = (index + 1 + (other % (size - 1))) % size;
        expect(verifyInclusion({ ...claim, index: wrong }, proof)).toBe(false);
      }
    }),
  );
});

test('every tree is consistent with each tree that it grew from, and with no other', () => {
  fc.assert(
    fc.property(sizes, fc.nat(), (newSize, position) => {
      const oldSize = 1 + (position % newSize);
      const hashes = leaves(newSize);
      const claim = {
        oldSize,
        newSize,
        oldRoot: merkleRoot(hashes.slice(0, oldSize)),
        newRoot: merkleRoot(hashes),
      };
      const proof = consistencyProof(hashes, oldSize);
      expect(verifyConsistency(claim, proof)).toBe(true);
      expect(verifyConsistency({ ...claim, oldRoot: leaf(newSize + 1) }, proof)).toBe(false);
      expect(verifyConsistency({ ...claim, newRoot: leaf(newSize + 1) }, proof)).toBe(false);
      expect(verifyConsistency(claim, [...proof, leaf(0)])).toBe(false);
    }),
  );
});

test('any bit of a proof counts', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 40 }), fc.nat(), fc.nat(), (size, position, bit) => {
      const hashes = leaves(size);
      const index = position % size;
      const proof = inclusionProof(hashes, index).map((hash) => Buffer.from(hash));
      const step = proof[bit % proof.length];
      step[bit % 32] ^= 1 << (bit % 8);
      expect(verifyInclusion({ index, size, leafHash: leaf(index), root: merkleRoot(hashes) }, proof)).toBe(false);
    }),
  );
});

test('positions beyond 32 bits are not cut', () => {
  const [size, index] = [2 ** 40, 2 ** 33 + 1];
  const proof = Array.from({ length: 40 }, (_unused, level) => leaf(level));
  const root = proof.reduce((hash, sibling, level) => {
    const odd = Math.floor(index / 2 ** level) % 2 === 1;
    const [left, right] = odd ? [sibling, hash] : [hash, sibling];
    return createHash('sha256').update(Uint8Array.of(1)).update(left).update(right).digest();
  }, leaf(99));
  expect(verifyInclusion({ index, size, leafHash: leaf(99), root }, proof)).toBe(true);
  expect(verifyInclusion({ index: 1, size, leafHash: leaf(99), root }, proof)).toBe(false);
});

test.each([
  () => inclusionProof(leaves(3), 3),
  () => inclusionProof(leaves(3), -1),
  () => inclusionProof([], 0),
  () => consistencyProof(leaves(3), 0),
  () => consistencyProof(leaves(3), 4),
  () => consistencyProof(leaves(3), 1.5),
])('asking for what is not in the tree is a coded error', (ask) => {
  expect(ask).toThrow(expect.objectContaining({ code: 'PALISADE-S002' }));
});

test('proofs are checked without assumptions about their form', () => {
  const root = merkleRoot(leaves(2));
  const claim = { index: 0, size: 2, leafHash: leaf(0), root };
  expect(verifyInclusion(claim, [leaf(1)])).toBe(true);
  expect(verifyInclusion(claim, [leaf(1).subarray(1)])).toBe(false);
  expect(verifyInclusion({ ...claim, index: 0.5 }, [leaf(1)])).toBe(false);
  expect(verifyInclusion({ ...claim, size: Number.NaN }, [leaf(1)])).toBe(false);
  expect(verifyInclusion({ ...claim, index: -1 }, [leaf(1)])).toBe(false);
});
