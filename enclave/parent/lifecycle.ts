import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../log';

/** What a host needs to leave its group in good order. */
export interface LifecyclePorts {
  /** What the group has in mind for this instance. */
  readonly targetState: () => Promise<string>;
  /** Fails health checks, and still answers. */
  readonly drain: () => void;
  /** Takes no request any more. */
  readonly close: () => void;
  /** Resolves once nothing is being answered. */
  readonly drained: () => Promise<void>;
  /** Tells the group that the instance can go. */
  readonly complete: () => Promise<void>;
  readonly log: Log;
}

/** In milliseconds. */
interface LeaveTimes {
  /** Until the balancer has noticed: it fails a host after three checks, ten seconds apart. */
  readonly notice: number;
  /** Longest wait for what is being answered. */
  readonly answers: number;
}

const TIMES: LeaveTimes = { notice: 40_000, answers: 120_000 };

/**
 * Looks whether the group wants this instance to end. Then it answers until the balancer sends nobody here any more, takes
 * no new request, lets those that it has be answered, and says that it is done. Gives true once that has happened.
 */
export async function leaveWhenAsked(ports: LifecyclePorts, { notice, answers } = TIMES): Promise<boolean> {
  if ((await ports.targetState()) !== 'Terminated') {
    return false;
  }
  ports.log('draining');
  ports.drain();
  await wait(notice);
  ports.close();
  const enough = new AbortController();
  await Promise.race([ports.drained(), wait(answers, undefined, { signal: enough.signal }).catch(() => {})]);
  enough.abort();
  await ports.complete();
  return true;
}
