import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { EnclaveHostSettings } from '../../runtime/enclave-host';
import { type Log, nameOf } from '../log';
import { type Address, listen } from '../vsock';
import { CHALLENGE_INTERVAL, ParentHealth } from './health';
import type { InstanceMetadata } from './imds';
import { leaveWhenAsked } from './lifecycle';
import { type MetricLine, Metrics } from './metrics';
import { Relay } from './relay';
import { Fleet } from './route';
import { parentServices, type ReceiptRecord, requireDigest } from './services';

/** What an agent needs of the outside. */
export interface AgentPorts {
  /** A connection to the enclave's own port. */
  readonly enclave: () => Promise<Socket>;
  /** Where the enclave reaches this agent. */
  readonly services: Address;
  readonly metadata: Pick<InstanceMetadata, 'credentials' | 'localAddress' | 'targetLifecycleState'>;
  /** Keeps the digest of a receipt. */
  readonly record: (receipt: ReceiptRecord) => Promise<void>;
  readonly report: (line: MetricLine) => Promise<void>;
  /** Tells the group that this instance can go. */
  readonly completeTermination: () => Promise<void>;
  /** How often the watchdog has started the enclave anew. */
  readonly restarts: () => number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Log;
  /** Of attestation documents, in a test. @default - AWS's root */
  readonly rootForTests?: Uint8Array;
}

/** An agent that serves. */
export interface RunningAgent {
  readonly health: ParentHealth;
  /** The server that the balancer reaches. */
  readonly server: Server;
  stop(): Promise<void>;
}

const REPORT_INTERVAL = 30_000;
const LIFECYCLE_INTERVAL = 5_000;

/**
 * Starts the agent of a host: first what the enclave asks for, then the door, which stays closed to requests' balancer until
 * the enclave has proved itself.
 *
 * Rejects with PALISADE-E386 for a model that is not the one that was released.
 */
export async function startAgent(settings: EnclaveHostSettings, ports: AgentPorts): Promise<RunningAgent> {
  const { log, now, metadata } = ports;
  await requireDigest(settings.model.file, settings.model.sha256);
  const services = parentServices({
    credentials: () => metadata.credentials(),
    model: settings.model.file,
    record: ports.record,
    log,
  });
  const listener = await listen(services, ports.services);

  const metrics = new Metrics(settings.metricNamespace);
  const health = new ParentHealth({ ...ports, settings });
  const relay = new Relay({
    ...settings,
    enclave: ports.enclave,
    fleet: new Fleet(await metadata.localAddress(), settings.fleet),
    health,
    metrics,
    log,
  });
  relay.server.listen(settings.port);
  try {
    await once(relay.server, 'listening');
  } catch (error) {
    await listener.close();
    throw error;
  }

  let restarts = ports.restarts();
  let left = false;
  const loops = [
    every(CHALLENGE_INTERVAL, () => health.challenge(), log),
    every(REPORT_INTERVAL, report, log),
    every(LIFECYCLE_INTERVAL, leave, log),
  ];
  async function report(): Promise<void> {
    const seen = ports.restarts();
    metrics.count('EnclaveRestarts', Math.max(0, seen - restarts));
    restarts = seen;
    await ports.report(metrics.report({ attested: health.proved, inFlight: relay.inFlight }, now()));
  }

  async function leave(): Promise<void> {
    if (!left) {
      left = await leaveWhenAsked({
        targetState: () => metadata.targetLifecycleState(),
        drain: () => health.drain(),
        close: () => relay.close(),
        drained: () => relay.drained(),
        complete: ports.completeTermination,
        log,
      });
    }
  }

  return {
    health,
    server: relay.server,
    stop: async () => {
      for (const loop of loops) {
        clearInterval(loop);
      }
      relay.server.closeAllConnections();
      services.closeAllConnections();
      await Promise.all([listener.close(), new Promise((resolve) => relay.server.close(resolve))]);
    },
  };
}

/** Now and then; never two at once, and no failure ends it. */
function every(milliseconds: number, act: () => Promise<unknown>, log: Log): NodeJS.Timeout {
  let running = false;
  const run = async () => {
    if (running) {
      return;
    }
    running = true;
    try {
      await act();
    } catch (error) {
      log('failed', { code: nameOf(error) });
    } finally {
      running = false;
    }
  };
  void run();
  return setInterval(run, milliseconds);
}
