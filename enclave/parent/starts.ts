import * as fs from 'node:fs';

/** When the enclave was started, in milliseconds since 1970: in a file that outlives the watchdog, and not the host. */
export class Starts {
  constructor(private readonly file: string) {}

  read(): number[] {
    return fs.existsSync(this.file) ? JSON.parse(fs.readFileSync(this.file, 'utf8')) : [];
  }

  /** Whole or not at all: the agent reads it whenever it likes. */
  write(times: readonly number[]): void {
    const partial = `${this.file}.partial`;
    fs.writeFileSync(partial, JSON.stringify(times));
    fs.renameSync(partial, this.file);
  }
}

/** Counts starts since this was called, but for the very first of a host. The list forgets old ones; the count does not. */
export function restartsIn(starts: Pick<Starts, 'read'>): () => number {
  let latest = Math.max(0, ...starts.read());
  let restarts = 0;
  return () => {
    const fresh = starts.read().filter((time) => time > latest);
    if (fresh.length > 0) {
      restarts += fresh.length - (latest === 0 ? 1 : 0);
      latest = Math.max(...fresh);
    }
    return restarts;
  };
}
