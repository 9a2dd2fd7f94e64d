import type { Claims } from './claims';
import { fault } from './fault';

/** Register to measurement in hexadecimal: an image, or as much of it as is pinned. */
export type PcrSet = Readonly<Record<number, string>>;

/** What a document must say to be accepted. */
export interface AttestationPolicy {
  /**
   * Sets of measurements, of which one must hold whole; several while a new image rolls out. `'any'` accepts every image
   * that AWS signed for, anybody's included: for inspection only.
   */
  readonly pcrs: readonly PcrSet[] | 'any';
  /** Accept an enclave in debug mode, whose measurements are zero and whose memory its host can read. @default false */
  readonly allowDebug?: boolean;
  /** Id of the enclave. @default - any */
  readonly moduleId?: string;
  /** What the client sent to be sure that the document is an answer to it. @default - any */
  readonly nonce?: Uint8Array;
  /** @default - any */
  readonly userData?: Uint8Array;
  /** @default - any */
  readonly publicKey?: Uint8Array;
  /** Age of the document, in milliseconds. @default 300000 - five minutes */
  readonly maximumAge?: number;
  /** How far the document may be ahead of this clock, in milliseconds. @default 60000 - one minute */
  readonly clockSkew?: number;
  /** DER of another root than AWS's. For tests: whoever has its key can attest anything. @default - AWS's root */
  readonly rootForTests?: Uint8Array;
}

const MAXIMUM_AGE = 300_000;
const CLOCK_SKEW = 60_000;
/** Registers that measure the image; in debug mode they are zero (Nitro Enclaves User Guide, "PCRs"). */
const IMAGE_REGISTERS = [0, 1, 2];
const MEASUREMENT = /^([0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/i;

/** Refuses a policy that pins nothing, or pins what is no measurement, and a clock that shows no time. Throws PALISADE-E019. */
export function requirePolicy({ pcrs, allowDebug = false }: AttestationPolicy, now: Date): void {
  if (Number.isNaN(now.getTime())) {
    throw fault('E019', 'policy', 'the time to judge at is no time', 'usage');
  }
  if (pcrs === 'any') {
    return;
  }
  if (pcrs.length === 0 || pcrs.some((set) => Object.keys(set).length === 0)) {
    throw fault('E019', 'policy', 'no measurement is pinned', 'usage');
  }
  for (const [register, value] of pcrs.flatMap((set) => Object.entries(set))) {
    if (!MEASUREMENT.test(value) || !(Number(register) >= 0 && Number(register) <= 31)) {
      throw fault('E019', 'policy', `PCR${register} '${value.slice(0, 20)}' is no measurement`, 'usage');
    }
    if (/^0+$/.test(value) && !allowDebug && IMAGE_REGISTERS.includes(Number(register))) {
      throw fault('E019', 'policy', `PCR${register} is zero, which every enclave in debug mode attests`, 'usage');
    }
  }
}

/** Whether the enclave runs in debug mode: a register that measures the image is absent or zero. */
export function isDebug({ pcrs }: Claims): boolean {
  return IMAGE_REGISTERS.some((register) => pcrs.get(register)?.every((byte) => byte === 0) ?? true);
}

/**
 * Holds what a verified document says against what was asked for.
 *
 * Throws PALISADE-E012 for debug mode, E013 for measurements, E014 for the module id, E015 for the nonce, E016 for the
 * user data, E017 for the public key, E018 for a document that is too old or of the future.
 */
export function applyPolicy(claims: Claims, policy: AttestationPolicy, now: Date): void {
  if (isDebug(claims) && !policy.allowDebug) {
    throw fault('E012', 'pcrs', 'zero: the enclave runs in debug mode, and its host can read it', 'policy');
  }
  requireMeasurements(claims, policy.pcrs);
  if (policy.moduleId !== undefined && policy.moduleId !== claims.moduleId) {
    throw fault('E014', 'module_id', `${claims.moduleId.slice(0, 60)}, expected ${policy.moduleId}`, 'policy');
  }
  requireSame('E015', 'nonce', claims.nonce, policy.nonce);
  requireSame('E016', 'user_data', claims.userData, policy.userData);
  requireSame('E017', 'public_key', claims.publicKey, policy.publicKey);
  requireFresh(claims.timestamp, policy, now);
}

function requireMeasurements({ pcrs }: Claims, allowed: AttestationPolicy['pcrs']): void {
  if (allowed === 'any') {
    return;
  }
  const differing = (set: PcrSet) =>
    Object.entries(set).filter(([register, value]) => pcrHex(pcrs, Number(register)) !== value.toLowerCase());
  const differences = allowed.map(differing);
  if (differences.every((registers) => registers.length > 0)) {
    const [register] = differences[0][0];
    const found = pcrHex(pcrs, Number(register)) ?? 'nothing';
    throw fault('E013', `pcrs.${register}`, `${found}, which no set of the policy allows`, 'policy');
  }
}

/** The measurement of a register in lower-case hexadecimal; undefined where the document has none. */
export function pcrHex(pcrs: ReadonlyMap<number, Uint8Array>, register: number): string | undefined {
  const value = pcrs.get(register);
  return value && hex(value);
}

function requireSame(step: string, where: string, found: Uint8Array | undefined, expected?: Uint8Array): void {
  if (expected !== undefined && (found === undefined || hex(found) !== hex(expected))) {
    throw fault(
      step,
      where,
      `${found ? hex(found).slice(0, 64) : 'nothing'}, which is not what was expected`,
      'policy',
    );
  }
}

function requireFresh(timestamp: Date, policy: AttestationPolicy, now: Date): void {
  const age = now.getTime() - timestamp.getTime();
  const { maximumAge = MAXIMUM_AGE, clockSkew = CLOCK_SKEW } = policy;
  if (age > maximumAge || age < -clockSkew) {
    throw fault('E018', 'timestamp', `${timestamp.toISOString()}, and it is ${now.toISOString()}`, 'policy');
  }
}

/** Not by Buffer: browsers have none. */
function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
