import { call, LINUX } from '../vsock/libc';

/** Of linux/sockios.h: an interface's address, its flags, and new flags. */
const [SIOCSIFADDR, SIOCGIFFLAGS, SIOCSIFFLAGS] = [0x8916, 0x8913, 0x8914];
const [AF_INET, SOCK_DGRAM, IFF_UP] = [2, 2, 1];

/** `struct ifreq`: the name takes 16 of its 40 bytes, what is asked or said follows. */
const NAME_LENGTH = 16;

/**
 * Brings the loopback interface up, behind which the model server answers: the init of Nitro images leaves it down
 * (aws-nitro-enclaves-sdk-bootstrap, init/init.c). Its address is set too, since users of the 4.14 kernel report that no
 * route comes with the flag alone. Needs CAP_NET_ADMIN.
 *
 * Throws PALISADE-E301.
 */
export function raiseLoopback(): void {
  const descriptor = call('socket', AF_INET, SOCK_DGRAM | LINUX.SOCK_CLOEXEC, 0);
  try {
    const address = loopbackRequest();
    address.writeUInt16LE(AF_INET, NAME_LENGTH);
    address.set([127, 0, 0, 1], NAME_LENGTH + 4);
    call('ioctl', descriptor, SIOCSIFADDR, address);
    const flags = loopbackRequest();
    call('ioctl', descriptor, SIOCGIFFLAGS, flags);
    flags.writeUInt16LE(flags.readUInt16LE(NAME_LENGTH) | IFF_UP, NAME_LENGTH);
    call('ioctl', descriptor, SIOCSIFFLAGS, flags);
  } finally {
    call('close', descriptor);
  }
}

function loopbackRequest(): Buffer {
  const request = Buffer.alloc(40);
  request.write('lo');
  return request;
}
