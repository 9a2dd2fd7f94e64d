import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { connect } from '../../../enclave/vsock';
import { ask } from '../../../enclave/vsock/http';
import type { Emulator } from './emulator';

/** How an enclave is started. */
export interface MachineOptions {
  readonly emulator: Emulator;
  readonly eif: string;
  /** Short: it holds Unix sockets. Receives `5005.sock`, on which that port of the enclave answers. */
  readonly folder: string;
  /** ARN of the role of the parent instance: PCR3. */
  readonly parentRole: string;
  /** Id of the parent instance: PCR4. */
  readonly parentId: string;
  /** Sockets that serve what the enclave asks the parent for, by vsock port. */
  readonly serve: Readonly<Record<number, string>>;
  /** @default 1024 */
  readonly memoryMiB?: number;
  /** Ports of the enclave beside 5005, each at `<port>.sock`. @default - none */
  readonly ports?: readonly number[];
}

const PORT = 5005;
const CID = 16;
/** Longest time from the start to init, and to the first answer, in milliseconds: some 5 and 15 seconds, on busy cores tenfold. */
const LIMIT = { init: 60_000, answer: 180_000 };
const INIT = 'init: starting';
const BACKEND = path.resolve('scripts/enclave/vsock_backend.py');

/** A virtual machine of QEMU's kind `nitro-enclave`, with its vsock and an NSM that signs nothing. */
export class Machine {
  /**
   * Boots, until the enclave answers. A boot that never reaches init is tried once more, and says so: an emulated timer can
   * hang. Rejects with the console's text when the enclave does not answer.
   */
  static async boot(options: MachineOptions): Promise<Machine> {
    const first = await Machine.start(options);
    if (await first.answers()) {
      return first.watched();
    }
    await first.kill();
    if (first.console.includes(INIT)) {
      throw new Error(`the enclave does not answer:\n${first.console}`);
    }
    console.warn('the guest never reached init: booting once more');
    const second = await Machine.start(options);
    if (await second.answers()) {
      return second.watched();
    }
    await second.kill();
    throw new Error(`the enclave does not answer:\n${second.console}`);
  }

  private static async start(options: MachineOptions): Promise<Machine> {
    const { emulator, folder, serve } = options;
    fs.mkdirSync(folder, { recursive: true });
    const device = path.join(folder, 'device.sock');
    const doors = [PORT, ...(options.ports ?? [])].map((port) => ({ port, socket: path.join(folder, `${port}.sock`) }));
    for (const socket of [device, ...doors.map((door) => door.socket)]) {
      fs.rmSync(socket, { force: true });
    }
    const forwarded = doors.flatMap(({ port, socket }) => ['--forward', `${socket}=${port}`]);
    const served = Object.entries(serve).flatMap(([port, socket]) => ['--serve', `${port}=${socket}`]);
    const backend = bound('python3', [BACKEND, '--socket', device, '--cid', `${CID}`, ...forwarded, ...served]);
    backend.stderr?.pipe(process.stderr);
    await Promise.race([once(backend.stdout as NonNullable<typeof backend.stdout>, 'data'), once(backend, 'exit')]);
    if (hasEnded(backend)) {
      throw new Error(`${BACKEND} ended with ${backend.exitCode}`);
    }
    const machine = [
      'nitro-enclave,vsock=vsock,acpi=on',
      `id=${options.parentId}-enc0123456789abcdef`,
      `parent-role=${options.parentRole}`,
      `parent-id=${options.parentId}`,
    ].join(',');
    const qemu = bound(emulator.qemu, [
      ...['-L', emulator.firmware, '-machine', machine, '-accel', 'tcg,thread=multi', '-cpu', 'max'],
      ...['-m', `${options.memoryMiB ?? 1024}`, '-nographic', '-no-reboot', '-kernel', options.eif],
      ...['-chardev', `socket,id=vsock,path=${device}`],
    ]);
    return new Machine(qemu, backend, doors[0].socket);
  }

  /** What the guest's console said. */
  console = '';

  private constructor(
    private readonly qemu: ChildProcess,
    private readonly backend: ChildProcess,
    /** Socket on which port 5005 of the enclave answers. */
    readonly door: string,
  ) {
    for (const stream of [qemu.stdout, qemu.stderr]) {
      stream?.on('data', (piece) => {
        this.console += piece;
      });
    }
  }

  /** Process id of the virtual machine. */
  get pid(): number {
    return this.qemu.pid as number;
  }

  /** Ends it where it is. */
  async kill(): Promise<void> {
    this.qemu.removeAllListeners('exit');
    for (const child of [this.qemu, this.backend]) {
      if (!hasEnded(child)) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    }
  }

  /** Says why, when the guest ends although nobody killed it: tests would see an enclave that does not answer, and no more. */
  private watched(): this {
    this.qemu.once('exit', () => console.warn(`the enclave ended by itself:\n${this.console.slice(-2_000)}`));
    return this;
  }

  private async answers(): Promise<boolean> {
    const start = Date.now();
    const limit = () => (this.console.includes(INIT) ? LIMIT.answer : LIMIT.init);
    while (!hasEnded(this.qemu) && Date.now() - start < limit()) {
      try {
        const signal = AbortSignal.timeout(5_000);
        const answer = await ask(() => connect({ kind: 'unix', path: this.door }), {
          method: 'GET',
          path: '/',
          signal,
        });
        answer.resume();
        return true;
      } catch {
        await wait(200);
      }
    }
    return false;
  }
}

/** Starts a process that ends with this one, however this one ends: a machine left behind would take a core for good. */
function bound(program: string, args: readonly string[]): ChildProcess {
  return spawn('setpriv', ['--pdeathsig', 'KILL', program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
