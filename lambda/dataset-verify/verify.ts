import { PalisadeError } from '../../runtime/errors';
import {
  type DatasetObject,
  type DatasetVersion,
  hashStream,
  placeOf,
  requireName,
  type SignatureVerifier,
  type VaultPlace,
  verifySeal,
} from '../../runtime/integrity';
import { inParallel } from '../support/in-parallel';
import { readStoredSeal } from '../support/stored-seal';
import type { ListedObject, VaultStore } from '../support/vault-store';
import { DatasetNotSealed } from './dataset-not-sealed';

const PARALLEL_OBJECTS = 8;
/** What one call reads in its 15 minutes at 40 MB/s. */
const MAXIMUM_READ_BYTES = 32 * 2 ** 30;
const TIME_TO_SPARE_MS = 10_000;

/** What verifying needs from outside. */
export interface VerifyDependencies {
  readonly store: VaultStore;
  /** The key that the vault's seals are signed with. */
  readonly keyId: string;
  readonly verifier: SignatureVerifier;
  /** Milliseconds before the function is stopped. */
  remainingMs(): number;
}

/**
 * How far a check went. `content`: every byte was read. `stored-checksums`: above 32 GiB, the SHA-256 that S3 computed
 * of each version when the sealing function wrote it; a version of an object cannot be changed afterwards.
 */
export type VerificationDepth = 'content' | 'stored-checksums';

/** The answer. There is one only when the seal holds. */
export interface VerifyReceipt extends DatasetVersion {
  readonly verified: true;
  /** Always empty; what changed is in the error. */
  readonly changes: readonly [];
  /** Prefix of the sealed objects, with a slash at its end. */
  readonly prefix: string;
  /** Names the content; see `DatasetManifest.root`. */
  readonly manifestRoot: string;
  readonly objects: number;
  readonly bytes: number;
  readonly depth: VerificationDepth;
}

/**
 * Verifies that a dataset version is now what was sealed: the signature by the vault's key, and the content of every
 * object that lies there. So that a state machine stops, it throws when the seal does not hold.
 *
 * Throws `DatasetNotSealed` (PALISADE-D301, PALISADE-D302), PALISADE-D303 when the time ran out, PALISADE-S003 for
 * names that cannot be, PALISADE-S006 for a file that is no seal.
 */
export async function verify(event: unknown, dependencies: VerifyDependencies): Promise<VerifyReceipt> {
  const fields = (event ?? {}) as Record<string, unknown>;
  const dataset = requireName('dataset', fields.dataset ?? fields.name);
  const version = requireName('version', fields.version);
  const place = placeOf(dataset, version);
  const { store, keyId, verifier } = dependencies;
  const stored = await readStoredSeal(store, place);
  if (!stored) {
    throw new DatasetNotSealed(place.data, []);
  }
  const listed = await listAll(store, place.data);
  const bytes = listed.reduce((sum, { size }) => sum + size, 0);
  const depth = bytes > MAXIMUM_READ_BYTES ? 'stored-checksums' : 'content';
  const found = readObjects(listed, depth, place, dependencies);
  const { verified, changes } = await verifySeal(stored.seal, found, { dataset, version, keyId, verifier });
  if (!verified) {
    throw new DatasetNotSealed(place.data, changes);
  }
  const { purpose, root, objects } = stored.seal.manifest;
  return {
    verified: true,
    changes: [],
    dataset,
    version,
    purpose,
    prefix: place.data,
    manifestRoot: root,
    objects: objects.length,
    bytes,
    depth,
  };
}

async function listAll(store: VaultStore, prefix: string): Promise<ListedObject[]> {
  const listed: ListedObject[] = [];
  for await (const object of store.list(prefix)) {
    listed.push(object);
  }
  return listed;
}

/** What lies there now. Lazy: nothing is read when the manifest already fails. */
function readObjects(
  listed: ListedObject[],
  depth: VerificationDepth,
  place: VaultPlace,
  { store, remainingMs }: VerifyDependencies,
): AsyncIterable<DatasetObject> {
  return inParallel(listed, PARALLEL_OBJECTS, async ({ key }) => {
    if (remainingMs() < TIME_TO_SPARE_MS) {
      throw new PalisadeError({
        code: 'PALISADE-D303',
        where: place.data,
        problem: 'not read in the time that a function has',
        fix: 'pack small files into larger ones, or make several dataset versions of it',
      });
    }
    const object = depth === 'content' ? await contentOf(store, key) : await checksumOf(store, key);
    return { ...object, key: key.slice(place.data.length) };
  });
}

async function contentOf(store: VaultStore, key: string): Promise<DatasetObject> {
  const { body, versionId } = await store.open(key);
  return { key, versionId, ...(await hashStream(body)) };
}

async function checksumOf(store: VaultStore, key: string): Promise<DatasetObject> {
  const { versionId, size, sha256 } = await store.describe(key);
  return sha256 === undefined ? contentOf(store, key) : { key, versionId, size, sha256 };
}
