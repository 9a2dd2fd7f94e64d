import { PalisadeError } from '../runtime/errors';

/** Tells of an event. */
export type Log = (event: string, fields?: Readonly<Record<string, string | number>>) => void;

/** One line of JSON per event: sizes, times and codes, never content. */
export function logTo(stream: NodeJS.WritableStream): Log {
  return (event, fields = {}) => {
    stream.write(`${JSON.stringify({ time: new Date().toISOString(), event, ...fields })}\n`);
  };
}

/** What a log may say of an error: its code or its class, since its text may tell of content. */
export function nameOf(error: unknown): string {
  return error instanceof PalisadeError ? error.code : ((error as NodeJS.ErrnoException).code ?? (error as Error).name);
}
