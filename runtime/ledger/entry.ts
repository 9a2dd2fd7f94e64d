import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type CanonicalValue, canonicalJson, leafHash } from '../integrity';
import { fault } from './fault';

/** Named in every entry, so that a reader knows the rules it was written by. */
export const ENTRY_FORMAT = 'palisade-ledger-entry/1';

/** What is recorded, and how each can end. */
export const OUTCOMES = {
  inference: ['digested', 'answered', 'input-blocked', 'output-blocked', 'refused', 'failed'],
  approval: ['approved', 'rejected', 'withdrawn'],
  exception: ['accepted', 'withdrawn', 'expired'],
  override: ['applied', 'ended'],
  incident: ['opened', 'contained', 'closed'],
  review: ['passed', 'failed'],
  seal: ['sealed', 'refused'],
  deployment: ['deployed', 'rolled-back', 'stopped', 'resumed'],
} as const;

/** A kind of entry. */
export type EntryKind = keyof typeof OUTCOMES;

/** What somebody asks to be recorded: digests and names, never content. */
export interface LedgerEvent {
  readonly kind: EntryKind;
  readonly system: string;
  readonly stage: string;
  /** What it is about: an ARN, an id, a dataset and its version. */
  readonly subject: string;
  /** One of `OUTCOMES` of the kind. */
  readonly outcome: string;
  /** SHA-256 of the document that says everything, in hexadecimal. */
  readonly digest: string;
  /** Who did it: a pseudonym or a role. @default - nobody: a machine */
  readonly by?: string;
  /** Names the request, within its system: the same one is recorded once, however often it is asked for. */
  readonly request: string;
}

/** One entry, as it is stored. */
export interface LedgerEntry extends LedgerEvent {
  readonly format: typeof ENTRY_FORMAT;
  /** Which ledger, such as `prod/credit-scoring`: an entry of another one is none here. */
  readonly ledger: string;
  /** From 0. */
  readonly sequence: number;
  /** Hash of the entry before, or of the ledger's name before the first: hexadecimal. */
  readonly previous: string;
  /** When it was written, in ISO 8601, UTC. */
  readonly time: string;
}

const hash = z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 in hexadecimal');
const name = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'is not a name of small letters, digits and hyphens');
/** Ids and names have no spaces, and prose about people does not fit in. */
const id = z.string().regex(/^[!-~]{1,512}$/, 'is not an id of 1 to 512 ASCII characters without spaces');
const ledger = z.string().regex(/^[a-z][a-z0-9-]{0,39}(\/[a-z][a-z0-9-]{0,39})?$/, 'is not the name of a ledger');

const event = {
  system: name,
  stage: name,
  subject: id,
  digest: hash,
  by: id.optional(),
  request: id,
};

const place = {
  format: z.literal(ENTRY_FORMAT),
  ledger,
  sequence: z.number().int().min(0).max(999_999_999_999),
  previous: hash,
  time: z.iso.datetime({ precision: 3 }),
};

/** Every kind with its outcomes, and nothing that is not named. */
function schemaOf(fields: z.ZodRawShape): z.ZodType {
  const kinds = Object.keys(OUTCOMES) as EntryKind[];
  const kindOf = (kind: EntryKind) =>
    z.strictObject({ ...fields, kind: z.literal(kind), outcome: z.enum(OUTCOMES[kind]) });
  return z.discriminatedUnion('kind', [kindOf(kinds[0]), ...kinds.slice(1).map(kindOf)]);
}

const eventSchema = schemaOf(event);
const entrySchema = schemaOf({ ...event, ...place });

/** Checks what is asked to be recorded. Throws PALISADE-L001. */
export function requireEvent(value: unknown): LedgerEvent {
  const parsed = eventSchema.safeParse(value);
  if (!parsed.success) {
    throw fault(
      'L001',
      'event',
      firstIssue(parsed.error),
      'give kind, system, stage, subject, outcome, digest and request',
    );
  }
  return parsed.data as LedgerEvent;
}

/** Whether two events are of one request. */
export function isSameRequest(one: LedgerEvent, other: LedgerEvent): boolean {
  return one.system === other.system && one.request === other.request;
}

/** Whether two events, or an entry and an event, say the same. */
export function isSameEvent(one: LedgerEvent, other: LedgerEvent): boolean {
  const fields = ['by', 'digest', 'kind', 'outcome', 'request', 'stage', 'subject', 'system'] as const;
  return fields.every((field) => one[field] === other[field]);
}

/** Reads an entry: it must be exactly the text that `entryText` gives. Throws PALISADE-L002. */
export function readEntry(stored: string, where: string): LedgerEntry {
  let value: unknown;
  try {
    value = JSON.parse(stored);
  } catch {
    throw fault('L002', where, 'is no JSON');
  }
  const parsed = entrySchema.safeParse(value);
  if (!parsed.success) {
    throw fault('L002', where, firstIssue(parsed.error));
  }
  const entry = parsed.data as LedgerEntry;
  if (entryText(entry) !== stored) {
    throw fault('L002', where, 'is not in the one form that entries have');
  }
  return entry;
}

/** The one text of an entry: what is stored and hashed. */
export function entryText(entry: LedgerEntry): string {
  return canonicalJson(entry as unknown as CanonicalValue);
}

/** Hash of an entry's text: the next entry names it, and it is the leaf of the tree (RFC 6962, section 2.1). */
export function entryHash(stored: string): Uint8Array {
  return leafHash(Buffer.from(stored));
}

/** What the first entry names instead of one before it. */
export function genesisOf(ledger: string): string {
  return createHash('sha256').update(`${ENTRY_FORMAT}\n${ledger}`).digest('hex');
}

function firstIssue({ issues: [{ path, message }] }: z.ZodError): string {
  return `${path.join('.') || 'the entry'}: ${message}`;
}
