import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as http from 'node:http';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { buffer } from 'node:stream/consumers';
import * as fc from 'fast-check';
import { CID_ANY, connect, listen, parseAddress } from '../../../enclave/vsock';
import { socketOf } from '../../../enclave/vsock/descriptor';
import { ask } from '../../../enclave/vsock/http';
import { call, LINUX } from '../../../enclave/vsock/libc';
import { accept, connectDescriptor } from '../../../enclave/vsock/transport';

/*
 * This machine has no vsock: the descriptors here are of Unix sockets, made by the same calls. The emulated enclave
 * (test/e2e/enclave) has the real ones.
 */

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'vsock-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));
const refused = (code: string) => expect.objectContaining({ code: `PALISADE-${code}` });
const STREAM = LINUX.SOCK_STREAM | LINUX.SOCK_CLOEXEC | LINUX.SOCK_NONBLOCK;

/** `struct sockaddr_un`. */
function unixAddress(file: string): Uint8Array {
  const bytes = Buffer.alloc(110);
  bytes.writeUInt16LE(LINUX.AF_UNIX, 0);
  bytes.write(file, 2);
  return bytes;
}

/** A listening, non-blocking descriptor. */
function listening(file: string): number {
  const descriptor = call('socket', LINUX.AF_UNIX, STREAM, 0);
  const address = unixAddress(file);
  call('bind', descriptor, address, address.length);
  call('listen', descriptor, 128);
  return descriptor;
}

/** Everything that comes until the other side ends its way. */
function untilEnd(socket: net.Socket): Promise<Buffer> {
  const pieces: Buffer[] = [];
  return new Promise((resolve, reject) => {
    socket.on('data', (piece) => pieces.push(piece));
    socket.once('end', () => resolve(Buffer.concat(pieces)));
    socket.once('error', reject);
  });
}

describe('addresses', () => {
  test('are read', () => {
    expect(parseAddress('vsock:3:8000')).toEqual({ kind: 'vsock', cid: 3, port: 8000 });
    expect(parseAddress('vsock:any:5005')).toEqual({ kind: 'vsock', cid: CID_ANY, port: 5005 });
    expect(parseAddress('unix:/run/x.sock')).toEqual({ kind: 'unix', path: '/run/x.sock' });
  });

  test('or refused with a code, whatever they are', () => {
    for (const text of [
      '',
      'vsock:3',
      'vsock:-1:1',
      'vsock:3:4294967295',
      'vsock:4294967296:1',
      'unix:x',
      `unix:/${'x'.repeat(107)}`,
      'tcp:1:2',
    ]) {
      expect(() => parseAddress(text)).toThrow(refused('E300'));
    }
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^(vsock|unix):[\w:/]*$/)), (text) => {
        try {
          const address = parseAddress(text);
          expect(['vsock', 'unix']).toContain(address.kind);
        } catch (error) {
          expect((error as Error).message).toMatch(/^PALISADE-E300 /);
        }
      }),
    );
  });
});

describe('descriptors', () => {
  test('become sockets: bytes pass both ways, and each way ends by itself', async () => {
    const pair = [0, 0];
    call('socketpair', LINUX.AF_UNIX, STREAM, 0, pair);
    const [one, other] = pair.map(socketOf);
    const sent = randomBytes(3_000_000);
    one.end(sent);
    // Not `buffer`: an iterator that ends destroys its stream, and with it the way back.
    const received = await untilEnd(other);
    expect(received.equals(sent)).toBe(true);
    other.end('answer');
    expect(String(await untilEnd(one))).toBe('answer');
  });

  test('wait for a slow reader', async () => {
    const pair = [0, 0];
    call('socketpair', LINUX.AF_UNIX, STREAM, 0, pair);
    const [one, other] = pair.map(socketOf);
    expect(one.write(Buffer.alloc(8_000_000))).toBe(false);
    expect(one.writableLength).toBeGreaterThan(1_000_000);
    other.resume();
    await new Promise((resolve) => one.once('drain', resolve));
    one.destroy();
    other.destroy();
  });

  test('are accepted for a server, many at once, until it is closed', async () => {
    const file = path.join(folder, 'many');
    const server = http.createServer((request, response) => request.pipe(response));
    const listener = accept(server, listening(file));
    try {
      const answers = await Promise.all(
        Array.from({ length: 40 }, async (_, index) => {
          const dial = () => connect({ kind: 'unix', path: file });
          const answer = await ask(dial, { method: 'POST', path: '/', send: (request) => request.end(`${index}`) });
          return String(await buffer(answer));
        }),
      );
      expect(answers).toEqual(Array.from({ length: 40 }, (_, index) => `${index}`));
    } finally {
      await listener.close();
    }
    await expect(connect({ kind: 'unix', path: file })).rejects.toThrow(/ECONNREFUSED/);
    server.closeAllConnections();
  });

  test('are held to the time limits of their server', async () => {
    const file = path.join(folder, 'slow');
    const limits = { headersTimeout: 50, requestTimeout: 100, connectionsCheckingInterval: 20 };
    const listener = accept(http.createServer(limits), listening(file));
    const socket = await connect({ kind: 'unix', path: file });
    socket.write('GET / HTTP/1.1\r\n');
    expect(String(await untilEnd(socket))).toContain('408 Request Timeout');
    socket.destroy();
    await listener.close();
  });

  test('connect, or say why not', async () => {
    const file = path.join(folder, 'connect');
    const server = net.createServer((socket) => socket.end('hello'));
    await listen(server, { kind: 'unix', path: file });
    const descriptor = call('socket', LINUX.AF_UNIX, STREAM, 0);
    await connectDescriptor(descriptor, unixAddress(file));
    expect(String(await buffer(socketOf(descriptor)))).toBe('hello');
    server.close();
    const lost = call('socket', LINUX.AF_UNIX, STREAM, 0);
    await expect(connectDescriptor(lost, unixAddress(path.join(folder, 'nobody')))).rejects.toEqual(refused('E301'));
    call('close', lost);
  });

  test('of vsock fail with the name of the error where there is none', async () => {
    await expect(connect({ kind: 'vsock', cid: 99, port: 1 })).rejects.toEqual(refused('E301'));
  });
});

describe('one HTTP exchange', () => {
  test('ends with its signal, and fails where the connection breaks', async () => {
    const file = path.join(folder, 'http');
    const server = http.createServer((request, response) => {
      if (request.url === '/break') {
        request.socket.destroy();
      } else {
        response.write('first');
      }
    });
    const listener = await listen(server, { kind: 'unix', path: file });
    const dial = () => connect({ kind: 'unix', path: file });
    await expect(ask(dial, { method: 'GET', path: '/break' })).rejects.toThrow();
    const stop = new AbortController();
    const answer = await ask(dial, { method: 'GET', path: '/', signal: stop.signal });
    stop.abort();
    await expect(buffer(answer)).rejects.toThrow();
    server.closeAllConnections();
    await listener.close();
    await expect(ask(dial, { method: 'GET', path: '/' })).rejects.toThrow();
  });
});
