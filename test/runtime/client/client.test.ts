import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { EnclaveClient, type EnclaveClientOptions } from '../../../runtime/client';
import { SEALED } from '../../../runtime/enclave-channel';
import { usualPcrs } from '../../support/attestation/local-nitro';
import { type Behaviour, LocalEnclave, MODEL, NOW, PCR0, SYSTEM, signal } from './local-enclave';

const started: LocalEnclave[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((enclave) => enclave.stop()));
});

/** What happens after the client has the head of an answer: otherwise the call itself may fail. */
function gate(): { opened: Promise<void>; heard: () => void } {
  let heard = () => {};
  const opened = new Promise<void>((resolve) => {
    heard = resolve;
  });
  return { opened, heard };
}

async function enclaveThat(behaviour: Partial<Behaviour> = {}): Promise<LocalEnclave> {
  const enclave = await LocalEnclave.start(behaviour);
  started.push(enclave);
  return enclave;
}

function clientOf({ url, nitro }: LocalEnclave, options: Partial<EnclaveClientOptions> = {}): EnclaveClient {
  const pcrs = [{ 0: PCR0 }];
  return new EnclaveClient({ url, system: SYSTEM, pcrs, clock: () => NOW, rootForTests: nitro.rootDer, ...options });
}

const code = (step: string) => expect.objectContaining({ code: `PALISADE-${step}` });
const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');
const bytes = (content: string) => new TextEncoder().encode(content);

test('the model is asked what was asked, and its answer comes out', async () => {
  const enclave = await enclaveThat();
  const response = await clientOf(enclave).invoke('{"question":1}', { accept: 'text/plain', customAttributes: 'a=b' });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
  expect(await response.json()).toEqual({
    method: 'POST',
    path: '/invocations',
    headers: { accept: 'text/plain', 'content-type': 'application/json', 'x-amzn-sagemaker-custom-attributes': 'a=b' },
    body: '{"question":1}',
  });
  expect(enclave.seen).toEqual(['GET /attestation', 'POST /invocations']);
});

test('bytes, errors of the model and answers without body come through', async () => {
  const binary = new Uint8Array(300_000).map((_, index) => index * 7);
  const enclave = await enclaveThat({
    model: ({ head, body }) => (head.method === 'DELETE' ? { status: 204, body: '' } : { status: 424, body }),
  });
  const client = clientOf(enclave);
  const response = await client.invoke(binary, { contentType: 'application/octet-stream' });
  expect(response.status).toBe(424);
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(binary);
  const removed = await client.fetch(`${enclave.url}/v1/files/1`, { method: 'DELETE' });
  expect([removed.status, removed.body]).toEqual([204, null]);
});

test('nobody between sees a word, a path, a header or a credential', async () => {
  const enclave = await enclaveThat();
  const response = await clientOf(enclave).fetch(`${enclave.url}/v1/canary?canary=1`, {
    method: 'POST',
    body: 'canary',
    headers: { authorization: 'Bearer canary', accept: 'canary/canary' },
  });
  const { path, headers } = (await response.json()) as { path: string; headers: Record<string, string> };
  expect([path, headers.accept, headers.authorization]).toEqual(['/v1/canary?canary=1', 'canary/canary', undefined]);
  const outside = Buffer.concat([...enclave.carried, Buffer.from(JSON.stringify([enclave.headers, enclave.seen]))]);
  expect(outside.length).toBeGreaterThan(500);
  expect(outside.includes('canary')).toBe(false);
});

describe('nothing is sent', () => {
  test.each([
    ['to another image', { document: { pcrs: usualPcrs('another') } }, {}, 'E013'],
    ['to an enclave in debug mode', { document: { pcrs: { 0: new Uint8Array(48) } } }, {}, 'E012'],
    ['to an enclave of another system', { identity: { system: 'another' } }, {}, 'E272'],
    ['to an enclave with another model', {}, { model: 'cd'.repeat(32) }, 'E272'],
    ['for a document that answers another nonce', { document: { nonce: new Uint8Array(32) } }, {}, 'E015'],
    ['for an old document', { document: { timestamp: new Date(NOW - 301_000) } }, {}, 'E018'],
    ['for a document of something else', { document: { userData: bytes('{}') } }, {}, 'E212'],
    ['for a document that Amazon did not sign', {}, { rootForTests: undefined }, 'E007'],
    ['where no measurement is named', {}, { pcrs: [] }, 'E019'],
  ] as const)('%s', async (_name, behaviour, options, step) => {
    const enclave = await enclaveThat(behaviour);
    const client = clientOf(enclave, options);
    await expect(client.invoke('secret')).rejects.toEqual(code(step));
    await expect(client.attest()).rejects.toEqual(code(step));
    expect(enclave.count('POST /invocations')).toBe(0);
  });

  test('where there is no document, or an endless one', async () => {
    let body: Buffer | string = '<html>';
    const enclave = await enclaveThat({
      relay: (_request, response) => !!response.writeHead(body === '<html>' ? 404 : 200).end(body),
    });
    await expect(clientOf(enclave).invoke('secret')).rejects.toEqual(code('E271'));
    body = Buffer.alloc(1_000_000);
    await expect(clientOf(enclave).invoke('secret')).rejects.toEqual(code('E271'));
  });

  test('to another address', async () => {
    const enclave = await enclaveThat();
    const client = clientOf(enclave);
    for (const url of ['https://elsewhere.test/v1', 'http://127.0.0.1:9/v1', enclave.url.replace('http:', 'https:')]) {
      await expect(client.fetch(url)).rejects.toEqual(code('E270'));
    }
    expect(enclave.seen).toEqual([]);
    for (const url of ['', 'enclave', 'ftp://enclave', 'https://enclave/?a', 'https://user:word@enclave']) {
      expect(() => clientOf(enclave, { url })).toThrow(code('E270'));
    }
  });
});

describe('the attestation', () => {
  test('is asked for once by many requests at the same time, and relied on until it is old', async () => {
    const enclave = await enclaveThat();
    let now = NOW;
    const client = clientOf(enclave, { clock: () => now, maximumAttestationAge: 1000 });
    const ask = async (question: string) => ((await (await client.invoke(question)).json()) as { body: string }).body;
    const questions = Array.from({ length: 32 }, (_, index) => `question ${index}`);
    expect(await Promise.all(questions.map(ask))).toEqual(questions);
    expect(enclave.count('GET /attestation')).toBe(1);
    now += 1000;
    await ask('not yet');
    expect(enclave.count('GET /attestation')).toBe(1);
    now += 1;
    await Promise.all(questions.map(ask));
    expect(enclave.count('GET /attestation')).toBe(2);
  });

  test('says who the enclave is', async () => {
    const enclave = await enclaveThat();
    const { system, model, publicKey } = await clientOf(enclave).attest();
    expect([system, model, publicKey.length]).toEqual([SYSTEM, MODEL, 32]);
  });

  test('is asked for again when the enclave was started anew, by many requests once', async () => {
    const enclave = await enclaveThat();
    const client = clientOf(enclave);
    await client.attest();
    await enclave.restart();
    const answers = await Promise.all(Array.from({ length: 8 }, () => client.invoke('again')));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(enclave.count('GET /attestation')).toBe(2);
  });

  test('is held against the policy again: another image after the restart gets nothing', async () => {
    const enclave = await enclaveThat();
    const client = clientOf(enclave);
    await client.attest();
    enclave.behaviour.document = { pcrs: usualPcrs('another') };
    await enclave.restart();
    await expect(client.invoke('again')).rejects.toEqual(code('E013'));
    expect(enclave.count('POST /invocations')).toBe(1);
  });

  test('is asked for again after a failure', async () => {
    const enclave = await enclaveThat({ relay: refusing(503, '{"code":"PALISADE-E399"}') });
    const client = clientOf(enclave);
    await expect(client.invoke('first')).rejects.toEqual(code('E273'));
    enclave.behaviour.relay = undefined;
    expect((await client.invoke('second')).status).toBe(200);
    expect(enclave.count('GET /attestation')).toBe(2);
  });

  test('a relay that says forever that the key has changed gets two attempts', async () => {
    const enclave = await enclaveThat({ relay: refusing(410, '{"code":"PALISADE-E201"}') });
    await expect(clientOf(enclave).invoke('secret')).rejects.toEqual(code('E276'));
    expect(enclave.seen).toEqual(['GET /attestation', 'POST /invocations', 'GET /attestation', 'POST /invocations']);
  });
});

describe('an answer', () => {
  test('is read while it is made', async () => {
    const first = signal();
    const enclave = await enclaveThat({
      model: () => ({ body: tokens(first.given) }),
    });
    async function* tokens(read: Promise<void>) {
      yield bytes('one');
      await read;
      yield bytes('two');
    }
    const response = await clientOf(enclave).invoke('count');
    const reader = response.body?.getReader();
    expect(await reader?.read()).toEqual({ done: false, value: bytes('one') });
    first.give();
    expect(await reader?.read()).toEqual({ done: false, value: bytes('two') });
    expect((await reader?.read())?.done).toBe(true);
  });

  test('to another request is refused', async () => {
    const recorded: Buffer[] = [];
    const enclave = await enclaveThat();
    const client = clientOf(enclave);
    await (await client.invoke('first')).text();
    recorded.push(...enclave.carried.slice(1));
    enclave.behaviour.relay = posts((_request, response) => {
      response.writeHead(200, { 'content-type': SEALED }).end(Buffer.concat(recorded));
    });
    await expect(client.invoke('second')).rejects.toEqual(code('E206'));
  });

  test('that breaks off fails, and the next request reaches the enclave that was started anew', async () => {
    const enclave = await enclaveThat();
    enclave.behaviour.model = () => ({ body: dying() });
    const { opened, heard } = gate();
    async function* dying() {
      yield bytes('half of ');
      await opened;
      await enclave.restart();
      enclave.cut();
      yield bytes('an answer');
    }
    const client = clientOf(enclave);
    const response = await client.invoke('question');
    heard();
    await expect(response.text()).rejects.toEqual(code('E274'));
    enclave.behaviour.model = () => ({ body: 'whole' });
    expect(await (await client.invoke('question')).text()).toBe('whole');
    expect(enclave.count('GET /attestation')).toBe(2);
  });

  test('that ends before its end fails, though the connection ended well', async () => {
    const enclave = await enclaveThat();
    const client = clientOf(enclave);
    await (await client.invoke('first')).text();
    enclave.behaviour.model = () => ({ body: breaking() });
    const { opened, heard } = gate();
    async function* breaking() {
      yield bytes('half');
      await opened;
      throw new Error('the model died');
    }
    const response = await client.invoke('second');
    heard();
    await expect(response.text()).rejects.toMatchObject({
      code: expect.stringMatching(/E274|E207/),
    });
  });

  test('in the clear is refused, whatever it says', async () => {
    const enclave = await enclaveThat({ relay: refusing(200, '{"answer":"trust me"}') });
    await expect(clientOf(enclave).invoke('question')).rejects.toMatchObject({
      code: 'PALISADE-E273',
      problem: 'answered in the clear: status 200, no code',
    });
  });

  test.each([
    ['before it', () => true],
    [
      'within it',
      (_request: IncomingMessage, response: ServerResponse) =>
        !!response.writeHead(200, { 'content-type': SEALED }).write('x'),
    ],
  ])('silence %s ends the call', async (_name, relay) => {
    const enclave = await enclaveThat();
    const client = clientOf(enclave, { timeout: 40 });
    await client.attest();
    enclave.behaviour.relay = relay;
    await expect(client.invoke('question')).rejects.toEqual(code('E275'));
  });

  test('is waited for until the caller gives up', async () => {
    const enclave = await enclaveThat();
    const client = clientOf(enclave);
    await client.attest();
    const controller = new AbortController();
    enclave.behaviour.relay = () => {
      controller.abort(new Error('no longer wanted'));
      return true;
    };
    await expect(client.invoke('question', { signal: controller.signal })).rejects.toThrow('no longer wanted');
  });

  test('of nobody: no connection', async () => {
    const enclave = await enclaveThat();
    const client = clientOf(enclave);
    await client.attest();
    await enclave.stop();
    await expect(client.invoke('question')).rejects.toEqual(code('E274'));
    started.pop();
  });
});

describe('a receipt', () => {
  test('proves the answer, with the document that the client verified', async () => {
    const enclave = await enclaveThat();
    const client = clientOf(enclave, { receipts: true });
    const response = await client.invoke('question');
    const answer = await response.text();
    const { receipt, document } = await client.receiptOf(response);
    expect(receipt.statement).toMatchObject({
      system: SYSTEM,
      model: MODEL,
      pcr0: PCR0,
      attestation: sha256(document),
      request: { method: 'POST', path: '/invocations', sha256: sha256('question') },
      response: { status: 200, sha256: sha256(answer) },
    });
  });

  test('signed by another key than the attested one does not hold', async () => {
    const enclave = await enclaveThat({ identity: { receiptKey: new Uint8Array(32).fill(1) } });
    const client = clientOf(enclave, { receipts: true });
    const response = await client.invoke('question');
    await response.text();
    await expect(client.receiptOf(response)).rejects.toEqual(code('E251'));
  });

  test('about another answer does not hold', async () => {
    const enclave = await enclaveThat({ receiptStatus: 201 });
    const client = clientOf(enclave, { receipts: true });
    const response = await client.invoke('question');
    await response.text();
    await expect(client.receiptOf(response)).rejects.toEqual(code('E255'));
  });

  test('is not there where none was asked for, or much of the answer was not read', async () => {
    const enclave = await enclaveThat({ model: () => ({ body: new Uint8Array(1_000_000) }) });
    await expect(clientOf(enclave).receiptOf(new Response())).rejects.toEqual(code('E277'));
    const client = clientOf(enclave, { receipts: true });
    const response = await client.invoke('question');
    await response.body?.cancel();
    await expect(client.receiptOf(response)).rejects.toEqual(code('E277'));
  });
});

test('a redirect leads nowhere', async () => {
  const enclave = await enclaveThat();
  const elsewhere = await enclaveThat();
  enclave.behaviour.relay = (request, response) =>
    !!response.writeHead(307, { location: `${elsewhere.url}${request.url}` }).end();
  await expect(clientOf(enclave).attest()).rejects.toEqual(code('E274'));
  expect(elsewhere.seen).toEqual([]);
});

test('outer requests carry what the caller wants, are signed, and go where the enclave is', async () => {
  const enclave = await enclaveThat({
    relay: (_request, response) => {
      response.setHeader('x-palisade-route', 'i-0123');
      return false;
    },
  });
  const signed: string[] = [];
  const sign = async (request: Request) => {
    const body = await request.clone().arrayBuffer();
    signed.push(`${request.method} ${body.byteLength > 0}`);
    const headers = new Headers(request.headers);
    headers.set('authorization', `signed ${request.headers.get('x-stage')}`);
    return new Request(request, { headers });
  };
  await clientOf(enclave, { headers: { 'x-stage': 'dev' }, sign }).invoke('question');
  expect(signed).toEqual(['GET false', 'POST true']);
  expect(enclave.headers.map(({ authorization }) => authorization)).toEqual(['signed dev', 'signed dev']);
  expect(enclave.headers.map((headers) => headers['x-palisade-route'])).toEqual([undefined, 'i-0123']);
});

function posts(answer: (request: IncomingMessage, response: ServerResponse) => void): Behaviour['relay'] {
  return (request, response) => {
    if (request.method !== 'POST') {
      return false;
    }
    answer(request, response);
    return true;
  };
}

function refusing(status: number, body: string): Behaviour['relay'] {
  return posts((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
}
