import { once } from 'node:events';
import net, { type Server, type Socket } from 'node:net';
import type { Address } from './address';
import { socketOf } from './descriptor';
import { call, callUnless, LINUX, ready, systemCallFailed } from './libc';

/** Longest that a listener waits before it looks whether it was closed, in milliseconds. An arrival wakes it at once. */
const POLL_INTERVAL = 250;

/** Longest that a connection may take to come about, in milliseconds: the other side is on the same machine. */
const CONNECT_TIMEOUT = 2_000;

/** Connections that may wait to be taken. vsock resets those beyond at once: 128 lost a third of 200 in the emulator. */
const BACKLOG = 1_024;

const STREAM = LINUX.SOCK_STREAM | LINUX.SOCK_CLOEXEC | LINUX.SOCK_NONBLOCK;

/**
 * Connects. Rejects with PALISADE-E301, for a Unix socket with the error of `net.connect`.
 */
export async function connect(address: Address): Promise<Socket> {
  if (address.kind === 'unix') {
    const socket = net.connect({ path: address.path, allowHalfOpen: true });
    await once(socket, 'connect');
    return socket;
  }
  const descriptor = call('socket', LINUX.AF_VSOCK, STREAM, 0);
  try {
    await connectDescriptor(descriptor, vsockAddress(address));
  } catch (error) {
    call('close', descriptor);
    throw error;
  }
  return socketOf(descriptor);
}

/** What stops a listener: it takes no new connection, those that exist go on. */
export interface Listener {
  /** Resolves once nothing listens any more. */
  close(): Promise<void>;
}

/**
 * Lets a server (`net` or `http`) take its connections at an address: each arrives as its `connection` event. Rejects
 * with PALISADE-E301, for a Unix socket with the error of `server.listen`.
 */
export async function listen(server: Server, address: Address): Promise<Listener> {
  if (address.kind === 'unix') {
    server.listen(address.path);
    await once(server, 'listening');
    return { close: () => new Promise((resolve) => server.close(() => resolve())) };
  }
  const descriptor = call('socket', LINUX.AF_VSOCK, STREAM, 0);
  try {
    const bytes = vsockAddress(address);
    call('bind', descriptor, bytes, bytes.length);
    call('listen', descriptor, BACKLOG);
  } catch (error) {
    call('close', descriptor);
    throw error;
  }
  return accept(server, descriptor);
}

/**
 * Hands every connection that arrives at a listening, non-blocking descriptor to the server. `server.listen({ fd })`
 * refuses families that it does not know, so `poll(2)` waits on one thread of libuv's pool: count it in
 * `UV_THREADPOOL_SIZE`.
 */
export function accept(server: Server, descriptor: number): Listener {
  let closed = false;
  // From then on an HTTP server holds its connections to their time limits.
  server.emit('listening');
  const done = (async () => {
    try {
      while (!closed) {
        await ready(descriptor, LINUX.POLLIN, POLL_INTERVAL);
        for (let next = acceptOne(descriptor); next !== undefined && !closed; next = acceptOne(descriptor)) {
          server.emit('connection', socketOf(next));
        }
      }
    } finally {
      call('close', descriptor);
    }
  })();
  done.catch((error) => server.emit('error', error));
  return {
    close: () => {
      closed = true;
      return done;
    },
  };
}

function acceptOne(descriptor: number): number | undefined {
  const gone = [LINUX.EAGAIN, LINUX.ECONNABORTED];
  return callUnless(gone, 'accept4', descriptor, null, null, LINUX.SOCK_CLOEXEC | LINUX.SOCK_NONBLOCK);
}

/** Connects a non-blocking socket of any family. Rejects with PALISADE-E301. */
export async function connectDescriptor(descriptor: number, address: Uint8Array): Promise<void> {
  if (callUnless([LINUX.EINPROGRESS], 'connect', descriptor, address, address.length) === undefined) {
    if (!(await ready(descriptor, LINUX.POLLOUT, CONNECT_TIMEOUT))) {
      throw systemCallFailed('connect', LINUX.ETIMEDOUT);
    }
    const [error, length] = [[0], [4]];
    call('getsockopt', descriptor, LINUX.SOL_SOCKET, LINUX.SO_ERROR, error, length);
    if (error[0] !== 0) {
      throw systemCallFailed('connect', error[0]);
    }
  }
}

/** `struct sockaddr_vm` of linux/vm_sockets.h. */
function vsockAddress({ cid, port }: { readonly cid: number; readonly port: number }): Uint8Array {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(LINUX.AF_VSOCK, 0);
  bytes.writeUInt32LE(port, 4);
  bytes.writeUInt32LE(cid, 8);
  return bytes;
}
