import type { Session } from './session';

/** The enclave that was verified last, for as long as that is relied on. Many who ask at once wait for one verification. */
export class HeldSession {
  private pending?: Promise<Session>;
  private verified?: Session;

  /**
   * @param clock milliseconds since 1970
   * @param maximumAge milliseconds
   */
  constructor(
    private readonly verify: () => Promise<Session>,
    private readonly clock: () => number,
    private readonly maximumAge: number,
  ) {}

  /** Rejects as `verify` does; the next call then verifies again. */
  async get(): Promise<Session> {
    const known = await this.pending;
    if (known !== undefined && this.clock() - known.time > this.maximumAge) {
      this.forget(known);
    }
    this.pending ??= this.renew();
    return this.pending;
  }

  /** Where others have verified again meanwhile, theirs stays. */
  forget(session: Session): void {
    if (this.verified === session) {
      this.verified = undefined;
      this.pending = undefined;
    }
  }

  private async renew(): Promise<Session> {
    try {
      this.verified = await this.verify();
      return this.verified;
    } catch (error) {
      this.pending = undefined;
      throw error;
    }
  }
}
