import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/** What `scripts/enclave/build-emulator.sh` leaves in its folder. */
export interface Emulator {
  readonly qemu: string;
  readonly firmware: string;
  readonly kernel: string;
  readonly busybox: string;
  readonly modules: string;
}

const FOLDER = path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'palisade-enclave');

/** The emulator, or what to do to have one. */
export function findEmulator(folder = FOLDER): Emulator | string {
  const emulator = {
    qemu: path.join(folder, 'qemu-system-x86_64'),
    firmware: path.join(folder, 'firmware'),
    kernel: path.join(folder, 'vmlinuz'),
    busybox: path.join(folder, 'busybox'),
    modules: path.join(folder, 'modules'),
  };
  const missing = Object.values(emulator).filter((file) => !fs.existsSync(file));
  return missing.length === 0
    ? emulator
    : `no emulator: ${missing.join(', ')} missing; make it as root on Debian 12 with scripts/enclave/build-emulator.sh`;
}
