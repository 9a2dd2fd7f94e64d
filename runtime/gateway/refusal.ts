/** What became of a call. */
export type Decision =
  | 'answered'
  | 'input-blocked'
  | 'output-blocked'
  | 'refused'
  | 'failed'
  /** The caller went away before the end. */
  | 'cancelled'
  /** A stream was opened; another record says how it ended. */
  | 'opened';

/** Everything that the gateway answers instead of a model's answer: status and decision by code. */
const REFUSALS = {
  'PALISADE-W001': [400, 'refused'],
  'PALISADE-W002': [400, 'refused'],
  'PALISADE-W003': [422, 'input-blocked'],
  'PALISADE-W004': [422, 'output-blocked'],
  'PALISADE-W005': [503, 'refused'],
  'PALISADE-W006': [502, 'failed'],
  'PALISADE-W007': [500, 'failed'],
  'PALISADE-W010': [404, 'refused'],
  'PALISADE-W011': [413, 'refused'],
  'PALISADE-W012': [415, 'refused'],
  'PALISADE-W013': [403, 'refused'],
  'PALISADE-W014': [404, 'refused'],
  'PALISADE-W015': [503, 'refused'],
  'PALISADE-W016': [429, 'refused'],
  'PALISADE-W017': [429, 'refused'],
  'PALISADE-W018': [503, 'failed'],
  'PALISADE-W019': [400, 'refused'],
  'PALISADE-W020': [504, 'failed'],
  'PALISADE-W021': [400, 'refused'],
  'PALISADE-W022': [503, 'failed'],
  'PALISADE-W023': [400, 'refused'],
  'PALISADE-W024': [499, 'cancelled'],
  'PALISADE-W025': [422, 'output-blocked'],
} as const satisfies Record<string, readonly [number, Decision]>;

/** Code of a refusal. docs/gateway.md says what each means. */
export type RefusalCode = keyof typeof REFUSALS;

/** Details that a caller can act on. */
export interface RefusalDetails {
  /** Where in the body it is, as `messages[0].content`. @default - nowhere in particular */
  readonly where?: string;
  /** Seconds after which asking again makes sense. @default - unknown */
  readonly retryAfter?: number;
}

/** Ends a call with a coded answer. The message goes to the caller: it tells nothing of the inside. */
export class Refusal extends Error {
  readonly status: number;
  readonly decision: Decision;
  readonly where?: string;
  readonly retryAfter?: number;

  constructor(
    readonly code: RefusalCode,
    message: string,
    { where, retryAfter }: RefusalDetails = {},
  ) {
    super(message);
    this.name = 'Refusal';
    [this.status, this.decision] = REFUSALS[code];
    this.where = where;
    this.retryAfter = retryAfter;
  }
}
