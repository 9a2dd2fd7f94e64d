import * as fs from 'node:fs';
import * as http from 'node:http';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { Metrics } from '../../../enclave/parent/metrics';
import { Relay, type RelayParts } from '../../../enclave/parent/relay';
import { Fleet } from '../../../enclave/parent/route';
import { connect } from '../../../enclave/vsock';
import { KEY_CHANGED, SEALED } from '../../../runtime/enclave-channel';

const NONCE = 'ab'.repeat(32);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'relay-'));
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) {
    close();
  }
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

let sockets = 0;

/** A server at a Unix socket, as the enclave is one at a vsock port. */
async function enclave(answer: http.RequestListener): Promise<string> {
  sockets += 1;
  const socket = path.join(folder, `${sockets}`);
  const server = http.createServer(answer);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return socket;
}

async function relay(socket: string, parts: Partial<RelayParts> = {}) {
  const logged: string[] = [];
  const metrics = new Metrics('Test');
  const made = new Relay({
    enclave: () => connect({ kind: 'unix', path: socket }),
    fleet: new Fleet('127.0.0.1', ['127.0.0.0/8']),
    port: 1,
    maximumBody: 100_000,
    maximumConcurrency: 4,
    health: { healthy: true, proved: true, draining: false },
    metrics,
    log: (event, fields) => logged.push(JSON.stringify({ event, ...fields })),
    ...parts,
  });
  await new Promise<void>((resolve) => made.server.listen(0, parts.fleet ? parts.fleet.own : '127.0.0.1', resolve));
  closing.push(() => {
    made.server.closeAllConnections();
    made.server.close();
  });
  const { port } = made.server.address() as net.AddressInfo;
  const url = `http://${parts.fleet?.own ?? '127.0.0.1'}:${port}`;
  const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
    fetch(`${url}/invocations`, { method: 'POST', headers: { 'content-type': SEALED, ...headers }, body });
  return { relay: made, url, port, post, logged, metrics };
}

const echo: http.RequestListener = (request, response) => {
  response.setHeader('content-type', SEALED);
  request.pipe(response);
};

describe('carries', () => {
  test('sealed bodies to the enclave and back, with the way back to this host', async () => {
    const { post } = await relay(await enclave(echo));
    const body = Buffer.from([0, 255, 1, 2]);
    const answer = await post(body);
    expect(answer.headers.get('x-palisade-route')).toBe('127.0.0.1');
    expect(answer.headers.get('content-type')).toBe(SEALED);
    expect(Buffer.from(await answer.arrayBuffer()).equals(body)).toBe(true);
  });

  test('attestation requests with their nonce, and the status of a refusal', async () => {
    const asked: string[] = [];
    const { url } = await relay(
      await enclave((request, response) => {
        asked.push(`${request.method} ${request.url}`);
        response.writeHead(410, { 'content-type': 'application/json' }).end('{}');
      }),
    );
    expect((await fetch(`${url}/attestation?nonce=${NONCE}`)).status).toBe(410);
    expect(asked).toEqual([`GET /attestation?nonce=${NONCE}`]);
  });

  test('the word of an enclave that does not want the rest of a body', async () => {
    const socket = await enclave((request, response) => {
      request.once('data', () => {
        const refused = '{"code":"PALISADE-E201"}';
        response.writeHead(410, { 'content-length': refused.length }).write(refused);
        request.once('close', () => response.end()).resume();
      });
    });
    const { post } = await relay(socket, { maximumBody: 10_000_000 });
    for (let times = 0; times < 10; times += 1) {
      const answer = await post(Buffer.alloc(4_000_000));
      expect([answer.status, await answer.json()]).toEqual([410, { code: KEY_CHANGED }]);
    }
  });

  test('the news that a caller is gone, which is no error', async () => {
    const left = new Promise<void>((resolve) => {
      void enclave((request, response) => {
        request.resume();
        response.once('close', resolve).write('first');
      }).then(async (socket) => started(await relay(socket)));
    });
    let started: (made: Awaited<ReturnType<typeof relay>>) => void = () => {};
    const made = await new Promise<Awaited<ReturnType<typeof relay>>>((resolve) => {
      started = resolve;
    });
    const answer = await made.post('x');
    await answer.body?.cancel();
    await left;
    await made.relay.drained();
    expect(made.logged.join()).toContain('caller gone');
    expect(JSON.parse(made.metrics.report({ attested: true, inFlight: 0 }, 0).message)).toMatchObject({ Errors: 0 });
  });

  test('no header of a caller, and nothing of a body into the log', async () => {
    const seen: http.IncomingHttpHeaders[] = [];
    const { post, logged } = await relay(
      await enclave((request, response) => {
        seen.push(request.headers);
        request.resume().on('end', () => response.end('secret answer'));
      }),
    );
    await (await post('secret question', { authorization: 'secret', cookie: 'secret' })).text();
    expect(JSON.stringify([seen, logged])).not.toContain('secret');
  });

  test('the first piece before the last exists', async () => {
    const finish = new Promise<http.ServerResponse>((resolve) => {
      void enclave((request, response) => {
        request.resume();
        response.write('first ');
        resolve(response);
      }).then(async (socket) => started(await relay(socket)));
    });
    let started: (made: Awaited<ReturnType<typeof relay>>) => void = () => {};
    const made = await new Promise<Awaited<ReturnType<typeof relay>>>((resolve) => {
      started = resolve;
    });
    const answer = await made.post('x');
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    expect(Buffer.from((await reader.read()).value as Uint8Array).toString()).toBe('first ');
    (await finish).end('last');
    expect(Buffer.from((await reader.read()).value as Uint8Array).toString()).toBe('last');
  });

  test('as fast as a slow client reads, and holds no more than that', async () => {
    let sent = 0;
    const socket = await enclave((request, response) => {
      request.resume();
      const piece = Buffer.alloc(64 * 1024);
      const push = () => {
        while (sent < 64 * 1024 * 1024 && response.write(piece)) {
          sent += piece.length;
        }
      };
      response.on('drain', push);
      push();
    });
    const { port } = await relay(socket);
    const client = net.connect(port, '127.0.0.1');
    client.write(`POST /invocations HTTP/1.1\r\nhost: x\r\ncontent-type: ${SEALED}\r\ncontent-length: 1\r\n\r\nx`);
    await new Promise((resolve) => client.once('readable', resolve));
    let before = -1;
    while (before !== sent) {
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(sent).toBeLessThan(16 * 1024 * 1024);
    client.destroy();
  });
});

describe('refuses', () => {
  const refusal = async (response: Response) => [response.status, ((await response.json()) as { code: string }).code];

  test.each([
    ['/', 404, 'E380'],
    ['/attestation', 404, 'E380'],
    ['/attestation?nonce=zz', 404, 'E380'],
    [`/attestation?nonce=${NONCE}&x=1`, 404, 'E380'],
    ['/credentials', 404, 'E380'],
  ])('GET %s', async (where, status, code) => {
    const { url } = await relay(await enclave(echo));
    expect(await refusal(await fetch(url + where))).toEqual([status, `PALISADE-${code}`]);
  });

  test('what is not sealed, and what is too long, said before or not', async () => {
    let asked = 0;
    const { post, url } = await relay(
      await enclave((_request, response) => {
        asked += 1;
        response.end();
      }),
    );
    expect(await refusal(await post('x', { 'content-type': 'application/json' }))).toEqual([415, 'PALISADE-E381']);
    expect(await refusal(await post(Buffer.alloc(100_001)))).toEqual([413, 'PALISADE-E382']);
    const unsaid = fetch(`${url}/invocations`, {
      method: 'POST',
      headers: { 'content-type': SEALED },
      body: new Blob([Buffer.alloc(100)]).stream(),
      duplex: 'half',
    } as RequestInit);
    expect(await refusal(await unsaid)).toEqual([411, 'PALISADE-E382']);
    expect(asked).toBe(0);
  });

  test('more requests at once than it may answer', async () => {
    const waiting: http.ServerResponse[] = [];
    const socket = await enclave((request, response) => {
      request.resume();
      waiting.push(response);
    });
    const { post } = await relay(socket, { maximumConcurrency: 1 });
    const first = post('x');
    while (waiting.length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await refusal(await post('y'))).toEqual([503, 'PALISADE-E383']);
    waiting[0].end('z');
    expect(await (await first).text()).toBe('z');
  });

  test('while there is no enclave', async () => {
    const { post, metrics } = await relay(path.join(folder, 'nobody'));
    expect(await refusal(await post('x'))).toEqual([502, 'PALISADE-E384']);
    expect(JSON.parse(metrics.report({ attested: false, inFlight: 0 }, 0).message)).toMatchObject({
      Errors: 1,
      Requests: 0,
    });
  });

  test('a body of which nothing is read, so that the caller hears it', async () => {
    const { post } = await relay(await enclave(echo), { maximumBody: 1 });
    for (let times = 0; times < 10; times += 1) {
      expect(await refusal(await post(Buffer.alloc(4_000_000)))).toEqual([413, 'PALISADE-E382']);
    }
  });

  test('to end an answer cleanly that the enclave did not end', async () => {
    const socket = await enclave((request, response) => {
      request.resume();
      response.write('first');
      setImmediate(() => response.destroy());
    });
    const { post } = await relay(socket);
    await expect(post('x').then((response) => response.text())).rejects.toThrow();
  });
});

test('health and proof are said apart', async () => {
  const { url } = await relay(await enclave(echo), { health: { healthy: false, proved: true, draining: false } });
  expect((await fetch(`${url}/health`)).status).toBe(503);
  expect((await fetch(`${url}/proved`)).status).toBe(200);
});

describe('the way back to one enclave', () => {
  test('leads to another member, once', async () => {
    const far = await relay(
      await enclave((request, response) => {
        request.resume().on('end', () => response.end('far'));
      }),
      { fleet: new Fleet('127.0.0.2', ['127.0.0.0/8']) },
    );
    const near = await relay(await enclave(echo), { port: far.port });
    const answer = await near.post('x', { 'x-palisade-route': '127.0.0.2' });
    expect([await answer.text(), answer.headers.get('x-palisade-route')]).toEqual(['far', '127.0.0.2']);
    const again = await near.post('x', { 'x-palisade-route': '127.0.0.2', 'x-palisade-forwarded': '1' });
    expect(await again.text()).toBe('x');
  });

  test('of a member that is gone: the client attests anew', async () => {
    const { post } = await relay(await enclave(echo), { port: 1 });
    const answer = await post('x', { 'x-palisade-route': '127.0.0.9' });
    expect([answer.status, await answer.json()]).toEqual([410, { code: KEY_CHANGED }]);
  });

  test('of a member that ends in the middle: it may have answered, so nobody is told to ask it again', async () => {
    const dying = net.createServer((socket) => socket.once('data', () => socket.destroy()));
    await new Promise<void>((resolve) => dying.listen(0, '127.0.0.2', resolve));
    closing.push(() => dying.close());
    const { post } = await relay(await enclave(echo), { port: (dying.address() as net.AddressInfo).port });
    const answer = await post('x', { 'x-palisade-route': '127.0.0.2' });
    expect([answer.status, await answer.json()]).toEqual([502, { code: 'PALISADE-E384' }]);
  });

  test('leads nowhere but to addresses of the fleet', () => {
    const fleet = new Fleet('10.0.1.5', ['10.0.1.0/24', '10.0.2.0/24']);
    expect(fleet.otherMember('10.0.2.7', false)).toBe('10.0.2.7');
    expect(fleet.otherMember('10.0.2.7', true)).toBeUndefined();
    for (const route of [
      undefined,
      '10.0.1.5',
      '169.254.169.254',
      '10.0.3.1',
      '127.0.0.1',
      '10.0.2.7:80',
      '10.0.2.7@evil',
      '010.0.2.7',
      '0x0a000207',
      '167772679',
      '::ffff:10.0.2.7',
      'localhost',
      '',
    ]) {
      expect(fleet.otherMember(route, false)).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.domain()), (route) => {
        const member = fleet.otherMember(route, false);
        expect(member === undefined || /^10\.0\.[12]\.\d+$/.test(member)).toBe(true);
      }),
    );
  });
});

test('a host that leaves lets go of connections, and then of clients', async () => {
  const health = { healthy: false, proved: true, draining: false };
  const { relay: made, post } = await relay(await enclave(echo), { health });
  expect((await post('x')).headers.get('connection')).toBe('keep-alive');
  health.draining = true;
  const answer = await post('x');
  expect([await answer.text(), answer.headers.get('connection')]).toEqual(['x', 'close']);
  made.close();
  const refused = await post('x');
  expect([refused.status, await refused.json()]).toEqual([410, { code: KEY_CHANGED }]);
});

test('a host that leaves waits for what it is answering', async () => {
  const waiting: http.ServerResponse[] = [];
  const socket = await enclave((request, response) => {
    request.resume();
    waiting.push(response);
  });
  const made = await relay(socket);
  await made.relay.drained();
  const asking = made.post('x');
  while (waiting.length === 0) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  let drained = false;
  const done = made.relay.drained().then(() => {
    drained = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect([drained, made.relay.inFlight]).toEqual([false, 1]);
  waiting[0].end();
  await asking;
  await done;
  expect(drained).toBe(true);
});
