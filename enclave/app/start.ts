import { EnclaveResponder, toHex, userDataOf } from '../../runtime/enclave-channel';
import { ReceiptIssuer } from '../../runtime/receipt';
import { EnclaveKms, type EnclaveKmsOptions } from '../kms';
import type { Log } from '../log';
import type { Nsm } from '../nsm';
import { connect, listen } from '../vsock';
import { type Agent, agentAt } from './agent';
import { requireClock } from './clock';
import { nodeSuite } from './hpke';
import { fetchModel } from './model-files';
import { ModelServer } from './model-server';
import { enclaveServer } from './server';
import type { EnclaveSettings } from './settings';

/** What an enclave needs of the outside. */
export interface EnclavePorts {
  readonly nsm: Nsm;
  readonly log: Log;
  /** Mixes the hypervisor's random bytes into the kernel's pool. */
  readonly seedKernel: () => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called when the enclave cannot go on: it must end, and start with new keys. */
  readonly fail: (error: Error) => void;
  /** Of KMS's certificate, in PEM. @default - those of Node.js */
  readonly authorities?: EnclaveKmsOptions['authorities'];
}

/** An enclave that answers. */
export interface RunningEnclave {
  /** Stops listening, and ends the model server. */
  stop(): Promise<void>;
}

/** How often the clock is compared with the hypervisor's, in milliseconds. */
const CLOCK_INTERVAL = 60_000;

/**
 * Starts an enclave: entropy first, then the clock, the model, the keys of this start, and the door last.
 *
 * Rejects with the error of the step that failed; nothing listens by then.
 */
export async function startEnclave(settings: EnclaveSettings, ports: EnclavePorts): Promise<RunningEnclave> {
  const { nsm, log, now } = ports;
  ports.seedKernel();
  requireClock(nsm, now);
  const pcr0 = toHex(nsm.describePcr(0).value);
  log('started', { system: settings.system, debug: Number(/^0+$/.test(pcr0)) });

  const agent = agentAt(settings.agent);
  const digest = await modelOf(settings, agent, ports);
  log('model opened', { digest });
  const model = await ModelServer.start({
    command: settings.modelCommand,
    port: settings.modelPort,
    user: settings.modelUser,
    startSeconds: settings.modelStartSeconds,
    onExit: (code) => ports.fail(new Error(`the model server ended with ${code}`)),
  });

  const identity = { system: settings.system, model: digest };
  const responder = await EnclaveResponder.create({
    system: settings.system,
    clock: now,
    maximumRequest: settings.maximumRequest,
    suite: nodeSuite,
  });
  const issuer = await ReceiptIssuer.create({ ...identity, pcr0 });
  const userData = userDataOf({ ...identity, receiptKey: issuer.publicKey });
  const attest = (nonce: Uint8Array) => nsm.attestation({ nonce, userData, publicKey: responder.publicKey });
  const server = enclaveServer({ ...settings, responder, issuer, model, agent, attest, now, log });
  const listener = await listen(server, settings.listen);
  const clock = setInterval(() => {
    try {
      requireClock(nsm, now);
    } catch (error) {
      ports.fail(error as Error);
    }
  }, CLOCK_INTERVAL);
  log('serving');
  return {
    stop: async () => {
      clearInterval(clock);
      server.closeAllConnections();
      await listener.close();
      model.stop();
    },
  };
}

async function modelOf(settings: EnclaveSettings, agent: Agent, { nsm, authorities }: EnclavePorts): Promise<string> {
  const kms = await EnclaveKms.create({
    region: settings.region,
    keyArn: settings.keyArn,
    credentials: () => agent.credentials(),
    attest: (publicKey) => nsm.attestation({ publicKey }),
    connect: () => connect(settings.kmsProxy),
    authorities,
  });
  return fetchModel(agent, kms, { system: settings.system, directory: settings.modelDirectory });
}
