/** How old the knowledge of a flag may get. */
export interface FlagAges {
  /** Milliseconds after which it is looked at again. */
  readonly refreshAfter: number;
  /** Milliseconds after which it counts as set when it could not be looked at. */
  readonly trustFor: number;
}

/** AppConfig takes no shorter interval than 15 seconds between polls (AppConfig Data API, "StartConfigurationSession"). */
export const FLAG_AGES: FlagAges = { refreshAfter: 15_000, trustFor: 60_000 };

/**
 * Knows a flag for a while, so that not every call waits for it. Fails closed: whoever cannot see the flag any more takes it to
 * be set. Calls that come together look once.
 */
export class StopFlag {
  private known?: { readonly stopped: boolean; readonly at: number };
  private lookedAt = -Infinity;
  private looking?: Promise<void>;

  /**
   * @param look reads the flag; undefined where it has not changed since the last look
   * @param report tells the operator why a look failed
   * @param now milliseconds since the epoch
   */
  constructor(
    private readonly look: () => Promise<boolean | undefined>,
    private readonly report: (error: unknown) => void,
    private readonly now: () => number,
    private readonly ages: FlagAges = FLAG_AGES,
  ) {}

  /** Whether the flag is set, or cannot be seen. */
  async stopped(): Promise<boolean> {
    if (this.known === undefined || this.now() - this.lookedAt >= this.ages.refreshAfter) {
      this.looking ??= this.refresh();
      await this.looking;
    }
    return this.known === undefined || this.known.stopped || this.age() >= this.ages.trustFor;
  }

  private age(): number {
    return this.known ? this.now() - this.known.at : Infinity;
  }

  private async refresh(): Promise<void> {
    this.lookedAt = this.now();
    try {
      const stopped = (await this.look()) ?? this.known?.stopped;
      if (stopped !== undefined) {
        this.known = { stopped, at: this.now() };
      }
    } catch (error) {
      this.report(error);
    } finally {
      this.looking = undefined;
    }
  }
}
