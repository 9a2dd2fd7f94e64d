import type { Log } from '../log';

/** What a host needs to leave its group in good order. */
export interface LifecyclePorts {
  /** What the group has in mind for this instance. */
  readonly targetState: () => Promise<string>;
  /** Takes no request any more. */
  readonly drain: () => void;
  /** Resolves once nothing is being answered. */
  readonly drained: () => Promise<void>;
  /** Tells the group that the instance can go. */
  readonly complete: () => Promise<void>;
  readonly log: Log;
}

/** Longest wait for what is being answered, in milliseconds. */
export const DRAIN_LIMIT = 120_000;

/**
 * Looks whether the group wants this instance to end. Then it takes no new request, lets those that it has be answered, and
 * says that it is done. Gives true once that has happened.
 */
export async function leaveWhenAsked(ports: LifecyclePorts, limit = DRAIN_LIMIT): Promise<boolean> {
  if ((await ports.targetState()) !== 'Terminated') {
    return false;
  }
  ports.log('draining');
  ports.drain();
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limit);
  });
  await Promise.race([ports.drained(), tooLong]);
  clearTimeout(timer);
  await ports.complete();
  return true;
}
