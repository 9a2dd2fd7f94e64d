import { createHash } from 'node:crypto';
import { type CanonicalValue, canonicalJson } from './canonical-json';
import {
  createManifest,
  type DatasetManifest,
  type DatasetObject,
  type DatasetVersion,
  manifestText,
} from './manifest';
import type { Signer } from './signer';

/** ECDSA on P-384 over a SHA-384 digest, as KMS names it. */
export const SEAL_ALGORITHM = 'ECDSA_SHA_384';

/** Who vouches for a manifest. */
export interface SealSignature {
  readonly algorithm: typeof SEAL_ALGORITHM;
  /** The signing key, as its signer names it: for KMS the ARN. */
  readonly keyId: string;
  /** DER signature over the SHA-384 digest of the manifest's canonical text, in base64. */
  readonly value: string;
}

/** A signed manifest. */
export interface DatasetSeal {
  readonly manifest: DatasetManifest;
  readonly signature: SealSignature;
}

/**
 * Describes a dataset version and signs the description. Its errors are those of `createManifest`, and the signer's.
 *
 * @param sealedAt written into the manifest
 */
export async function sealDataset(
  about: DatasetVersion,
  objects: Iterable<DatasetObject>,
  signer: Signer,
  sealedAt: Date,
): Promise<DatasetSeal> {
  const manifest = createManifest(about, objects, sealedAt);
  const value = await signer.sign(manifestDigest(manifest));
  return {
    manifest,
    signature: { algorithm: SEAL_ALGORITHM, keyId: signer.keyId, value: Buffer.from(value).toString('base64') },
  };
}

/** The one text of a seal, as it is stored beside the data. */
export function sealText(seal: DatasetSeal): string {
  return canonicalJson(seal as unknown as CanonicalValue);
}

/** What is signed: the SHA-384 digest of the manifest's canonical text. */
export function manifestDigest(manifest: DatasetManifest): Uint8Array {
  return createHash('sha384').update(manifestText(manifest)).digest();
}
