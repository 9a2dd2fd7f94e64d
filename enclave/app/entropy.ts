import { closeSync, openSync } from 'node:fs';
import type { Nsm } from '../nsm';
import { call } from '../vsock/libc';

/** `_IOW('R', 0x03, int[2])` of linux/random.h: adds bytes to the kernel's pool, and counts them as entropy. */
const RNDADDENTROPY = 0x4008_5203;

/** Bytes that fill the pool several times over: it holds 256 bits. */
const SEED = 256;

/**
 * Mixes random bytes of the hypervisor into the kernel's pool, before a key is made: an enclave has no disk, no keyboard and
 * no past, and every copy of an image starts alike. Needs CAP_SYS_ADMIN.
 *
 * Throws PALISADE-E301 where the kernel does not take them, and what `Nsm` throws.
 */
export function seedKernel(nsm: Pick<Nsm, 'random'>, device = '/dev/random'): void {
  const descriptor = openSync(device, 'r+');
  try {
    for (let missing = SEED; missing > 0; ) {
      const bytes = nsm.random().subarray(0, missing);
      missing -= bytes.length;
      // struct rand_pool_info: bits of entropy, length, bytes.
      const info = Buffer.alloc(8 + bytes.length);
      info.writeInt32LE(bytes.length * 8, 0);
      info.writeInt32LE(bytes.length, 4);
      info.set(bytes, 8);
      call('ioctl', descriptor, RNDADDENTROPY, info);
      info.fill(0);
    }
  } finally {
    closeSync(descriptor);
  }
}
