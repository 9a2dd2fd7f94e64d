import { once } from 'node:events';
import type * as http from 'node:http';
import * as net from 'node:net';
import { type EnclaveServerParts, enclaveServer } from '../../../enclave/app/server';
import type { OpenedRequest } from '../../../runtime/enclave-channel';

/*
 * What a whole enclave cannot be made to do at a chosen moment: requests here are sealed by nobody, so that a test can
 * stand between opening and asking, and between a piece and the next.
 */

type Body = AsyncIterable<Uint8Array>;
const servers: http.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

interface Play {
  /** Between the last byte of a request and its opening. */
  readonly opening?: () => Promise<void>;
  /** Gives the body of an answer, for the signal that ends it. */
  readonly model: (signal: AbortSignal) => Promise<Body>;
  readonly answerSeconds?: number;
}

/** A server that plays, a connection on which a whole request was sent, and what becomes of the request. */
async function asked({ opening, model, answerSeconds = 60 }: Play) {
  const refusals: unknown[] = [];
  const opened = {
    requestId: new Uint8Array(16),
    head: { method: 'POST', path: '/invocations', headers: {} },
    body: new Uint8Array(),
    reply: (_head: unknown, body: Body) => body,
  } as unknown as OpenedRequest;
  const parts: EnclaveServerParts = {
    responder: {
      open: async (source) => {
        for await (const _piece of source as Body);
        await opening?.();
        return opened;
      },
    },
    issuer: {
      witness: (_exchange, { body }) => ({
        body: body as AsyncGenerator<Uint8Array>,
        end: async () => new Uint8Array(),
      }),
    },
    model: { invoke: async (_head, _body, signal) => ({ status: 200, headers: {}, body: await model(signal) }) },
    agent: { record: async () => {} },
    attest: () => new Uint8Array(),
    maximumConcurrency: 1,
    answerSeconds,
    now: Date.now,
    log: (_event, fields) => refusals.push(fields?.code),
  };
  const server = enclaveServer(parts).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const caller = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1');
  const arrived = once(server, 'request') as Promise<[http.IncomingMessage, http.ServerResponse]>;
  caller.write('POST /invocations HTTP/1.1\r\nhost: enclave\r\ncontent-length: 1\r\n\r\nx');
  const [, response] = await arrived;
  return { server, caller, response, refusals };
}

test('the model is not asked for a caller that went while the request was opened', async () => {
  let go = () => {};
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  let seen = (_signal: AbortSignal) => {};
  const signal = new Promise<AbortSignal>((resolve) => {
    seen = resolve;
  });
  const model = async (given: AbortSignal) => {
    seen(given);
    throw new Error('nobody is there');
  };
  const { caller, response } = await asked({ opening: () => gate, model });
  const gone = once(response, 'close');
  caller.destroy();
  await gone;
  go();
  expect((await signal).aborted).toBe(true);
});

test('an answer ends at its time limit, without an end, and its place is free again', async () => {
  const { server, caller, refusals } = await asked({
    answerSeconds: 0.05,
    model: async (signal) =>
      (async function* () {
        yield new Uint8Array([1]);
        await once(signal, 'abort');
        throw signal.reason;
      })(),
  });
  caller.resume();
  await once(caller, 'close');
  expect(refusals).toEqual([expect.anything()]);
  const { port } = server.address() as net.AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/attestation?nonce=${'00'.repeat(32)}`);
  expect(response.status).toBe(200);
});

test('a caller that reads nothing holds the model back, and its place no longer than the time limit', async () => {
  let given = 0;
  const { caller, refusals, response } = await asked({
    answerSeconds: 0.5,
    model: async () =>
      (async function* () {
        while (given < 100) {
          given += 1;
          yield new Uint8Array(1024 * 1024);
        }
      })(),
  });
  await once(response, 'close');
  // The kernel takes some megabytes for both ends of a connection.
  expect(given).toBeLessThan(64);
  expect(refusals).toEqual([expect.anything()]);
  caller.destroy();
});

const broken = () => {
  throw new Error('no body');
};

test.each([
  ['has given a whole answer', 'is not told to stop', false, () => {}],
  ['breaks off', 'is told to stop', true, broken],
])('a model that %s %s', async (_when, _what, aborted, say) => {
  let seen: AbortSignal | undefined;
  const { caller, response } = await asked({
    model: async (signal) => {
      seen = signal;
      return (async function* () {
        say();
        yield new Uint8Array([1]);
      })();
    },
  });
  caller.resume();
  await once(response, 'close');
  expect(seen?.aborted).toBe(aborted);
});
