import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ModelServer } from '../../../enclave/app/model-server';

/** Answers once a connection, and lets go of those that ask again: what a server does whose idle limit has just run out. */
const FORGETFUL = `
const known = new WeakSet();
require('node:http').createServer((request, response) => {
  if (known.has(request.socket)) {
    request.socket.destroy();
    return;
  }
  known.add(request.socket);
  response.end('answer');
}).listen(Number(process.argv[2]), '127.0.0.1');`;

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('a model server that closes idle connections costs no request', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'model-server-'));
  const file = path.join(folder, 'forgetful.cjs');
  fs.writeFileSync(file, FORGETFUL);
  const port = await freePort();
  const command = [process.execPath, file, `${port}`];
  const server = await ModelServer.start({
    command,
    port,
    user: process.getuid?.() ?? 0,
    startSeconds: 10,
    onExit: () => {},
  });
  try {
    const head = { method: 'POST', path: '/invocations', headers: {} };
    for (let index = 0; index < 3; index += 1) {
      const { body } = await server.invoke(head, new Uint8Array(1), new AbortController().signal);
      expect(String(await buffer(body))).toBe('answer');
    }
  } finally {
    server.stop();
    fs.rmSync(folder, { recursive: true });
  }
});
