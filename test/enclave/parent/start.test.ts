import { createHash } from 'node:crypto';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as http from 'node:http';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { text } from 'node:stream/consumers';
import { type AgentPorts, startAgent } from '../../../enclave/parent';
import { connect } from '../../../enclave/vsock';
import { ask } from '../../../enclave/vsock/http';
import { EnclaveClient } from '../../../runtime/client';
import type { EnclaveHostSettings } from '../../../runtime/enclave-host';
import { LocalEnclave, NOW, PCR0, SYSTEM } from '../../runtime/client/local-enclave';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'start-'));
const model = path.join(folder, 'model.sealed');
fs.writeFileSync(model, 'sealed model');
afterAll(() => fs.rmSync(folder, { recursive: true }));

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) {
    await close();
  }
});

const SETTINGS = {
  system: SYSTEM,
  measurements: { system: SYSTEM, generations: [{ pcr0: PCR0 }] },
  model: { file: model, sha256: createHash('sha256').update('sealed model').digest('hex') },
  port: 0,
  fleet: ['10.0.1.0/24'],
  maximumBody: 1_000_000,
  maximumConcurrency: 8,
  metricNamespace: 'Palisade/test',
} as unknown as EnclaveHostSettings;

let sockets = 0;

async function agent(changes: Partial<EnclaveHostSettings> = {}, ports: Partial<AgentPorts> = {}) {
  const enclave = await LocalEnclave.start();
  closing.push(() => enclave.stop());
  sockets += 1;
  const services = path.join(folder, `${sockets}`);
  const reports: Record<string, unknown>[] = [];
  const made = await startAgent(
    { ...SETTINGS, ...changes },
    {
      enclave: async () => {
        const socket = net.connect(Number(new URL(enclave.url).port), '127.0.0.1');
        await new Promise((resolve) => socket.once('connect', resolve));
        return socket;
      },
      services: { kind: 'unix', path: services },
      metadata: {
        localAddress: async () => '10.0.1.5',
        targetLifecycleState: async () => 'InService',
        credentials: async () => ({ accessKeyId: 'A', secretAccessKey: 'S', sessionToken: 'T', expiration: 'E' }),
      },
      record: async () => {},
      report: async ({ message }) => void reports.push(JSON.parse(message)),
      completeTermination: async () => {},
      restarts: () => 0,
      now: () => NOW,
      log: () => {},
      rootForTests: enclave.nitro.rootDer,
      ...ports,
    },
  );
  closing.push(() => made.stop());
  const url = `http://127.0.0.1:${(made.server.address() as net.AddressInfo).port}`;
  const health = async () => (await fetch(`${url}/health`)).status;
  return { made, enclave, url, services, reports, health };
}

test('a client asks through the agent, which has challenged the enclave, and comes back by its route', async () => {
  const { made, enclave, url, health, reports } = await agent();
  await made.health.challenge();
  expect(await health()).toBe(200);
  const client = new EnclaveClient({
    url,
    system: SYSTEM,
    pcrs: [{ 0: PCR0 }],
    clock: () => NOW,
    rootForTests: enclave.nitro.rootDer,
    receipts: true,
  });
  const response = await client.invoke('{"question":1}');
  expect(await response.json()).toMatchObject({ body: '{"question":1}' });
  expect(await client.receiptOf(response)).toHaveProperty('receipt');
  await enclave.restart();
  expect(await (await client.invoke('{"question":2}')).json()).toMatchObject({ body: '{"question":2}' });
  expect(reports[0]).toMatchObject({ Requests: 0, EnclaveRestarts: 0 });
});

test('the balancer is sent away from an enclave of another system', async () => {
  const { made, health } = await agent({ system: 'other' });
  await made.health.challenge();
  expect(await health()).toBe(503);
});

test('the enclave gets its model, and nothing is served where that is another one', async () => {
  const { services } = await agent();
  const answer = await ask(() => connect({ kind: 'unix', path: services }), { method: 'GET', path: '/model' });
  expect(await text(answer)).toBe('sealed model');
  const changed = agent({ model: { file: model, sha256: 'ab'.repeat(32) } });
  await expect(changed).rejects.toEqual(expect.objectContaining({ code: 'PALISADE-E386' }));
});

test('a port that is taken is an error, and not silence', async () => {
  const taken = http.createServer();
  await new Promise<void>((resolve) => taken.listen(0, resolve));
  closing.push(() => taken.close());
  await expect(agent({ port: (taken.address() as net.AddressInfo).port })).rejects.toThrow(/EADDRINUSE/);
  // What the enclave would have reached is given back.
  const services = net.createServer().listen(path.join(folder, `${sockets}`));
  await once(services, 'listening');
  services.close();
});
