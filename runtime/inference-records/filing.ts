import { PalisadeError } from '../errors';

const HOUR_MS = 3_600_000;
/** A time in UTC, as `Date.toISOString` and EventBridge write it. */
const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/;

/** The UTC hour of a time, as records are filed by it: `2026/11/27/03`. */
export function hourOf(time: string): string {
  return time.slice(0, 13).replaceAll(/[-T]/g, '/');
}

/** The hour before the one of a time, which is complete. Throws PALISADE-L105 for what is no time in UTC. */
export function hourBefore(time: unknown): string {
  const milliseconds = typeof time === 'string' && UTC.test(time) ? Date.parse(time) : Number.NaN;
  if (Number.isNaN(milliseconds)) {
    throw new PalisadeError({
      code: 'PALISADE-L105',
      where: 'event.time',
      problem: 'not a time in UTC',
      fix: 'send {"time": "yyyy-mm-ddThh:mm:ssZ"}, in the hour after the one whose records are meant',
    });
  }
  return hourOf(new Date(milliseconds - HOUR_MS).toISOString());
}

/** Where the records of one system and one hour lie: what gateways said, then the receipts that enclaves signed. */
export function recordFolders(system: string, hour: string): string[] {
  return [`records/${system}/${hour}/`, `records/${system}/receipts/${hour}/`];
}
