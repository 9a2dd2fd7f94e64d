import { createHash } from 'node:crypto';

/** Wide enough for a thousand entries a second over thirty years; the order of names is the order of entries. */
const DIGITS = 12;

/** Where things of a ledger are, in a bucket and in a copy of it. */
export const LAYOUT = {
  entries: 'entries/',
  checkpoints: 'checkpoints/',
  requests: 'requests/',
  head: 'head.json',
} as const;

/** Name of an entry. */
export function entryName(sequence: number): string {
  return `${LAYOUT.entries}${numbered(sequence)}`;
}

/** Name of the checkpoint over so many entries. */
export function checkpointName(size: number): string {
  return `${LAYOUT.checkpoints}${numbered(size)}`;
}

/** Name of the note which entry a request of a system has. */
export function requestName({ system, request }: { readonly system: string; readonly request: string }): string {
  return `${LAYOUT.requests}${createHash('sha256').update(`${system}\n${request}`).digest('hex')}`;
}

function numbered(count: number): string {
  return `${String(count).padStart(DIGITS, '0')}.json`;
}
