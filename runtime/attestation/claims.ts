import { type CborMap, type CborValue, decodeCbor } from '../cbor';
import { fault } from './fault';

/** What a document says, in form and limits as AWS specifies them, and not yet to be trusted. */
export interface Claims {
  /** Id of the enclave: the instance's, `-enc`, and a number. */
  readonly moduleId: string;
  readonly timestamp: Date;
  /** Register to measurement: 32, 48 or 64 bytes. */
  readonly pcrs: ReadonlyMap<number, Uint8Array>;
  /** DER of the certificate whose key signed the document. */
  readonly certificate: Uint8Array;
  /** DER of the authorities, from the root down. */
  readonly authorities: readonly Uint8Array[];
  readonly publicKey?: Uint8Array;
  readonly userData?: Uint8Array;
  readonly nonce?: Uint8Array;
}

const FIELDS = [
  'module_id',
  'digest',
  'timestamp',
  'pcrs',
  'certificate',
  'cabundle',
  'public_key',
  'user_data',
  'nonce',
];
/** The chain has four authorities on real hardware; more than this is only work for the verifier. */
const MAXIMUM_AUTHORITIES = 8;
const MAXIMUM_PCR = 31;
const PCR_BYTES = [32, 48, 64];

/**
 * Reads the payload. Limits and types: aws-nitro-enclaves-nsm-api, docs/attestation_process.md, "Syntactical
 * validation". Optional fields may be absent or null, and since 2025 the outer map may be of indefinite length: both
 * are seen on real hardware. For user data and nonce that document says both 512 and 1,024; hardware gives 746.
 *
 * Throws PALISADE-E001 for what is not strict CBOR, E004 for a field, E005 for the registers.
 */
export function parseClaims(payload: Uint8Array): Claims {
  const map = decodeCbor(payload, { indefiniteOutermostMap: true });
  if (!(map instanceof Map)) {
    throw fault('E004', 'payload', 'not a map');
  }
  const unknown = [...map.keys()].find((key) => typeof key !== 'string' || !FIELDS.includes(key));
  if (unknown !== undefined) {
    throw fault('E004', 'payload', `unknown field ${JSON.stringify(unknown).slice(0, 40)}`);
  }
  if (map.get('digest') !== 'SHA384') {
    throw fault('E004', 'digest', 'not SHA384');
  }
  return {
    moduleId: moduleId(map.get('module_id')),
    timestamp: timestamp(map.get('timestamp')),
    pcrs: registers(map.get('pcrs')),
    certificate: bytes(map, 'certificate', 1, 1024),
    authorities: authorities(map.get('cabundle')),
    publicKey: optionalBytes(map, 'public_key', 1, 1024),
    userData: optionalBytes(map, 'user_data', 0, 1024),
    nonce: optionalBytes(map, 'nonce', 0, 1024),
  };
}

function moduleId(value: CborValue | undefined): string {
  if (typeof value !== 'string' || value === '') {
    throw fault('E004', 'module_id', 'not a text, or empty');
  }
  return value;
}

function timestamp(value: CborValue | undefined): Date {
  // The second bound is that of Date.
  if (typeof value !== 'number' || value <= 0 || value > 8.64e15) {
    throw fault('E004', 'timestamp', 'not a number of milliseconds');
  }
  return new Date(value);
}

function registers(value: CborValue | undefined): ReadonlyMap<number, Uint8Array> {
  if (!(value instanceof Map) || value.size === 0 || value.size > MAXIMUM_PCR + 1) {
    throw fault('E005', 'pcrs', `not a map of 1 to ${MAXIMUM_PCR + 1} registers`);
  }
  for (const [index, measurement] of value as CborMap) {
    if (typeof index !== 'number' || index < 0 || index > MAXIMUM_PCR) {
      throw fault('E005', 'pcrs', `register ${JSON.stringify(index).slice(0, 20)}, allowed: 0 to ${MAXIMUM_PCR}`);
    }
    if (!(measurement instanceof Uint8Array) || !PCR_BYTES.includes(measurement.length)) {
      throw fault('E005', `pcrs.${index}`, `not a measurement of ${PCR_BYTES.join(', ')} bytes`);
    }
  }
  return value as ReadonlyMap<number, Uint8Array>;
}

function authorities(value: CborValue | undefined): readonly Uint8Array[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAXIMUM_AUTHORITIES) {
    throw fault('E004', 'cabundle', `not a list of 1 to ${MAXIMUM_AUTHORITIES} certificates`);
  }
  return value.map((item: CborValue, index) => requireBytes(item, `cabundle.${index}`, 1, 1024));
}

function bytes(map: CborMap, field: string, least: number, most: number): Uint8Array {
  return requireBytes(map.get(field), field, least, most);
}

function optionalBytes(map: CborMap, field: string, least: number, most: number): Uint8Array | undefined {
  const value = map.get(field) ?? undefined;
  return value === undefined ? undefined : requireBytes(value, field, least, most);
}

function requireBytes(value: CborValue | undefined, where: string, least: number, most: number): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length < least || value.length > most) {
    throw fault('E004', where, `not a byte string of ${least} to ${most} bytes`);
  }
  return value;
}
