import * as z from 'zod';
import { PalisadeError } from '../../runtime/errors';

const EVENT = z.object({ time: z.iso.datetime() });
const DAY_MS = 86_400_000;

/** The UTC day before the time of an event, as yyyy-mm-dd. Throws PALISADE-I008 for an event without a time. */
export function dayBefore(event: unknown): string {
  const { data } = EVENT.safeParse(event);
  if (!data) {
    throw new PalisadeError({
      code: 'PALISADE-I008',
      where: 'event.time',
      problem: 'not a time in UTC',
      fix: 'send {"time": "yyyy-mm-ddThh:mm:ssZ"}, on the day after the one to report on',
    });
  }
  return new Date(Date.parse(data.time) - DAY_MS).toISOString().slice(0, 10);
}
