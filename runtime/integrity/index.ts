export { type CanonicalValue, canonicalJson } from './canonical-json';
export { type ContentDigest, hashStream } from './hash-stream';
export {
  createManifest,
  type DatasetManifest,
  type DatasetObject,
  type DatasetVersion,
  MANIFEST_FORMAT,
  manifestText,
  rootOf,
} from './manifest';
export {
  type Consistency,
  consistencyProof,
  type Inclusion,
  inclusionProof,
  leafHash,
  MerkleRoot,
  merkleRoot,
  type Subtree,
  verifyConsistency,
  verifyInclusion,
} from './merkle';
export { requireName, requireRelativeKey } from './names';
export { readSeal } from './read-seal';
export {
  type DatasetSeal,
  manifestDigest,
  SEAL_ALGORITHM,
  type SealSignature,
  sealDataset,
  sealText,
} from './seal';
export type { SignatureVerifier, Signer } from './signer';
export {
  APPROVED,
  PURPOSE_TAG,
  pathUnder,
  placeOf,
  QUARANTINE,
  SEAL_TAG,
  SEALED,
  type VaultPlace,
} from './vault-layout';
export {
  type SealChange,
  type SealChangeKind,
  type SealExpectation,
  type SealVerification,
  verifySeal,
} from './verify-seal';
