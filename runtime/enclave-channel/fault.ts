import { PalisadeError } from '../errors';

const FIX = {
  message:
    'seal the request again; if it happens again, something between client and enclave alters or repeats messages',
  key: 'attest again and seal to the new key; EnclaveClient does so by itself',
  clock: 'set the clock of the client, and look at the clock of the enclave (palisade enclave doctor)',
  load: 'send less at once, or later',
  caller: 'correct the call',
};

/** Why a message is refused. `kind` chooses what the reader should do about it. */
export function fault(step: string, where: string, problem: string, kind: keyof typeof FIX = 'message'): PalisadeError {
  return new PalisadeError({ code: `PALISADE-${step}`, where, problem, fix: FIX[kind] });
}

/** Code of the refusal after which a client attests again. */
export const KEY_CHANGED = 'PALISADE-E201';

/**
 * HTTP status of each refusal: 4xx where another request would do, 5xx where only time does. A changed key is 410, since
 * fetch itself repeats a request that is answered 421.
 */
const STATUS: Readonly<Record<string, number>> = {
  'PALISADE-E200': 415,
  [KEY_CHANGED]: 410,
  'PALISADE-E202': 400,
  'PALISADE-E203': 409,
  'PALISADE-E204': 503,
  'PALISADE-E205': 413,
  'PALISADE-E206': 400,
  'PALISADE-E207': 400,
  'PALISADE-E208': 400,
  'PALISADE-E209': 400,
  'PALISADE-E210': 400,
};

/** An HTTP answer in the clear. */
export interface Refusal {
  readonly status: number;
  readonly contentType: 'application/json';
  readonly body: Uint8Array;
}

/**
 * What an enclave answers in the clear when it refuses: the code, and nothing else of the error, since its text may tell of
 * the content. Errors that are not of this channel are PALISADE-E213, status 500.
 */
export function refusalOf(error: unknown): Refusal {
  const known = error instanceof PalisadeError && Object.hasOwn(STATUS, error.code);
  const code = known ? error.code : fault('E213', 'enclave', 'could not answer').code;
  const body = new TextEncoder().encode(JSON.stringify({ code }));
  return { status: STATUS[code] ?? 500, contentType: 'application/json', body };
}
