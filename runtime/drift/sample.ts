import { createHash } from 'node:crypto';
import type { StoredObject } from '../training/object-store';

/** What one run may read. */
export interface SampleBounds {
  readonly objects: number;
  readonly bytes: number;
}

/** How much of a day was read. */
export interface SampleSize extends SampleBounds {
  /** Objects and bytes that there were. */
  readonly of: SampleBounds;
  /** Whether that is all of it. */
  readonly complete: boolean;
}

/**
 * Chooses what is read within the bounds: all, or the objects whose hashed keys come first, so that no hour is preferred
 * and another run chooses the same.
 */
export function sampleOf(
  found: readonly StoredObject[],
  bounds: SampleBounds,
): { readonly chosen: StoredObject[]; readonly size: SampleSize } {
  const hashed = found.map((object) => ({ object, hash: createHash('sha256').update(object.key).digest('hex') }));
  hashed.sort((one, other) => (one.hash < other.hash ? -1 : 1));
  const chosen: StoredObject[] = [];
  let bytes = 0;
  for (const { object } of hashed) {
    if (chosen.length < bounds.objects && bytes + object.bytes <= bounds.bytes) {
      chosen.push(object);
      bytes += object.bytes;
    }
  }
  const of = { objects: found.length, bytes: found.reduce((total, object) => total + object.bytes, 0) };
  const size = { objects: chosen.length, bytes, of, complete: chosen.length === found.length };
  return { chosen, size };
}
