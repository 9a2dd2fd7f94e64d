import { type DatasetSeal, readSeal, type VaultPlace } from '../../runtime/integrity';
import type { VaultStore, VersionReference } from './vault-store';

/** A seal, and the object that holds it. */
export interface StoredSeal {
  readonly seal: DatasetSeal;
  readonly object: VersionReference;
}

/**
 * Reads the seal of a dataset version, or gives undefined when it has none. Throws PALISADE-S006 for a file that is
 * no seal.
 *
 * Looks for it in a listing first: to a role that may list parts of a bucket only, S3 answers 403 for what is not
 * there.
 */
export async function readStoredSeal(store: VaultStore, place: VaultPlace): Promise<StoredSeal | undefined> {
  for await (const { key } of store.list(place.seal)) {
    if (key === place.seal) {
      const { body, versionId } = await store.open(key);
      return { seal: readSeal(await readText(body), key), object: { key, versionId } };
    }
  }
  return undefined;
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
