import { type DatasetManifest, type DatasetObject, rootOf } from './manifest';
import { type DatasetSeal, manifestDigest } from './seal';
import type { SignatureVerifier } from './signer';

/** What differs between a seal and what was found. */
export type SealChangeKind =
  /** The seal names a key that is not trusted: somebody else signed it. */
  | 'other-signer'
  /** The seal is that of another dataset or version. */
  | 'other-dataset'
  /** The manifest is not the one that was signed, or its root does not follow from its objects. */
  | 'manifest-edited'
  /** The object has another content. */
  | 'altered'
  /** The object has the same content in another version: it was written again after sealing. */
  | 'rewritten'
  /** A sealed object is not there. */
  | 'missing'
  /** An object is there that was not sealed. */
  | 'extra';

/** One difference. */
export interface SealChange {
  readonly kind: SealChangeKind;
  /** The object, or the signing key for `other-signer`; absent when the manifest is at fault. */
  readonly key?: string;
  /** What was found, where something was expected. */
  readonly found?: string;
  /** What the seal says. */
  readonly expected?: string;
}

/** The result of a check. */
export interface SealVerification {
  /** True when nothing differs. */
  readonly verified: boolean;
  readonly changes: SealChange[];
}

/** What a seal has to be: of which dataset version, and by whom. */
export interface SealExpectation {
  readonly dataset: string;
  readonly version: string;
  /** The one key that is trusted. */
  readonly keyId: string;
  /** Checks that key's signatures. */
  readonly verifier: SignatureVerifier;
}

/**
 * Compares a seal with what is stored now, and says exactly what changed.
 *
 * The signature comes first. When the manifest is not what the trusted key signed for this
 * dataset version, `found` is not read: a manifest that
 * nobody vouches for says nothing about objects. Rejects only when the signature or an object could not be checked.
 *
 * @param found every object of the dataset version, in any order, read as it is stored now
 */
export async function verifySeal(
  seal: DatasetSeal,
  found: AsyncIterable<DatasetObject> | Iterable<DatasetObject>,
  expected: SealExpectation,
): Promise<SealVerification> {
  const forged = await manifestChanges(seal, expected);
  const changes = forged.length > 0 ? forged : await objectChanges(seal.manifest, found);
  return { verified: changes.length === 0, changes };
}

async function manifestChanges({ manifest, signature }: DatasetSeal, expected: SealExpectation): Promise<SealChange[]> {
  if (signature.keyId !== expected.keyId) {
    return [{ kind: 'other-signer', key: signature.keyId, expected: expected.keyId, found: signature.keyId }];
  }
  const value = Buffer.from(signature.value, 'base64');
  if (!(await expected.verifier.verify(manifestDigest(manifest), value, expected.keyId))) {
    return [{ kind: 'manifest-edited' }];
  }
  const root = rootOf(manifest.objects);
  if (root !== manifest.root) {
    return [{ kind: 'manifest-edited', expected: root, found: manifest.root }];
  }
  const [asked, found] = [expected, manifest].map(({ dataset, version }) => `${dataset}/${version}`);
  return asked === found ? [] : [{ kind: 'other-dataset', expected: asked, found }];
}

async function objectChanges(
  manifest: DatasetManifest,
  found: AsyncIterable<DatasetObject> | Iterable<DatasetObject>,
): Promise<SealChange[]> {
  const unseen = new Map(manifest.objects.map((object) => [object.key, object]));
  const changes: SealChange[] = [];
  for await (const object of found) {
    const sealed = unseen.get(object.key);
    unseen.delete(object.key);
    changes.push(...compare(sealed, object));
  }
  for (const { key, sha256 } of unseen.values()) {
    changes.push({ kind: 'missing', key, expected: sha256 });
  }
  return changes;
}

function compare(sealed: DatasetObject | undefined, object: DatasetObject): SealChange[] {
  const { key } = object;
  if (!sealed) {
    return [{ kind: 'extra', key, found: object.sha256 }];
  }
  if (sealed.sha256 !== object.sha256) {
    return [{ kind: 'altered', key, expected: sealed.sha256, found: object.sha256 }];
  }
  if (sealed.versionId !== object.versionId) {
    return [{ kind: 'rewritten', key, expected: sealed.versionId, found: object.versionId }];
  }
  return [];
}
