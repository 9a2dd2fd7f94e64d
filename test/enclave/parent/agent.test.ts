import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as http from 'node:http';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { ParentHealth, PROOF_AGE } from '../../../enclave/parent/health';
import { InstanceMetadata } from '../../../enclave/parent/imds';
import { leaveWhenAsked } from '../../../enclave/parent/lifecycle';
import { Metrics } from '../../../enclave/parent/metrics';
import { parentServices, requireDigest } from '../../../enclave/parent/services';
import { LocalEnclave, NOW, SYSTEM } from '../../runtime/client/local-enclave';
import { usualPcrs } from '../../support/attestation/local-nitro';

const PCR0 = Buffer.from(usualPcrs()[0]).toString('hex');
const closing: (() => unknown)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

async function listening(server: http.Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
}

const endless = (_: unknown, response: http.ServerResponse): boolean => {
  const more = () => {
    while (response.write(Buffer.alloc(10_000)));
  };
  response.on('drain', more);
  more();
  return true;
};

describe('health', () => {
  async function health(behaviour: Parameters<typeof LocalEnclave.start>[0] = {}, pcr0 = PCR0, system = SYSTEM) {
    const enclave = await LocalEnclave.start(behaviour);
    closing.push(() => enclave.stop());
    let now = NOW;
    const made = new ParentHealth({
      settings: { system, measurements: { system, generations: [{ pcr0 } as never] } },
      enclave: async () => {
        const socket = net.connect(Number(new URL(enclave.url).port), '127.0.0.1');
        await new Promise((resolve) => socket.once('connect', resolve));
        return socket;
      },
      now: () => now,
      log: () => {},
      rootForTests: enclave.nitro.rootDer,
    });
    return { made, enclave, later: (milliseconds: number) => (now += milliseconds) };
  }

  test('is there once the enclave has proved itself, and gone with age or draining', async () => {
    const { made, later } = await health();
    expect(made.healthy).toBe(false);
    expect(await made.challenge()).toBe(true);
    expect(made.healthy).toBe(true);
    later(PROOF_AGE + 1);
    expect(made.healthy).toBe(false);
    later(-PROOF_AGE);
    made.drain();
    expect([made.healthy, made.proved, made.draining]).toEqual([false, true, true]);
  });

  test.each([
    ['another image', {}, 'ee'.repeat(48), SYSTEM],
    ['another system', {}, PCR0, 'other'],
    [
      'a debug enclave',
      { document: { pcrs: { 0: new Uint8Array(48), 1: new Uint8Array(48), 2: new Uint8Array(48) } } },
      PCR0,
      SYSTEM,
    ],
    ['an old document', { document: { nonce: new Uint8Array(32) } }, PCR0, SYSTEM],
    ['an endless answer', { relay: endless }, PCR0, SYSTEM],
    [
      'an error',
      { relay: (_: unknown, response: http.ServerResponse) => Boolean(response.writeHead(500).end()) },
      PCR0,
      SYSTEM,
    ],
  ])('is not there for %s', async (_what, behaviour, pcr0, system) => {
    const { made } = await health(behaviour as never, pcr0, system);
    expect(await made.challenge()).toBe(false);
    expect(made.healthy).toBe(false);
  });
});

describe('what the enclave asks for', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'services-'));
  const model = path.join(folder, 'model.sealed');
  const content = randomBytes(300_000);
  fs.writeFileSync(model, content);
  afterAll(() => fs.rmSync(folder, { recursive: true }));
  const RECEIPT = { requestId: 'ab'.repeat(16), receiptSha256: 'cd'.repeat(32), time: '2026-11-26T12:00:00.000Z' };

  async function services(record: (receipt: unknown) => Promise<void> = async () => {}) {
    const credentials = async () => ({
      accessKeyId: 'A',
      secretAccessKey: 'S',
      sessionToken: 'T',
      expiration: 'never',
    });
    return listening(parentServices({ credentials, model, record, log: () => {} }));
  }

  test('credentials, and the sealed model as it is', async () => {
    const url = await services();
    expect(await (await fetch(`${url}/credentials`)).json()).toMatchObject({ accessKeyId: 'A', sessionToken: 'T' });
    expect(Buffer.from(await (await fetch(`${url}/model`)).arrayBuffer()).equals(content)).toBe(true);
    expect((await fetch(`${url}/etc/passwd`)).status).toBe(404);
  });

  test('receipts are answered once they are kept, and not at all otherwise', async () => {
    const kept: unknown[] = [];
    const url = await services(async (receipt) => void kept.push(receipt));
    const post = (body: string, to = url) => fetch(`${to}/receipts`, { method: 'POST', body });
    expect((await post(JSON.stringify(RECEIPT))).status).toBe(204);
    expect(kept).toEqual([RECEIPT]);
    const failing = await services(async () => {
      throw new Error('S3 is down');
    });
    expect((await post(JSON.stringify(RECEIPT), failing)).status).toBe(500);
    for (const bad of [
      '',
      '{',
      '[]',
      JSON.stringify({ ...RECEIPT, more: 1 }),
      JSON.stringify({ ...RECEIPT, requestId: '../x' }),
      'x'.repeat(5000),
    ]) {
      expect((await post(bad)).status).toBe(400);
    }
    expect(kept).toHaveLength(1);
  });

  test('a model is held to its digest', async () => {
    const digest = createHash('sha256').update(content).digest('hex');
    await expect(requireDigest(model, digest)).resolves.toBeUndefined();
    await expect(requireDigest(model, 'ab'.repeat(32))).rejects.toThrow(/E386/);
    await expect(requireDigest('/nowhere', digest)).rejects.toThrow(/E386/);
  });
});

describe('instance metadata', () => {
  test('asks with a token, and for another when that has ended', async () => {
    let token = 0;
    const url = await listening(
      http.createServer((request, response) => {
        if (request.method === 'PUT') {
          token += 1;
          response.end(`token-${token}`);
        } else if (request.headers['x-aws-ec2-metadata-token'] !== `token-${token}` || token === 0) {
          response.writeHead(401).end();
        } else if (request.url?.endsWith('security-credentials/')) {
          response.end('host-role');
        } else if (request.url?.endsWith('security-credentials/host-role')) {
          response.end(JSON.stringify({ AccessKeyId: 'A', SecretAccessKey: 'S', Token: 'T', Expiration: 'E' }));
        } else {
          response.end('10.0.1.5');
        }
      }),
    );
    const metadata = new InstanceMetadata(url);
    expect(await metadata.localAddress()).toBe('10.0.1.5');
    expect(await metadata.credentials()).toEqual({
      accessKeyId: 'A',
      secretAccessKey: 'S',
      sessionToken: 'T',
      expiration: 'E',
    });
    expect(token).toBe(1);
    token = 7;
    expect(await metadata.instanceId()).toBe('10.0.1.5');
    expect(token).toBe(8);
  });

  test('takes nothing for credentials that is none', async () => {
    for (const answer of ['<html>', '{"AccessKeyId":"A"}']) {
      const url = await listening(http.createServer((_, response) => response.end(answer)));
      await expect(new InstanceMetadata(url).credentials()).rejects.toThrow(/E385/);
    }
  });

  test('says when there is none', async () => {
    await expect(new InstanceMetadata('http://127.0.0.1:1').localAddress()).rejects.toThrow(/E385/);
  });
});

describe('leaving the group', () => {
  const ports = (targetState: string, drained: Promise<void> = Promise.resolve()) => {
    const did: string[] = [];
    return {
      did,
      targetState: async () => targetState,
      drain: () => void did.push('drain'),
      close: () => void did.push('close'),
      drained: () => drained.then(() => void did.push('drained')),
      complete: async () => void did.push('complete'),
      log: () => {},
    };
  };

  test('drains, waits, and says so', async () => {
    const made = ports('Terminated');
    expect(await leaveWhenAsked(made, { notice: 1, answers: 60_000 })).toBe(true);
    expect(made.did).toEqual(['drain', 'close', 'drained', 'complete']);
  });

  test('stays while nobody asks', async () => {
    const made = ports('InService');
    expect(await leaveWhenAsked(made)).toBe(false);
    expect(made.did).toEqual([]);
  });

  test('does not wait for ever', async () => {
    const made = ports('Terminated', new Promise(() => {}));
    expect(await leaveWhenAsked(made, { notice: 1, answers: 1 })).toBe(true);
    expect(made.did).toEqual(['drain', 'close', 'complete']);
  });
});

test('metrics are one line in the embedded format, and start from nothing after each', () => {
  const metrics = new Metrics('Palisade/prod/x/Enclaves');
  metrics.count('Requests');
  metrics.count('Requests');
  metrics.took(12);
  const { timestamp, message } = metrics.report({ attested: true, inFlight: 3 }, 1000);
  expect(timestamp).toBe(1000);
  const { _aws, ...values } = JSON.parse(message);
  expect(values).toEqual({
    Attested: 1,
    InFlight: 3,
    EnclaveRestarts: 0,
    Errors: 0,
    Refusals: 0,
    Requests: 2,
    Milliseconds: [12],
  });
  expect(_aws).toMatchObject({
    Timestamp: 1000,
    CloudWatchMetrics: [{ Namespace: 'Palisade/prod/x/Enclaves', Dimensions: [[]] }],
  });
  expect(_aws.CloudWatchMetrics[0].Metrics.map(({ Name }: { Name: string }) => Name).sort()).toEqual(
    Object.keys(values).sort(),
  );
  const next = JSON.parse(metrics.report({ attested: false, inFlight: 0 }, 2000).message);
  expect(next).toMatchObject({ Attested: 0, Requests: 0 });
  expect(next).not.toHaveProperty('Milliseconds');
});
