/** How patient a circuit breaker is. */
export interface BreakerSettings {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** Milliseconds that it stays open before one call may try again. */
  readonly openFor: number;
}

/** Five in a row are no coincidence; half a minute is what a restarted container needs. */
export const BREAKER: BreakerSettings = { failures: 5, openFor: 30_000 };

/** Where a circuit breaker stands. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/**
 * Keeps calls away from a service that fails (M. Nygard, "Release It!": circuit breaker). Closed, all calls pass. After so many
 * failures in a row it opens, and none passes. After a while it is half open: one call tries, and its end closes or opens it.
 *
 * One instance remembers for one process: each instance of the gateway finds out by itself.
 */
export class CircuitBreaker {
  private failures = 0;
  /** When it opened, or when the last try began. */
  private since?: number;
  private trying = false;

  /** @param now milliseconds since the epoch */
  constructor(
    private readonly now: () => number,
    private readonly settings: BreakerSettings = BREAKER,
  ) {}

  /** Where it stands now. */
  get state(): BreakerState {
    if (this.since === undefined) {
      return 'closed';
    }
    return this.trying || this.rested() ? 'half-open' : 'open';
  }

  /**
   * Whether a call may pass. Who is let through reports the end by `succeeded`, `failed` or `abandoned`; a try that nobody
   * reports on makes room for the next after `openFor`.
   */
  allows(): boolean {
    if (this.since === undefined) {
      return true;
    }
    if (!this.rested()) {
      return false;
    }
    this.trying = true;
    this.since = this.now();
    return true;
  }

  /** The service answered. */
  succeeded(): void {
    this.failures = 0;
    this.since = undefined;
    this.trying = false;
  }

  /** The service did not answer, or not in time. */
  failed(): void {
    this.failures += 1;
    if (this.failures >= this.settings.failures) {
      this.since = this.now();
      this.trying = false;
    }
  }

  /** The call ended before anybody could tell, as when the caller went away. Another one may try at once. */
  abandoned(): void {
    if (this.trying) {
      this.trying = false;
      this.since = this.now() - this.settings.openFor;
    }
  }

  private rested(): boolean {
    return this.since !== undefined && this.now() - this.since >= this.settings.openFor;
  }
}
