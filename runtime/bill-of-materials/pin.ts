import { fault } from './fault';

/** A model of somebody else's, and the one file that it is. */
export interface PinnedModel {
  readonly name: string;
  readonly version: string;
  /** SHA-256 of the file, in small hexadecimal digits. */
  readonly sha256: string;
  /** Where it was fetched from: an https URL. */
  readonly source: string;
  /** SPDX identifier. */
  readonly licence: string;
}

/**
 * Accepts a pretrained model's file by its digest, and by nothing else: a name or a version can be given to another file.
 *
 * Throws PALISADE-S042 where the digest is not that of the pin, or there is no pin for it.
 */
export function requirePinned(pins: readonly PinnedModel[], name: string, sha256: string): PinnedModel {
  const pin = pins.find((candidate) => candidate.name === name && candidate.sha256 === sha256);
  if (!pin) {
    const known = pins.filter((candidate) => candidate.name === name).map((candidate) => candidate.sha256);
    throw fault(
      'S042',
      `model ${name}`,
      known.length > 0 ? `its SHA-256 is ${sha256}, pinned: ${known.join(', ')}` : 'is not pinned',
      'compare with what its publisher says, then pin it by a reviewed change',
    );
  }
  return pin;
}
