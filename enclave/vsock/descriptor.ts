import { Socket } from 'node:net';
import { call, LINUX } from './libc';

/**
 * Gives Node.js a connected, non-blocking stream socket of any family as a `net.Socket`: back-pressure, half-close and
 * errors are libuv's own. The descriptor now belongs to the socket.
 *
 * `net.Socket({ fd })` takes Unix and TCP sockets only, although libuv reads and writes them all alike. So it is given a
 * fresh Unix socket, under whose number the real one is then put, before the event loop has looked at it. The other ways:
 * `fs.read` and `fs.write` hold a thread per idle connection, `process.binding('pipe_wrap')` is deprecated (DEP0111).
 */
export function socketOf(descriptor: number): Socket {
  const carrier = call('socket', LINUX.AF_UNIX, LINUX.SOCK_STREAM | LINUX.SOCK_CLOEXEC, 0);
  const socket = new Socket({ fd: carrier, readable: true, writable: true, allowHalfOpen: true });
  call('dup3', descriptor, carrier, LINUX.SOCK_CLOEXEC);
  call('close', descriptor);
  return socket;
}
