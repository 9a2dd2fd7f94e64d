import { SCAN_CODES, ScanStop } from './verdict';

/** One file or folder of an archive. Its content must be taken, or skipped, before the next entry is asked for. */
export interface ArchiveEntry {
  readonly name: string;
  /** Decompressed content. */
  readonly content: AsyncIterable<Uint8Array>;
  /** Decompressed length, where the archive states it in advance. */
  readonly size?: number;
}

/** Longest path that an entry may have; Linux's PATH_MAX. */
export const MAXIMUM_PATH = 4096;

/** Refuses a path that is absolute, climbs, or means different things to different readers. */
export function requirePlainPath(name: string): void {
  const parts = name.split('/');
  const climbs = parts.includes('..') || name.startsWith('/') || /^[A-Za-z]:/.test(name);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused.
  if (climbs || /[\\\x00-\x1f\x7f\ufffd]/.test(name) || name === '' || name.length > MAXIMUM_PATH) {
    throw new ScanStop(SCAN_CODES.PATH, 'unsafe', 'an entry has a path that leaves the folder it is unpacked to');
  }
}
