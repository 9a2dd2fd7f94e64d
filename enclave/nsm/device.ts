import { closeSync, fchmodSync, openSync } from 'node:fs';
import koffi from 'koffi';
import { PalisadeError } from '../../runtime/errors';
import { call } from '../vsock/libc';
import {
  attestation,
  describe,
  describePcr,
  type Exchange,
  extendPcr,
  lockPcr,
  MAXIMUM_REQUEST,
  MAXIMUM_RESPONSE,
  random,
} from './messages';
import type { Nsm } from './nsm';

/** `_IOWR(0x0A, 0, struct nsm_raw)` of include/uapi/linux/nsm.h. */
const NSM_IOCTL_RAW = 0xc020_0a00;

/**
 * Opens the module's device, and closes it to everybody but root: drivers let anyone in. The raw call needs CAP_SYS_ADMIN where
 * the driver is mainline's, and nothing where it is older.
 *
 * Throws PALISADE-E310 when there is no device: this is no enclave, or its kernel lacks the driver.
 */
export function openNsm(path = '/dev/nsm'): Nsm & { close(): void } {
  const device = open(path);
  const ask = <T>(exchange: Exchange<T>): T => exchange.read(transfer(device, exchange));
  return {
    attestation: (fields) => ask(attestation(fields)),
    random: () => ask(random()),
    describe: () => ask(describe()),
    describePcr: (index) => ask(describePcr(index)),
    extendPcr: (index, data) => ask(extendPcr(index, data)),
    lockPcr: (index) => ask(lockPcr(index)),
    close: () => closeSync(device),
  };
}

function open(path: string): number {
  try {
    const device = openSync(path, 'r+');
    fchmodSync(device, 0o600);
    return device;
  } catch (error) {
    throw new PalisadeError({
      code: 'PALISADE-E310',
      where: path,
      problem: `the Nitro Security Module cannot be opened: ${(error as NodeJS.ErrnoException).code}`,
      fix: 'run inside an enclave, as root, with a kernel that has the nsm driver',
    });
  }
}

/** `struct nsm_raw`: address and length of the request, address and room of the response, each a u64. */
function transfer(device: number, { name, request }: Exchange<unknown>): Uint8Array {
  if (request.length > MAXIMUM_REQUEST) {
    throw new PalisadeError({
      code: 'PALISADE-E311',
      where: `NSM ${name}`,
      problem: `the request has ${request.length} bytes, the device takes ${MAXIMUM_REQUEST}`,
      fix: 'shorten nonce, user data or public key',
    });
  }
  const response = Buffer.alloc(MAXIMUM_RESPONSE);
  const raw = Buffer.alloc(32);
  raw.writeBigUInt64LE(koffi.address(request), 0);
  raw.writeBigUInt64LE(BigInt(request.length), 8);
  raw.writeBigUInt64LE(koffi.address(response), 16);
  raw.writeBigUInt64LE(BigInt(response.length), 24);
  call('ioctl', device, NSM_IOCTL_RAW, raw);
  return response.subarray(0, Number(raw.readBigUInt64LE(24)));
}
