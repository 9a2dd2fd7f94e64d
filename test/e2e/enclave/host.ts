// The parent instance's side, in a process of its own, so that its memory can be searched: the agent as it ships, with Unix
// sockets where vsock is. Bundled by the proof.
import * as fs from 'node:fs';
import type { AddressInfo } from 'node:net';
import { startAgent } from '../../../enclave/parent';
import { connect } from '../../../enclave/vsock';
import type { EnclaveHostSettings } from '../../../runtime/enclave-host';

/** What the proof tells the host. */
export interface HostConfiguration {
  readonly settings: EnclaveHostSettings;
  /** Socket of the enclave's port. */
  readonly enclave: string;
  /** Where the enclave reaches the agent. */
  readonly agent: string;
  /** DER in base64. */
  readonly root: string;
  /** Receives a line for each receipt. */
  readonly receipts: string;
}

const { settings, enclave, agent, root, receipts } = JSON.parse(
  fs.readFileSync(process.argv[2], 'utf8'),
) as HostConfiguration;

const log = (event: string, fields: object = {}) => console.log(JSON.stringify({ event, ...fields }));

startAgent(settings, {
  enclave: () => connect({ kind: 'unix', path: enclave }),
  services: { kind: 'unix', path: agent },
  metadata: {
    localAddress: async () => '10.0.1.5',
    targetLifecycleState: async () => 'InService',
    credentials: async () => ({
      accessKeyId: 'ASIAEXAMPLE',
      secretAccessKey: 'secret',
      sessionToken: 'token',
      expiration: new Date(Date.now() + 3_600_000).toISOString(),
    }),
  },
  record: async (receipt) => fs.appendFileSync(receipts, `${JSON.stringify(receipt)}\n`),
  report: async () => {},
  completeTermination: async () => {},
  restarts: () => 0,
  now: Date.now,
  log,
  rootForTests: new Uint8Array(Buffer.from(root, 'base64')),
}).then(({ server }) => log('listening', { port: (server.address() as AddressInfo).port }));
