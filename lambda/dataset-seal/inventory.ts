import { pathUnder, type VaultPlace } from '../../runtime/integrity';
import type { ListedObject, VaultStore } from '../support/vault-store';
import { differs, refusal } from './refusal';

/** Objects of one dataset version by their path in it. */
export type Inventory = ReadonlyMap<string, ListedObject>;

/** Keeps the manifest below 50 MB. */
const MAXIMUM_OBJECTS = 100_000;
/** CopyObject takes objects up to 5 GiB (Amazon S3 API Reference, "CopyObject"). */
const MAXIMUM_COPY_BYTES = 5 * 2 ** 30;

/** What lies under a prefix. Folder markers, which the S3 console makes, are no objects. */
export async function takeInventory(store: VaultStore, prefix: string): Promise<Inventory> {
  const inventory = new Map<string, ListedObject>();
  for await (const object of store.list(prefix)) {
    if (object.key.endsWith('/') && object.size === 0) {
      continue;
    }
    inventory.set(pathUnder(prefix, object.key), object);
    if (inventory.size > MAXIMUM_OBJECTS) {
      throw refusal(
        'PALISADE-D202',
        prefix,
        `more than ${MAXIMUM_OBJECTS} objects`,
        'pack small files into larger ones',
      );
    }
  }
  return inventory;
}

/** Refuses a delivery that cannot be copied whole. */
export function requireDelivery(delivered: Inventory, place: VaultPlace): void {
  if (delivered.size === 0) {
    throw refusal('PALISADE-D202', place.quarantine, 'nothing was delivered', 'upload the data there first');
  }
  for (const { key, size } of delivered.values()) {
    if (size > MAXIMUM_COPY_BYTES) {
      const problem = `${size} bytes, S3 copies at most ${MAXIMUM_COPY_BYTES} at once`;
      throw refusal('PALISADE-D203', key, problem, 'split the object into shards');
    }
  }
}

/** Refuses what a sealing that stopped half way approved, and that has been withdrawn since. */
export function requireNothingElse(approved: Inventory, delivered: Inventory): void {
  for (const [path, { key }] of approved) {
    if (!delivered.has(path)) {
      throw differs(key, 'an earlier sealing approved it, and it is not in quarantine any more');
    }
  }
}
