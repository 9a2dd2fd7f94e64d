import { hashStream } from '../../runtime/integrity';
import type { ObjectVersion, VaultStore, VersionReference } from '../support/vault-store';
import { mismatch, refusal } from './refusal';

/** One version of a delivered object, with the SHA-256 of its content. */
export interface DeliveredVersion extends VersionReference {
  readonly size: number;
  readonly sha256: string;
}

/** Reads the current version to its end, hashes it, and compares with what its sender declared. */
export async function readDelivered(store: VaultStore, key: string): Promise<DeliveredVersion> {
  const object = await store.open(key);
  requireChecked(object);
  const { size, sha256 } = await hashStream(object.body);
  if (size !== object.size) {
    throw mismatch(key, `${object.size} bytes`, `${size} bytes`);
  }
  if (object.sha256 !== undefined && object.sha256 !== sha256) {
    throw mismatch(key, object.sha256, sha256);
  }
  return { key, versionId: object.versionId, size, sha256 };
}

/** The same of an object that was read before: what S3 keeps is enough, where it holds a SHA-256 of the whole. */
export async function recallDelivered(store: VaultStore, key: string): Promise<DeliveredVersion> {
  const object = await store.describe(key);
  requireChecked(object);
  const { versionId, size, sha256 } = object;
  return sha256 === undefined ? readDelivered(store, key) : { key, versionId, size, sha256 };
}

function requireChecked({ key, checked }: ObjectVersion): void {
  if (!checked) {
    throw refusal(
      'PALISADE-D204',
      key,
      'delivered without a SHA-256: S3 could not check that these are the bytes that were sent',
      'upload it again with checksum algorithm SHA256 (AWS CLI: --checksum-algorithm SHA256)',
    );
  }
}
