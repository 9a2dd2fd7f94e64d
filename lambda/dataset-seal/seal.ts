import {
  type DatasetManifest,
  type DatasetObject,
  type DatasetVersion,
  PURPOSE_TAG,
  placeOf,
  SEAL_TAG,
  SEALED,
  type SignatureVerifier,
  type Signer,
  sealDataset,
  sealText,
  type VaultPlace,
  verifySeal,
} from '../../runtime/integrity';
import { inParallel } from '../support/in-parallel';
import { digestOf, type OwnEvent } from '../support/ledger-client';
import { readStoredSeal, type StoredSeal } from '../support/stored-seal';
import type { VaultStore } from '../support/vault-store';
import { type Inventory, requireDelivery, requireNothingElse, takeInventory } from './inventory';
import { readDelivered, recallDelivered } from './read-delivered';
import { differs, mismatch, refusal } from './refusal';
import { parseRequest } from './request';

/** Few enough that eight of the largest objects pass within one call at 50 MB/s. */
const PARALLEL_OBJECTS = 8;
/** No object is begun later than this before the end. What does not finish is done by the next call. */
const TIME_TO_SPARE_MS = 120_000;

/** What sealing needs from outside. */
export interface SealDependencies {
  readonly store: VaultStore;
  readonly signer: Signer & SignatureVerifier;
  /** Purposes that this vault's data may be sealed for; the first is the default. */
  readonly purposes: readonly string[];
  /** Records an event in the ledger. @default - there is no ledger */
  readonly record?: (event: OwnEvent) => Promise<unknown>;
  /** The time that the manifest states. */
  now(): Date;
  /** Milliseconds before the function is stopped. */
  remainingMs(): number;
}

/** The answer. */
export interface SealReceipt extends DatasetVersion {
  /** Prefix of the sealed objects, with a slash at its end. */
  readonly prefix: string;
  /** Key of the seal. */
  readonly seal: string;
  /** Names the content; see `DatasetManifest.root`. */
  readonly manifestRoot: string;
  readonly objects: number;
  readonly bytes: number;
  /** False when the same content had been sealed before. */
  readonly created: boolean;
}

/**
 * Judges what was delivered and seals it: reads and hashes every object, copies exactly that version from quarantine
 * to approved, compares the hash with the one that S3 computed of its copy, signs the manifest, and last of all sets
 * the tags that open reading. Where there is a ledger, it has the seal before anybody reads. A call that stopped half way is called again and goes on.
 *
 * A version is sealed once. The same content again gives the seal that is there; another content is refused.
 *
 * Throws PALISADE-S003 and PALISADE-S004 for names and keys that cannot be kept, PALISADE-S006 for a broken seal, and
 * - PALISADE-D201 for a purpose that the vault does not serve
 * - PALISADE-D202 when nothing was delivered, or too many objects
 * - PALISADE-D203 for an object too large to be copied
 * - PALISADE-D204 for an object that S3 did not check against a SHA-256 when it was delivered
 * - PALISADE-D205 when bytes are not those of their checksum
 * - PALISADE-D206 when the version stands for another content already
 * - PALISADE-D207 when the time ran out: call again
 * - PALISADE-D208 for a seal that the vault's key does not vouch for
 */
export async function seal(event: unknown, dependencies: SealDependencies): Promise<SealReceipt> {
  const about = parseRequest(event, dependencies.purposes);
  const place = placeOf(about.dataset, about.version);
  const { store } = dependencies;
  const delivered = await takeInventory(store, place.quarantine);
  const existing = await readStoredSeal(store, place);
  const stored = existing
    ? await requireSame(existing, about, delivered, dependencies)
    : await sealNew(about, delivered, place, dependencies);
  await dependencies.record?.(eventOf(stored));
  await openReading(stored, place, dependencies);
  return receiptOf(stored.seal.manifest, place, !existing);
}

async function sealNew(
  about: DatasetVersion,
  delivered: Inventory,
  place: VaultPlace,
  dependencies: SealDependencies,
): Promise<StoredSeal> {
  const { store, signer, now } = dependencies;
  requireDelivery(delivered, place);
  const approved = await takeInventory(store, place.data);
  requireNothingElse(approved, delivered);
  const objects = await approve(delivered, approved, place, dependencies);
  const sealed = await sealDataset(about, objects, signer, now());
  if (!(await store.writeOnce(place.seal, sealText(sealed)))) {
    throw differs(place.seal, 'another call sealed it meanwhile');
  }
  return { seal: sealed, object: await store.describe(place.seal) };
}

/** Copies every object, unless an earlier call did, and gives what the manifest says of it. */
async function approve(
  delivered: Inventory,
  approved: Inventory,
  place: VaultPlace,
  { store, remainingMs }: SealDependencies,
): Promise<DatasetObject[]> {
  const copyOne = async ([path, { key }]: [string, { key: string }]): Promise<DatasetObject> => {
    requireTime(remainingMs(), place);
    const target = `${place.data}${path}`;
    if (approved.has(path)) {
      const { size, sha256 } = await recallDelivered(store, key);
      const copy = await store.describe(target);
      if (copy.sha256 !== sha256) {
        throw differs(target, 'an earlier sealing approved another content');
      }
      return { key: path, size, sha256, versionId: copy.versionId };
    }
    const source = await readDelivered(store, key);
    const copy = await store.copy(source, target);
    if (copy.sha256 !== source.sha256) {
      throw mismatch(target, source.sha256, copy.sha256);
    }
    return { key: path, size: source.size, sha256: source.sha256, versionId: copy.versionId };
  };
  const objects: DatasetObject[] = [];
  for await (const object of inParallel(delivered, PARALLEL_OBJECTS, copyOne)) {
    objects.push(object);
  }
  return objects;
}

/** The version was sealed before: fine, if what is delivered now, if anything, is what was sealed. */
async function requireSame(
  existing: StoredSeal,
  about: DatasetVersion,
  delivered: Inventory,
  { store, signer, remainingMs }: SealDependencies,
): Promise<StoredSeal> {
  const { manifest } = existing.seal;
  const { key } = existing.object;
  const place = placeOf(about.dataset, about.version);
  const expected = { ...about, keyId: signer.keyId, verifier: signer };
  const [change] = (await verifySeal(existing.seal, manifest.objects, expected)).changes;
  if (change) {
    throw refusal('PALISADE-D208', key, `it does not hold: ${change.kind}`, 'find out who wrote it');
  }
  if (manifest.purpose !== about.purpose) {
    throw differs(key, `it is sealed for '${manifest.purpose}'`);
  }
  const sealed = new Map(manifest.objects.map((object) => [object.key, object.sha256]));
  if (
    delivered.size > 0 &&
    (delivered.size !== sealed.size || [...delivered.keys()].some((path) => !sealed.has(path)))
  ) {
    throw differs(key, 'other objects were sealed than are delivered now');
  }
  const compareOne = async ([path, object]: [string, { key: string }]): Promise<void> => {
    requireTime(remainingMs(), place);
    if ((await recallDelivered(store, object.key)).sha256 !== sealed.get(path)) {
      throw differs(object.key, 'another content was sealed');
    }
  };
  await finish(inParallel(delivered, PARALLEL_OBJECTS, compareOne));
  return existing;
}

/** A version is sealed once, so repeating it says the same. */
function eventOf({ seal: sealed }: StoredSeal): OwnEvent {
  const { dataset, version } = sealed.manifest;
  const subject = `datasets/${dataset}/${version}`;
  return { kind: 'seal', outcome: 'sealed', subject, digest: digestOf(sealText(sealed)), request: subject };
}

/** Tags the sealed versions for their purpose; the seal itself last. Repeating it is harmless. */
async function openReading(
  { seal: { manifest }, object }: StoredSeal,
  place: VaultPlace,
  { store, remainingMs }: SealDependencies,
): Promise<void> {
  const tags = { [SEAL_TAG]: SEALED, [PURPOSE_TAG]: manifest.purpose };
  const tagOne = async ({ key, versionId = '' }: DatasetObject): Promise<void> => {
    requireTime(remainingMs(), place);
    await store.tag({ key: `${place.data}${key}`, versionId }, tags);
  };
  await finish(inParallel(manifest.objects, PARALLEL_OBJECTS, tagOne));
  await store.tag(object, tags);
}

async function finish(work: AsyncIterable<void>): Promise<void> {
  for await (const _done of work) {
    // Each piece of work throws when it fails; there is nothing to keep.
  }
}

function receiptOf(manifest: DatasetManifest, place: VaultPlace, created: boolean): SealReceipt {
  return {
    dataset: manifest.dataset,
    version: manifest.version,
    purpose: manifest.purpose,
    prefix: place.data,
    seal: place.seal,
    manifestRoot: manifest.root,
    objects: manifest.objects.length,
    bytes: manifest.objects.reduce((sum, { size }) => sum + size, 0),
    created,
  };
}

function requireTime(remainingMs: number, place: VaultPlace): void {
  if (remainingMs < TIME_TO_SPARE_MS) {
    throw refusal(
      'PALISADE-D207',
      place.quarantine,
      'not finished in the time that a function has',
      'call again: it goes on where it stopped. If it never ends, make several dataset versions of it',
    );
  }
}
