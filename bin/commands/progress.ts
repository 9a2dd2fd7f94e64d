const WIDTH = 30;
/** Milliseconds between two drawings: a terminal that is written to all the time slows the work down. */
const INTERVAL = 100;

/** How far long work is, on a terminal's standard error; nothing anywhere else. */
export class Progress {
  private done = 0;
  private drawn = 0;

  /** `total`: bytes, or whatever is counted. @default - not known, so only what is done is shown */
  constructor(
    private readonly total?: number,
    private readonly stream: NodeJS.WriteStream = process.stderr,
  ) {}

  /** So much more is done. */
  advance(amount: number): void {
    this.done += amount;
    const now = Date.now();
    if (this.stream.isTTY && now - this.drawn >= INTERVAL) {
      this.drawn = now;
      this.stream.write(`\r${this.text()}`);
    }
  }

  /** Takes the bar away. */
  end(): void {
    if (this.drawn > 0) {
      this.stream.write(`\r${' '.repeat(this.text().length)}\r`);
    }
  }

  private text(): string {
    if (!this.total) {
      return `${this.done}`;
    }
    const share = Math.min(1, this.done / this.total);
    const full = Math.round(share * WIDTH);
    return `[${'='.repeat(full)}${' '.repeat(WIDTH - full)}] ${Math.round(share * 100)} %`.padEnd(WIDTH + 8);
  }
}
