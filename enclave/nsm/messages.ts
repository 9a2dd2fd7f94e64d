import { type CborMap, type CborValue, decodeCbor, encodeCbor } from '../../runtime/cbor';
import { PalisadeError } from '../../runtime/errors';
import type { AttestationFields, NsmDescription, PcrState } from './nsm';

/** Largest request and response of the device (NSM_REQUEST_MAX_SIZE, NSM_RESPONSE_MAX_SIZE of linux/drivers/misc/nsm.c). */
export const MAXIMUM_REQUEST = 0x1000;
export const MAXIMUM_RESPONSE = 0x3000;

/** A request of the module and how its response is read. Format: aws-nitro-enclaves-nsm-api, src/api/mod.rs. */
export interface Exchange<T> {
  readonly name: string;
  readonly request: Uint8Array;
  /** Throws PALISADE-E312 for an error of the module, PALISADE-E313 for a response that is not of this request. */
  readonly read: (response: Uint8Array) => T;
}

/** Asks for an attestation document. */
export function attestation({ nonce, userData, publicKey }: AttestationFields): Exchange<Uint8Array> {
  const fields = { user_data: userData ?? null, nonce: nonce ?? null, public_key: publicKey ?? null };
  return exchange('Attestation', fields, (answer) => bytes(answer, 'document'));
}

/** Asks for random bytes. */
export function random(): Exchange<Uint8Array> {
  return exchange('GetRandom', undefined, (answer) => bytes(answer, 'random'));
}

/** Asks what the module is. */
export function describe(): Exchange<NsmDescription> {
  return exchange('DescribeNSM', undefined, (answer) => ({
    moduleId: field(answer, 'module_id', (value) => typeof value === 'string' && value !== ''),
    digest: field(answer, 'digest', (value) => typeof value === 'string'),
    maximumPcrs: field(answer, 'max_pcrs', isIndex),
    lockedPcrs: field(answer, 'locked_pcrs', (value) => Array.isArray(value) && value.every(isIndex)),
  }));
}

/** Asks for the state of one PCR. */
export function describePcr(index: number): Exchange<PcrState> {
  return exchange('DescribePCR', { index }, (answer) => ({
    locked: field(answer, 'lock', (value) => typeof value === 'boolean'),
    value: bytes(answer, 'data'),
  }));
}

/** Extends one PCR. */
export function extendPcr(index: number, data: Uint8Array): Exchange<Uint8Array> {
  return exchange('ExtendPCR', { index, data }, (answer) => bytes(answer, 'data'));
}

/** Locks one PCR. */
export function lockPcr(index: number): Exchange<void> {
  return exchange('LockPCR', { index }, () => undefined);
}

type Answer = { readonly name: string; readonly body: CborMap };

/** Requests and responses without fields are their name alone, others a map of one entry. */
function exchange<T>(
  name: string,
  fields: Readonly<Record<string, CborValue>> | undefined,
  read: (answer: Answer) => T,
): Exchange<T> {
  return {
    name,
    request: encodeCbor(fields === undefined ? name : new Map([[name, new Map(Object.entries(fields))]])),
    read: (response) => read(answerOf(name, response)),
  };
}

function answerOf(name: string, response: Uint8Array): Answer {
  const decoded = decodeStrictly(name, response);
  if (decoded === name) {
    return { name, body: new Map() };
  }
  const [entry, ...more] = decoded instanceof Map ? [...decoded] : [];
  if (entry?.[0] === 'Error' && more.length === 0 && typeof entry[1] === 'string') {
    throw new PalisadeError({
      code: 'PALISADE-E312',
      where: `NSM ${name}`,
      problem: `the module answers ${entry[1].slice(0, 40)}`,
      fix: 'see the ErrorCode values of aws-nitro-enclaves-nsm-api: a PCR may be locked, a field too long',
    });
  }
  if (entry?.[0] !== name || more.length > 0 || !(entry[1] instanceof Map)) {
    throw malformed(name, 'it is not the answer to this request');
  }
  return { name, body: entry[1] };
}

function decodeStrictly(name: string, response: Uint8Array): CborValue {
  try {
    return decodeCbor(response);
  } catch (error) {
    throw malformed(name, (error as Error).message);
  }
}

function field<T>({ name, body }: Answer, key: string, accepts: (value: unknown) => boolean): T {
  const value = body.get(key);
  if (!accepts(value)) {
    throw malformed(name, `${key} is missing or of another type`);
  }
  return value as T;
}

function bytes(answer: Answer, key: string): Uint8Array {
  return field(answer, key, (value) => value instanceof Uint8Array && value.length > 0);
}

function isIndex(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 0xffff;
}

function malformed(name: string, why: string): PalisadeError {
  return new PalisadeError({
    code: 'PALISADE-E313',
    where: `NSM ${name}`,
    problem: `the response cannot be read: ${why}`,
    fix: 'compare the kernel driver and the module version with aws-nitro-enclaves-nsm-api',
  });
}
