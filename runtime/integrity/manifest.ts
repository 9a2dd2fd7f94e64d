import { PalisadeError } from '../errors';
import { type CanonicalValue, canonicalJson } from './canonical-json';
import type { ContentDigest } from './hash-stream';
import { leafHash, MerkleRoot } from './merkle';
import { requireName, requireRelativeKey } from './names';

/** Names the form of a manifest; a changed form gets another number. */
export const MANIFEST_FORMAT = 'palisade-dataset/1';

/** One object of a dataset. */
export interface DatasetObject extends ContentDigest {
  /** Path inside the dataset version, with slashes. */
  readonly key: string;
  /** Version in the versioned store. @default - the store keeps no versions */
  readonly versionId?: string;
}

/** What a manifest is about. */
export interface DatasetVersion {
  /** Name of the dataset. */
  readonly dataset: string;
  /** Its version, as its owner counts. */
  readonly version: string;
  /** The one purpose it may be read for. */
  readonly purpose: string;
}

/** What a dataset version consists of. */
export interface DatasetManifest extends DatasetVersion {
  readonly format: typeof MANIFEST_FORMAT;
  /** When it was sealed: ISO 8601 in UTC, to the second. */
  readonly sealedAt: string;
  /** Sorted by the UTF-8 bytes of their keys, as S3 lists them. */
  readonly objects: readonly DatasetObject[];
  /** RFC 6962 root over key, size and SHA-256 of the objects, in hexadecimal digits: the same for the same content anywhere. */
  readonly root: string;
}

const SHA256 = /^[0-9a-f]{64}$/;

/**
 * Describes a dataset version. The order of `objects` has no effect.
 *
 * Throws PALISADE-S003 for a bad name, PALISADE-S004 for a bad key, PALISADE-S005 for no objects, a key that occurs
 * twice, or an object without size or SHA-256.
 */
export function createManifest(
  about: DatasetVersion,
  objects: Iterable<DatasetObject>,
  sealedAt: Date,
): DatasetManifest {
  const sorted = Array.from(objects, requireObject).sort((left, right) => compareKeys(left.key, right.key));
  requireDistinct(sorted, about);
  return {
    format: MANIFEST_FORMAT,
    dataset: requireName('dataset', about.dataset),
    version: requireName('version', about.version),
    purpose: requireName('purpose', about.purpose),
    sealedAt: `${sealedAt.toISOString().slice(0, 19)}Z`,
    objects: sorted,
    root: rootOf(sorted),
  };
}

/** The text that is signed. */
export function manifestText(manifest: DatasetManifest): string {
  return canonicalJson(manifest as unknown as CanonicalValue);
}

/** Root over sorted objects. Versions of a store are left out, so that the root names the content alone. */
export function rootOf(objects: Iterable<DatasetObject>): string {
  const root = new MerkleRoot();
  for (const { key, size, sha256 } of objects) {
    root.append(leafHash(Buffer.from(canonicalJson({ key, size, sha256 }))));
  }
  return Buffer.from(root.digest()).toString('hex');
}

/** Order of UTF-8 bytes; JavaScript's own is by UTF-16 units, which differs beyond U+FFFF. */
export function compareKeys(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

function requireObject({ key, size, sha256, versionId }: DatasetObject): DatasetObject {
  requireRelativeKey(key);
  const versioned = versionId === undefined || (typeof versionId === 'string' && versionId.length > 0);
  if (!Number.isSafeInteger(size) || size < 0 || !SHA256.test(sha256) || !versioned) {
    throw notADataset(key, 'the object has no size, SHA-256 or version', 'hash the object first');
  }
  return versionId === undefined ? { key, size, sha256 } : { key, size, sha256, versionId };
}

function requireDistinct(sorted: readonly DatasetObject[], about: DatasetVersion): void {
  if (sorted.length === 0) {
    throw notADataset(`${about.dataset}/${about.version}`, 'there are no objects', 'deliver the data first');
  }
  const twice = sorted.find(({ key }, index) => key === sorted[index + 1]?.key);
  if (twice) {
    throw notADataset(twice.key, 'the key occurs twice', 'give each object once');
  }
}

function notADataset(where: string, problem: string, fix: string): PalisadeError {
  return new PalisadeError({ code: 'PALISADE-S005', where, problem, fix });
}
