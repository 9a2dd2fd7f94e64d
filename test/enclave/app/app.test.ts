import * as fs from 'node:fs';
import { verifyAttestation } from '../../../runtime/attestation';
import { EnclaveClient } from '../../../runtime/client';
import { identityOf, sealRequest } from '../../../runtime/enclave-channel';
import { sha256Hex } from '../../../runtime/receipt';
import { usualPcrs } from '../../support/attestation/local-nitro';
import type { KmsRequest } from '../../support/kms/stand-in';
import { digestOf, KEY_ARN, LocalApp, type Surroundings, SYSTEM, unwrapped } from './local-app';

const PCR0 = Buffer.from(usualPcrs()[0]).toString('hex');
const FOREIGN_KEY = 'arn:aws:kms:eu-west-1:999999999999:key/foreign';
const refused = (code: string) => expect.objectContaining({ code: `PALISADE-${code}` });

const apps: LocalApp[] = [];
afterEach(() => Promise.all(apps.splice(0).map((app) => app.stop())));

async function start(surroundings: Surroundings = {}): Promise<LocalApp> {
  const app = await LocalApp.start(surroundings);
  apps.push(app);
  return app;
}

function clientOf(app: LocalApp, options: Partial<ConstructorParameters<typeof EnclaveClient>[0]> = {}): EnclaveClient {
  return new EnclaveClient({
    url: app.url,
    system: SYSTEM,
    pcrs: [{ 0: PCR0 }],
    rootForTests: app.nitro.rootDer,
    ...options,
  });
}

describe('an enclave that serves', () => {
  test('answers what the model says, and only the client can read it', async () => {
    const app = await start();
    const client = clientOf(app, { model: await digestOf({ 'weights.txt': 'WEIGHTS' }) });
    const response = await client.invoke('CANARY-question', { accept: 'text/plain' });
    expect(await response.text()).toBe('WEIGHTS POST /invocations text/plain CANARY-question');
    expect(response.headers.get('content-type')).toBe('text/plain');
    expect(response.headers.get('x-internal')).toBeNull();
    const carried = Buffer.concat(app.carried);
    expect(carried.length).toBeGreaterThan(1000);
    for (const secret of ['CANARY', 'WEIGHTS']) {
      expect(carried.includes(secret)).toBe(false);
      expect(app.logged.join()).not.toContain(secret);
    }
  });

  test('mixes in the random bytes of the hypervisor before anything else', async () => {
    expect((await start()).logged[0]).toBe('seeded');
  });

  test('asks KMS for its own system and purpose, with the credentials of the parent', async () => {
    const [{ operation, accessKeyId, body }] = (await start()).asked;
    expect({ operation, accessKeyId }).toEqual({ operation: 'Decrypt', accessKeyId: 'ASIAEXAMPLE' });
    expect(body.KeyId).toBe(KEY_ARN);
    expect(body.EncryptionContext).toEqual({ system: SYSTEM, purpose: 'model' });
  });

  test('passes on other paths of the model server, and its failures', async () => {
    const client = clientOf(await start());
    const response = await client.fetch(`${apps[0].url}/v1/models?x=1`);
    expect(await response.text()).toBe('WEIGHTS GET /v1/models?x=1  ');
    const failed = await client.invoke('fail');
    expect([failed.status, await failed.text()]).toEqual([500, 'it failed']);
  });

  test('streams: the first piece is there before the last exists, and the model hears that the caller has gone', async () => {
    const app = await start();
    const gone = new AbortController();
    const response = await clientOf(app).invoke('slow', { signal: gone.signal });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    expect(Buffer.from((await reader.read()).value as Uint8Array).toString()).toBe('first ');
    const heard = `${app.modelDirectory}/weights.txt.closed`;
    await fs.promises.chmod(app.modelDirectory, 0o755);
    gone.abort();
    await expect(reader.read()).rejects.toThrow();
    await until(() => fs.existsSync(heard));
  });

  test('gives a receipt once the parent has recorded it', async () => {
    const app = await start();
    const client = clientOf(app, { receipts: true });
    const response = await client.invoke('question');
    await response.text();
    const { receipt } = await client.receiptOf(response);
    expect(receipt.statement).toMatchObject({ system: SYSTEM, pcr0: PCR0 });
    expect(app.receipts).toEqual([
      {
        requestId: receipt.statement.requestId,
        receiptSha256: sha256Hex(new TextEncoder().encode(JSON.stringify(sorted(receipt)))),
        time: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ]);
  });

  test('gives none that was not recorded: the answer is not whole', async () => {
    const app = await start({ recordStatus: 500 });
    const response = await clientOf(app, { receipts: true }).invoke('question');
    await expect(response.text()).rejects.toThrow();
    const without = await clientOf(app).invoke('question');
    expect(await without.text()).toContain('question');
  });

  test('takes no more than it can answer, and no body that is too long', async () => {
    const app = await start({ settings: { maximumConcurrency: 1, maximumRequest: 1000 } });
    const client = clientOf(app);
    await expect(client.invoke('x'.repeat(1001))).rejects.toThrow(/E205/);
    const slow = await client.invoke('slow');
    await expect(clientOf(app).attest()).rejects.toThrow();
    await slow.body?.cancel();
  });

  test('answers no request twice', async () => {
    const app = await start();
    const nonce = '00'.repeat(32);
    const document = new Uint8Array(await (await fetch(`${app.url}/attestation?nonce=${nonce}`)).arrayBuffer());
    const claims = verifyAttestation(document, { pcrs: [{ 0: PCR0 }], rootForTests: app.nitro.rootDer }, new Date());
    expect(Buffer.from(claims.nonce as Uint8Array).toString('hex')).toBe(nonce);
    const head = { method: 'POST', path: '/invocations', headers: {} };
    const { publicKey } = identityOf(claims);
    const { bytes } = await sealRequest({
      publicKey,
      system: SYSTEM,
      head,
      body: Buffer.from('once'),
      time: Date.now(),
    });
    const send = () => fetch(`${app.url}/invocations`, { method: 'POST', body: bytes });
    expect((await send()).status).toBe(200);
    const again = await send();
    expect([again.status, await again.json()]).toEqual([409, { code: 'PALISADE-E203' }]);
  });

  test('has nothing anywhere else', async () => {
    const { url } = await start();
    const attestation = ['/attestation', '/attestation?nonce=00', `/attestation?nonce=${'G'.repeat(64)}`];
    for (const where of ['/', '/ping', ...attestation, '/credentials', '/invocations']) {
      expect([where, (await fetch(url + where)).status]).toEqual([where, 404]);
    }
  });

  test('what is no request of the channel is refused in clear, with a code only', async () => {
    const app = await start();
    const response = await fetch(`${app.url}/invocations`, { method: 'POST', body: 'hello' });
    expect([response.status, await response.json()]).toEqual([400, { code: 'PALISADE-E207' }]);
  });

  test('ends when the model server does', async () => {
    const app = await start();
    await expect(clientOf(app).invoke('die')).rejects.toThrow();
    await until(() => app.failures.length > 0);
    expect(app.failures[0].message).toContain('ended with 3');
  });

  test('ends within a minute of its clock going off', async () => {
    // Intervals alone: everything else waits as it does.
    const unfaked = ['Date', 'performance', 'queueMicrotask', 'nextTick', 'setImmediate', 'clearImmediate'] as const;
    jest.useFakeTimers({ doNotFake: [...unfaked, 'setTimeout', 'clearTimeout', 'hrtime'] });
    try {
      const surroundings = { drift: 0 };
      const app = await start(surroundings);
      jest.advanceTimersByTime(60_000);
      expect(app.failures).toEqual([]);
      surroundings.drift = 11_000;
      jest.advanceTimersByTime(60_000);
      expect(app.failures).toEqual([refused('E351')]);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('an enclave that must not serve', () => {
  const starting = (surroundings: Surroundings) => LocalApp.start(surroundings);

  test.each([
    ['its clock is off', { drift: 11_000 }, 'E351'],
    ['its clock is late', { drift: -11_000 }, 'E351'],
    ['KMS refuses', { kms: () => ({ error: 'AccessDeniedException' }) }, 'E332'],
    ['the model was altered', { tamper: (sealed: Buffer) => flipped(sealed) }, 'E323'],
    ['the model is cut off', { tamper: (sealed: Buffer) => sealed.subarray(0, -1) }, 'E323'],
    ['the model server does not come up', { settings: { modelCommand: ['/bin/false'] } }, 'E353'],
    ['there is no model server', { settings: { modelCommand: ['/nowhere'] } }, 'E353'],
    ['the model server does not answer', { settings: { modelCommand: ['sleep', '60'], modelStartSeconds: 1 } }, 'E353'],
    ['nobody gives a model', { settings: { agent: { kind: 'unix', path: '/nowhere' } } }, 'E352'],
  ] as [string, Surroundings, string][])('%s', async (_why, surroundings, code) => {
    await expect(starting(surroundings)).rejects.toEqual(refused(code));
  });

  test('the model was sealed with a key of somebody else, who lets everyone open it', async () => {
    // KMS finds the key in what it encrypted, unless the request names the only one that may be used.
    const kms = ({ body: { KeyId = FOREIGN_KEY, ...body } }: KmsRequest) =>
      KeyId === FOREIGN_KEY ? unwrapped(body) : { error: 'IncorrectKeyException' };
    await expect(starting({ kms })).rejects.toEqual(refused('E332'));
  });

  test('writes the model where it is told, and over nothing', async () => {
    const app = await start({ files: { 'weights.txt': 'WEIGHTS', 'sub/more.bin': 'MORE' } });
    expect(fs.readFileSync(`${app.modelDirectory}/sub/more.bin`, 'utf8')).toBe('MORE');
    expect(fs.statSync(`${app.modelDirectory}/weights.txt`).mode & 0o777).toBe(0o444);
    const settings = { modelDirectory: app.modelDirectory };
    await expect(starting({ settings })).rejects.toMatchObject({ code: 'EEXIST' });
  });
});

function flipped(bytes: Buffer): Buffer {
  const altered = Buffer.from(bytes);
  altered[altered.length - 1] ^= 1;
  return altered;
}

/** Looks again whenever the event loop comes round. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function sorted(value: unknown): unknown {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value)
          .sort(([one], [other]) => (one < other ? -1 : 1))
          .map(([name, inner]) => [name, sorted(inner)]),
      )
    : value;
}
