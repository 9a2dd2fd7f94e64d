import * as z from 'zod';
import { PalisadeError } from '../../errors';
import type { Serving, Versioned } from '../monitor/monitor';
import { type Candidate, nextStep, type Step } from './decision';

const DRIFTED = z.object({ direction: z.string().max(10), windows: z.int().min(1) });

/** The detail of the event `Model Drift Detected`, of which more is not read. */
export const DRIFT_EVENT = z.object({
  endpointName: z.string().min(1).max(63),
  configuration: z.string().min(1).max(63),
  window: z.iso.datetime(),
  answer: DRIFTED.optional(),
  columns: z.array(DRIFTED.extend({ column: z.int().min(0) })).max(100),
});

/** What a rollback is about. */
export type DriftEvent = z.infer<typeof DRIFT_EVENT>;

const INCIDENT = z.strictObject({
  schema: z.literal('palisade/rollback/1'),
  drift: DRIFT_EVENT,
  /** Configurations that were to be switched to: stored before it is done, so that a run which ends there knows its own. */
  chosen: z.array(z.string()).max(100),
  /** Those of them that were switched to. */
  tried: z.array(z.string()).max(100),
  /** Configuration that the smoke set was asked of last, and what it said. */
  smoke: z.strictObject({ configuration: z.string(), result: z.enum(['passed', 'failed']) }).optional(),
  outcome: z.enum(['rolled-back', 'superseded', 'stale', 'fallen-back', 'requests-only']).optional(),
});

/** A rollback, from the drift that started it to its outcome. There is one at a time. */
export type Incident = z.infer<typeof INCIDENT>;

/** A decision, as it is recorded. */
export interface RollbackDecision {
  /** The same for the same decision, however often it is recorded. */
  readonly id: string;
  readonly endpointName: string;
  /** Start of the window that alarmed. */
  readonly incident: string;
  readonly step: Step['step'] | 'ignore';
  readonly outcome?: Incident['outcome'];
  /** Package that served when it was decided. */
  readonly serving?: string;
  /** Package that shall serve. */
  readonly to?: string;
  /** What the smoke set said. */
  readonly result?: 'passed' | 'failed';
  readonly reason: string;
}

/** What a rollback needs from outside. Each may be called again with the same arguments, and then changes nothing. */
export interface RollbackPorts {
  /** What serves; undefined without an endpoint. */
  serving(): Promise<Serving | undefined>;
  /** Endpoint configurations that have served, the newest first. */
  deployed(): Promise<readonly string[]>;
  /** The package of a configuration, and whether it is approved; undefined where either is gone. */
  candidate(configuration: string): Promise<Candidate | undefined>;
  /** Packages in quarantine. */
  quarantined(): Promise<ReadonlySet<string>>;
  /** Puts a package in quarantine. */
  quarantine(packageArn: string, reason: string): Promise<void>;
  /** Starts to serve a configuration. */
  switchTo(configuration: string): Promise<void>;
  /** Whether there is a smoke set. */
  provable(): Promise<boolean>;
  /** Asks what serves the smoke set. */
  smoke(): Promise<'passed' | 'failed'>;
  /** Stops the gateway; `token` names the incident. */
  fallBack(token: string): Promise<void>;
  /** The incident that was stored last. */
  load(): Promise<Versioned | undefined>;
  /** Stores it, if it still is the version that was read. Throws PALISADE-F101. */
  save(body: string, replacing: string | undefined): Promise<void>;
  /** Records a decision where nobody can change it. */
  recordDecision(decision: RollbackDecision): Promise<void>;
}

/** Where the incident is stored. */
export const INCIDENT_KEY = 'state/rollback.json';
/** Steps in one run: each version is quarantined and left at most once. */
const MOST_STEPS = 20;

/**
 * Works on the open incident, or opens one, until there is nothing to do or the endpoint changes; then its state change is what
 * comes back here. What to do is read off what is the case (`nextStep`), and each step is recorded before it is taken, so that a run
 * may end anywhere, come twice, or late.
 *
 * Answers how it ended; undefined while the endpoint changes, or where nothing is open.
 *
 * @param drift the event that starts an incident; undefined for one that goes on
 */
export async function rollBack(ports: RollbackPorts, drift?: DriftEvent): Promise<Incident['outcome']> {
  for (let step = 0; step < MOST_STEPS; step++) {
    const stored = await ports.load();
    const incident = opened(stored && parse(stored.body), drift);
    if (!incident || incident.outcome) {
      return incident?.outcome;
    }
    const after = await work(ports, incident);
    if (!after) {
      return undefined;
    }
    await ports.save(JSON.stringify(after), stored?.etag);
    // The endpoint's state may be read a moment late, and a second switch would leave a version that nobody looked at.
    if (after.tried.length > incident.tried.length) {
      return undefined;
    }
  }
  throw new PalisadeError({
    code: 'PALISADE-F103',
    where: INCIDENT_KEY,
    problem: `no end after ${MOST_STEPS} steps`,
    fix: 'look at the decisions that were recorded, stop the gateway by hand, and delete the object',
  });
}

/** The stored incident, or a new one. A second drift while one is open is part of it; one that is told again is closed already. */
function opened(stored: Incident | undefined, drift: DriftEvent | undefined): Incident | undefined {
  const isNew = drift && (!stored || (stored.outcome !== undefined && drift.window > stored.drift.window));
  return isNew ? { schema: 'palisade/rollback/1', drift, chosen: [], tried: [] } : stored;
}

/** One step. Undefined while the endpoint changes. */
async function work(ports: RollbackPorts, incident: Incident): Promise<Incident | undefined> {
  const { drift, chosen, tried } = incident;
  if (!drift.answer) {
    const reason = 'only requests drifted: another version would be asked the same';
    return close(ports, incident, 'requests-only', undefined, reason);
  }
  const serving = await ports.serving();
  const now = serving && (await ports.candidate(serving.configuration));
  if (!serving || !now) {
    return close(ports, incident, 'stale', undefined, 'nothing serves that could drift');
  }
  if (serving.status !== 'InService') {
    return /Failed$/.test(serving.status)
      ? fallBack(ports, incident, now, `the endpoint is ${serving.status}`)
      : undefined;
  }
  if (chosen.length === 0 && serving.configuration !== drift.configuration) {
    return close(ports, incident, 'stale', now, 'another version serves than the one that drifted');
  }
  const quarantined = await ports.quarantined();
  if (chosen.length === 0 && !quarantined.has(now.packageArn)) {
    return quarantine(ports, incident, now, `its answers went ${drift.answer.direction}`);
  }
  const smoke = incident.smoke?.configuration === now.configuration ? incident.smoke.result : undefined;
  const [candidates, provable] = [await others(ports, now), await ports.provable()];
  return take(
    ports,
    incident,
    now,
    nextStep({ serving: now, candidates, quarantined, provable, chosen, tried, smoke }),
  );
}

async function take(ports: RollbackPorts, incident: Incident, now: Candidate, decided: Step): Promise<Incident> {
  const { reason } = decided;
  switch (decided.step) {
    case 'switch':
      return switchTo(ports, incident, now, decided.to, reason);
    case 'smoke': {
      const result = await ports.smoke();
      await record(ports, incident, { step: 'smoke', serving: now.packageArn, result, reason });
      return { ...incident, smoke: { configuration: now.configuration, result } };
    }
    case 'quarantine':
      return quarantine(ports, incident, now, reason);
    case 'fall-back':
      return fallBack(ports, incident, now, reason);
    case 'done':
      return close(ports, incident, decided.outcome, now, reason);
  }
}

async function switchTo(
  ports: RollbackPorts,
  incident: Incident,
  now: Candidate,
  { packageArn, configuration }: Candidate,
  reason: string,
): Promise<Incident> {
  if (!incident.chosen.includes(configuration)) {
    return { ...incident, chosen: [...incident.chosen, configuration] };
  }
  await record(ports, incident, { step: 'switch', serving: now.packageArn, to: packageArn, reason });
  await ports.switchTo(configuration);
  return { ...incident, tried: [...incident.tried, configuration] };
}

async function quarantine(ports: RollbackPorts, incident: Incident, now: Candidate, reason: string): Promise<Incident> {
  await record(ports, incident, { step: 'quarantine', serving: now.packageArn, reason });
  await ports.quarantine(now.packageArn, reason);
  return incident;
}

async function fallBack(ports: RollbackPorts, incident: Incident, now: Candidate, reason: string): Promise<Incident> {
  await record(ports, incident, { step: 'fall-back', outcome: 'fallen-back', serving: now.packageArn, reason });
  await ports.fallBack(incident.drift.window);
  return { ...incident, outcome: 'fallen-back' };
}

async function close(
  ports: RollbackPorts,
  incident: Incident,
  outcome: NonNullable<Incident['outcome']>,
  now: Candidate | undefined,
  reason: string,
): Promise<Incident> {
  const step = outcome === 'stale' || outcome === 'requests-only' ? 'ignore' : 'done';
  await record(ports, incident, { step, outcome, serving: now?.packageArn, reason });
  return { ...incident, outcome };
}

/** Its name says what was decided about which version: a repeated run finds other facts, but never the same step twice. */
function record(
  ports: RollbackPorts,
  { drift }: Incident,
  decision: Omit<RollbackDecision, 'id' | 'endpointName' | 'incident'>,
): Promise<void> {
  const { endpointName, window } = drift;
  const { step, outcome, serving, to, result } = decision;
  const versions = [serving, to].flatMap((packageArn) => (packageArn ? versionOf(packageArn) : []));
  const id = [endpointName, window, [step, ...versions, result ?? outcome].filter(Boolean).join('-')].join('/');
  return ports.recordDecision({ id, endpointName, incident: window, ...decision });
}

/** What has served beside what serves now, the newest first, each package once. */
async function others(ports: RollbackPorts, now: Candidate): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const configuration of await ports.deployed()) {
    const candidate = await ports.candidate(configuration);
    if (candidate && candidate.packageArn !== now.packageArn) {
      found.push(candidate);
    }
  }
  return found.sort((one, other) => versionOf(other.packageArn) - versionOf(one.packageArn));
}

/** SageMaker numbers the packages of a group. */
function versionOf(packageArn: string): number {
  return Number(packageArn.slice(packageArn.lastIndexOf('/') + 1));
}

function parse(text: string): Incident {
  try {
    return INCIDENT.parse(JSON.parse(text));
  } catch (error) {
    throw new PalisadeError({
      code: 'PALISADE-F102',
      where: INCIDENT_KEY,
      problem: `not a rollback: ${error instanceof Error ? error.message.slice(0, 500) : 'unreadable'}`,
      fix: 'restore the version before, or delete the object: the next drift then opens a new one',
    });
  }
}
