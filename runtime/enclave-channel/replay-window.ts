import { toHex } from './bytes';
import { fault } from './fault';

/**
 * Remembers which requests were taken, for as long as the clock check would take them again. Memory is bounded: a window
 * that is full refuses, and forgets nothing early.
 */
export class ReplayWindow {
  /** Ids by the slice of time that their requests were sealed in; a slice is forgotten whole. */
  private readonly slices = new Map<number, Set<string>>();
  private size = 0;
  /** Oldest time that is taken. It never falls, so that a clock set back reopens nothing. */
  private oldest = Number.NEGATIVE_INFINITY;

  /**
   * @param clock milliseconds since 1970
   * @param skew how far apart the clocks of client and enclave may be, in milliseconds; also how long a request may travel
   * @param capacity how many requests are remembered
   */
  constructor(
    private readonly clock: () => number,
    private readonly skew: number,
    private readonly capacity: number,
  ) {}

  /** Throws PALISADE-E202 for a request that was sealed too long ago, or in the future. */
  requireTimely(time: number): void {
    const now = this.clock();
    this.oldest = Math.max(this.oldest, now - this.skew);
    if (time < this.oldest || time > now + this.skew) {
      throw fault(
        'E202',
        'sealed request',
        `sealed at ${time}, and it is ${now}; ${this.skew} ms may be between`,
        'clock',
      );
    }
  }

  /** Takes a request once. Throws PALISADE-E202, PALISADE-E203 for the second time, PALISADE-E204 where the window is full. */
  admit(requestId: Uint8Array, time: number): void {
    this.requireTimely(time);
    this.forget();
    const slice = this.sliceOf(time);
    const ids = this.slices.get(slice) ?? new Set();
    const id = toHex(requestId);
    if (ids.has(id)) {
      throw fault('E203', 'sealed request', 'it was taken before');
    }
    if (this.size >= this.capacity) {
      throw fault('E204', 'sealed request', `${this.capacity} requests within ${2 * this.skew} ms`, 'load');
    }
    this.slices.set(slice, ids.add(id));
    this.size += 1;
  }

  private forget(): void {
    for (const [slice, ids] of this.slices) {
      if (slice < this.sliceOf(this.oldest)) {
        this.slices.delete(slice);
        this.size -= ids.size;
      }
    }
  }

  private sliceOf(time: number): number {
    return Math.floor(time / this.skew);
  }
}
