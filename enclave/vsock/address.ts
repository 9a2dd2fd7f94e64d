import { PalisadeError } from '../../runtime/errors';

/** Where a stream socket is: a vsock port of one context, or a Unix socket standing in for it on a machine without vsock. */
export type Address =
  | { readonly kind: 'vsock'; readonly cid: number; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string };

/** Any context: listen on every one (VMADDR_CID_ANY of linux/vm_sockets.h). */
export const CID_ANY = 0xffff_ffff;

/** The parent instance, seen from its Nitro enclave. */
export const CID_PARENT = 3;

/**
 * Reads `vsock:CID:PORT`, `vsock:any:PORT` or `unix:/PATH`.
 *
 * Throws PALISADE-E300 for anything else.
 */
export function parseAddress(text: string): Address {
  const vsock = /^vsock:(any|\d{1,10}):(\d{1,10})$/.exec(text);
  if (vsock) {
    const [cid, port] = [vsock[1] === 'any' ? CID_ANY : Number(vsock[1]), Number(vsock[2])];
    // The last port is VMADDR_PORT_ANY: it would listen wherever the kernel likes.
    if (cid <= CID_ANY && port < 0xffff_ffff) {
      return { kind: 'vsock', cid, port };
    }
  }
  const unix = /^unix:(\/.{1,106})$/.exec(text);
  if (unix) {
    return { kind: 'unix', path: unix[1] };
  }
  throw new PalisadeError({
    code: 'PALISADE-E300',
    where: JSON.stringify(text.slice(0, 120)),
    problem: 'is not an address',
    fix: 'write vsock:CID:PORT, vsock:any:PORT, or unix:/PATH with a path of at most 107 characters',
  });
}
