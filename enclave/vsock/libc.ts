import koffi from 'koffi';
import { PalisadeError } from '../../runtime/errors';

/** Numbers of the Linux headers, the same on x86_64 and arm64. */
export const LINUX = {
  AF_UNIX: 1,
  AF_VSOCK: 40,
  SOCK_STREAM: 1,
  SOCK_NONBLOCK: 0o4000,
  SOCK_CLOEXEC: 0o2000000,
  POLLIN: 1,
  POLLOUT: 4,
  SOL_SOCKET: 1,
  SO_ERROR: 4,
  EAGAIN: 11,
  ECONNABORTED: 103,
  ETIMEDOUT: 110,
  EINPROGRESS: 115,
} as const;

type Call = ReturnType<ReturnType<typeof koffi.load>['func']>;

/** The C functions that Node.js has no door to. Loaded at first use: an import costs nothing. */
const PROTOTYPES = {
  socket: 'int socket(int family, int type, int protocol)',
  bind: 'int bind(int fd, const uint8_t *address, uint32_t length)',
  connect: 'int connect(int fd, const uint8_t *address, uint32_t length)',
  listen: 'int listen(int fd, int backlog)',
  accept4: 'int accept4(int fd, void *address, void *length, int flags)',
  poll: 'int poll(_Inout_ uint8_t *fds, unsigned long count, int milliseconds)',
  getsockopt: 'int getsockopt(int fd, int level, int option, _Out_ int *value, _Inout_ uint32_t *length)',
  dup3: 'int dup3(int from, int to, int flags)',
  close: 'int close(int fd)',
  socketpair: 'int socketpair(int family, int type, int protocol, _Out_ int *pair)',
  ioctl: 'int ioctl(int fd, unsigned long request, void *argument)',
} as const;

type Name = keyof typeof PROTOTYPES;

const loaded = new Map<Name, Call>();

function functionOf(name: Name): Call {
  const found = loaded.get(name) ?? koffi.load('libc.so.6').func(PROTOTYPES[name]);
  loaded.set(name, found);
  return found;
}

/** Calls a C function. Throws PALISADE-E301 with errno when it gives -1. */
export function call(name: Name, ...args: unknown[]): number {
  return callUnless([], name, ...args) as number;
}

/** Calls a C function; `undefined` stands for those failures that are no errors here. Throws PALISADE-E301 for others. */
export function callUnless(expected: readonly number[], name: Name, ...args: unknown[]): number | undefined {
  const result = functionOf(name)(...args);
  if (result !== -1) {
    return result;
  }
  const errno = koffi.errno();
  if (expected.includes(errno)) {
    return undefined;
  }
  throw systemCallFailed(name, errno);
}

/** Waits on a thread of libuv's pool, at most so many milliseconds; whether the descriptor became ready for `events`. */
export function ready(descriptor: number, events: number, milliseconds: number): Promise<boolean> {
  // struct pollfd: the descriptor, the events asked for, and those found.
  const request = Buffer.alloc(8);
  request.writeInt32LE(descriptor, 0);
  request.writeInt16LE(events, 4);
  return new Promise((resolve, reject) => {
    functionOf('poll').async(request, 1, milliseconds, (error: Error | null, count: number) =>
      error ? reject(error) : resolve(count > 0),
    );
  });
}

/** A failed system call as PALISADE-E301, by its errno. */
export function systemCallFailed(name: string, errno: number): PalisadeError {
  const symbol = Object.entries(koffi.os.errno).find(([, value]) => value === errno)?.[0] ?? `errno ${errno}`;
  return new PalisadeError({
    code: 'PALISADE-E301',
    where: `${name}(2)`,
    problem: `failed with ${symbol}`,
    fix: 'look the name up in errno(3); for vsock: is the driver loaded, and does the other side listen on this port?',
  });
}
