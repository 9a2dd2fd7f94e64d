import type { EnclaveHostSettings } from '../../runtime/enclave-host';
import { PalisadeError } from '../../runtime/errors';
import { type Log, nameOf } from '../log';
import { requireDigest } from './services';

/** What a watchdog needs of the outside. */
export interface WatchdogPorts {
  /** Runs a program; resolves with its standard output. */
  readonly run: (program: string, args: readonly string[]) => Promise<string>;
  /** Whether the agent says that the enclave has proved itself lately. */
  readonly proved: () => Promise<boolean>;
  /** When the enclave was started, in milliseconds since 1970: kept where it outlives this process, not the host. */
  readonly starts: { read(): number[]; write(times: readonly number[]): void };
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Log;
}

/** How long an enclave may take until it first proves itself: it copies its image, opens the model, starts its server. */
export const START_LIMIT = 300_000;

/** How long one that has proved itself may then be silent, in milliseconds. */
export const SILENCE_LIMIT = 60_000;

const LOOK_INTERVAL = 5_000;

/**
 * Keeps one enclave running: starts it, and starts it anew when it is gone or does not prove itself, within a budget. When
 * the budget is gone the enclave stays down, the host fails its health check, and the group replaces it: an enclave that
 * crashes again and again may be somebody's way of trying something.
 */
export class Watchdog {
  constructor(
    private readonly settings: EnclaveHostSettings,
    private readonly ports: WatchdogPorts,
  ) {}

  /**
   * Runs until the budget is gone.
   *
   * Rejects with PALISADE-E387 then, PALISADE-E388 for an image that nobody reviewed, PALISADE-E386 for a file that is not it.
   */
  async guard(): Promise<never> {
    await this.requireImage();
    for (;;) {
      this.requireBudget();
      await this.start();
      await this.watch();
      await this.terminate();
    }
  }

  private async requireImage(): Promise<void> {
    const { enclave, measurements } = this.settings;
    if (!measurements.generations.some(({ eifSha256 }) => eifSha256 === enclave.imageSha256)) {
      throw fault('E388', enclave.image, 'is in no generation of the measurements', 'review it, and deploy');
    }
    await requireDigest(enclave.image, enclave.imageSha256);
  }

  /** The first start is free; each later one within the window counts. */
  private requireBudget(): void {
    const { restarts, seconds } = this.settings.restartBudget;
    const { starts, now } = this.ports;
    const recent = starts.read().filter((time) => now() - time < seconds * 1000);
    if (recent.length > restarts) {
      const problem = `was started ${recent.length} times within ${seconds} seconds`;
      throw fault('E387', 'enclave', problem, 'the host fails its health check and is replaced; look at its log');
    }
    starts.write([...recent, now()]);
  }

  private async start(): Promise<void> {
    const { image, cpus, memoryMiB, cid } = this.settings.enclave;
    // What an earlier watchdog left would hold cores and memory.
    await this.terminate();
    const ran = await this.nitroCli([
      'run-enclave',
      ...['--eif-path', image, '--cpu-count', `${cpus}`, '--memory', `${memoryMiB}`, '--enclave-cid', `${cid}`],
    ]);
    if (ran !== undefined) {
      this.ports.log('enclave started');
    }
  }

  private async terminate(): Promise<void> {
    await this.nitroCli(['terminate-enclave', '--all']);
  }

  /** Resolves when the enclave has to be started anew. */
  private async watch(): Promise<void> {
    const { now, wait, proved, log } = this.ports;
    let silentSince = now();
    let limit = START_LIMIT;
    for (;;) {
      await wait(LOOK_INTERVAL);
      if (!(await this.running())) {
        log('enclave gone');
        return;
      }
      if (await proved()) {
        silentSince = now();
        limit = SILENCE_LIMIT;
      } else if (now() - silentSince > limit) {
        log('enclave silent');
        return;
      }
    }
  }

  /** Where nitro-cli does not say, only the enclave's proof counts. */
  private async running(): Promise<boolean> {
    const said = await this.nitroCli(['describe-enclaves']);
    return said === undefined || (JSON.parse(said) as { State?: string }[]).some(({ State }) => State === 'RUNNING');
  }

  /** What it says; undefined where it fails. That may pass, and what does not pass uses up the budget. */
  private async nitroCli(args: readonly string[]): Promise<string | undefined> {
    try {
      return await this.ports.run('nitro-cli', args);
    } catch (error) {
      this.ports.log('nitro-cli failed', { command: args[0], code: nameOf(error) });
      return undefined;
    }
  }
}

function fault(code: string, where: string, problem: string, fix: string): PalisadeError {
  return new PalisadeError({ code: `PALISADE-${code}`, where, problem, fix });
}
