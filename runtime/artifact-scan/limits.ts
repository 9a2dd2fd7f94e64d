import { SCAN_CODES, ScanStop } from './verdict';

/** Bounds of one scan. */
export interface ScanLimits {
  /** Entries in all archives together. */
  readonly entries: number;
  /** Decompressed bytes in all archives together. */
  readonly bytes: number;
  /** Decompressed bytes for each compressed byte, judged beyond the first 16 MiB. */
  readonly ratio: number;
  /** Archives within archives; `model.tar.gz` takes two. */
  readonly depth: number;
}

/** 10,000 entries, 20 GiB unpacked, 200 to 1, four levels. DEFLATE itself reaches at most 1,032 to 1. */
export const DEFAULT_SCAN_LIMITS: ScanLimits = { entries: 10_000, bytes: 20 * 2 ** 30, ratio: 200, depth: 4 };

const RATIO_FREE_BYTES = 16 * 2 ** 20;

/** What is left of the limits during a scan. */
export class ScanBudget {
  private entries = 0;
  private bytes = 0;

  constructor(readonly limits: ScanLimits) {}

  /** Counts one archive entry. */
  entry(): void {
    this.entries += 1;
    if (this.entries > this.limits.entries) {
      throw exceeded(`more than ${this.limits.entries} entries`);
    }
  }

  /** Counts `added` decompressed bytes of a stream that so far gave `out` bytes for `consumed` compressed ones. */
  decompressed(added: number, out: number, consumed: number): void {
    this.bytes += added;
    if (this.bytes > this.limits.bytes) {
      throw exceeded(`more than ${this.limits.bytes} bytes after decompression`);
    }
    if (out > RATIO_FREE_BYTES && out > consumed * this.limits.ratio) {
      throw exceeded(`compression above ${this.limits.ratio} to 1`);
    }
  }

  /** Refuses an archive at `depth` levels of nesting. */
  nesting(depth: number): void {
    if (depth >= this.limits.depth) {
      throw exceeded(`archives nested deeper than ${this.limits.depth}`);
    }
  }
}

function exceeded(problem: string): ScanStop {
  return new ScanStop(SCAN_CODES.LIMIT, 'unsafe', problem);
}
