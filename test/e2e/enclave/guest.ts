import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { buildEif, type ImageMeasurements } from '../../../enclave/image';
import type { Emulator } from './emulator';

/** What an emulated enclave is made of. */
export interface GuestParts {
  readonly emulator: Emulator;
  /** Receives the image, and what it is made from. */
  readonly folder: string;
  /** Files of the application: path in the guest, and where it is here. */
  readonly files: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  /** Started by init; the guest ends with it. */
  readonly command: readonly string[];
  /** Started beside it. @default - nothing */
  readonly beside?: readonly string[];
}

/** An enclave image for the emulator. */
export interface Guest {
  readonly eif: string;
  readonly measurements: ImageMeasurements;
}

/**
 * Without `tsc_early_khz`, one boot in seven hangs while QEMU's timer is calibrated; without `tsc=reliable`, a busy machine makes
 * the kernel count timer interrupts instead, and its clock lost 20 seconds in a minute (both measured).
 */
const COMMAND_LINE = 'console=ttyS0 reboot=t panic=-1 quiet tsc_early_khz=2000000 tsc=reliable';

const MODULES = ['virtio_mmio', 'nsm', 'vsock', 'vmw_vsock_virtio_transport_common', 'vmw_vsock_virtio_transport'];

/** Builds an image with the project's own `palisade eif build`: kernel, a ramdisk with init, a ramdisk with the application. */
export function buildGuest({ emulator, folder, files, environment, command, beside }: GuestParts): Guest {
  const [init, application] = ['init', 'application'].map((name) => path.join(folder, name));
  const eif = path.join(folder, 'image.eif');
  fs.rmSync(folder, { recursive: true, force: true });
  const put = (root: string, name: string, source: string) => {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.copyFileSync(source, path.join(root, name));
  };
  for (const name of ['dev', 'proc', 'sys', 'tmp']) {
    fs.mkdirSync(path.join(init, name), { recursive: true });
  }
  put(init, 'bin/busybox', emulator.busybox);
  for (const name of MODULES) {
    put(init, `modules/${name}.ko`, path.join(emulator.modules, `${name}.ko`));
  }
  fs.writeFileSync(path.join(init, 'init'), initScript(environment, command, beside), { mode: 0o755 });
  put(application, 'bin/node', process.execPath);
  for (const library of librariesOf(process.execPath)) {
    put(application, library, library);
  }
  for (const [name, source] of Object.entries(files)) {
    put(application, name, source);
  }
  const measurements = buildEif({ kernel: emulator.kernel, cmdline: COMMAND_LINE, ramdisks: [init, application] }, eif);
  return { eif, measurements };
}

function initScript(
  environment: Readonly<Record<string, string>>,
  command: readonly string[],
  beside: readonly string[] = [],
): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  return [
    '#!/bin/busybox sh',
    'b=/bin/busybox',
    '$b mount -t devtmpfs dev /dev; $b mount -t proc proc /proc; $b mount -t sysfs sys /sys',
    ...MODULES.map((name) => `$b insmod /modules/${name}.ko`),
    'export PATH=/bin HOME=/tmp',
    ...Object.entries(environment).map(([name, value]) => `export ${name}=${quoted(value)}`),
    // The emulated processor's clock runs wrong by some percent, in either direction; its clock chip follows the host's.
    '$b hwclock -s -u; (while $b sleep 5; do $b hwclock -s -u; done) &',
    `echo 'init: starting'`,
    ...(beside.length > 0 ? [`${beside.map(quoted).join(' ')} &`] : []),
    command.map(quoted).join(' '),
    'echo "init: ended with $?"',
    '$b reboot -f',
    '',
  ].join('\n');
}

function librariesOf(program: string): string[] {
  const listed = execFileSync('ldd', [program], { encoding: 'utf8' });
  return [...new Set(listed.match(/\/\S+/g))];
}
