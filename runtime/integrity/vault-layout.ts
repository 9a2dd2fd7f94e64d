import { requireName, requireRelativeKey } from './names';

/** Prefix of what was delivered and not yet judged. Nobody but the sealing function reads it. */
export const QUARANTINE = 'quarantine';
/** Prefix of what was sealed. Nobody but the sealing function writes it, and nobody deletes it. */
export const APPROVED = 'approved';
/** Object tag that opens reading. */
export const SEAL_TAG = 'palisade:seal';
/** Its value. */
export const SEALED = 'sealed';
/** Object tag with the purpose that the data may be read for. */
export const PURPOSE_TAG = 'palisade:purpose';

/** Where one dataset version lies in its vault. Prefixes end with a slash. */
export interface VaultPlace {
  /** Where it is delivered. */
  readonly quarantine: string;
  /** Where its sealed objects lie. */
  readonly data: string;
  /** Key of its seal, beside the data and not among it, so that a training job does not download it. */
  readonly seal: string;
}

/** Finds a dataset version. Throws PALISADE-S003 for names that cannot be part of a key. */
export function placeOf(dataset: string, version: string): VaultPlace {
  const folder = `${requireName('dataset', dataset)}/${requireName('version', version)}`;
  return {
    quarantine: `${QUARANTINE}/${folder}/`,
    data: `${APPROVED}/${folder}/data/`,
    seal: `${APPROVED}/${folder}/seal.json`,
  };
}

/** The path inside a dataset version. Throws PALISADE-S004 for a key that is no file path. */
export function pathUnder(prefix: string, key: string): string {
  return requireRelativeKey(key.slice(prefix.length));
}
