const HOUR_MS = 3_600_000;

/** Hours that SageMaker may take to write what it captured. */
const LATE_HOURS = 1;

/** One hour of captures, in UTC. */
export interface Window {
  /** Start, as ISO 8601. */
  readonly start: string;
  /** Where its captures lie under the prefix of a variant: `yyyy/mm/dd/hh/`. */
  readonly folder: string;
}

/** The window that begins at a time. */
export function windowAt(start: string): Window {
  return { start, folder: `${start.slice(0, 13).replaceAll(/[-T]/g, '/')}/` };
}

/** Start of the window after this one. */
export function following(start: string): string {
  return new Date(Date.parse(start) + HOUR_MS).toISOString();
}

/** End of the newest window that is complete at a time. */
export function completeUntil(now: Date): string {
  const hour = Math.floor(now.getTime() / HOUR_MS) - LATE_HOURS;
  return new Date(hour * HOUR_MS).toISOString();
}

/** The start of the first window that lies wholly after a time. */
export function firstAfter(time: Date): string {
  return new Date(Math.ceil(time.getTime() / HOUR_MS) * HOUR_MS).toISOString();
}

/** The time so many hours before another. */
export function before(time: string, hours: number): string {
  return new Date(Date.parse(time) - hours * HOUR_MS).toISOString();
}
