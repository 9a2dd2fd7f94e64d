import { CborTag, type CborValue, decodeCbor, encodeCbor } from '../cbor';
import { fault } from './fault';

/** A COSE_Sign1 message (RFC 9052, section 4.2) signed with ES384, as the Nitro hypervisor makes it. */
export interface SignedMessage {
  readonly payload: Uint8Array;
  /** r and s, 48 bytes each. */
  readonly signature: Uint8Array;
  /** What the signature is over. */
  readonly toBeSigned: Uint8Array;
}

const COSE_SIGN1 = 18;
const ALGORITHM = 1;
/** ECDSA with SHA-384 (RFC 9053, table 1). */
const ES384 = -35;
const SIGNATURE_BYTES = 96;

/**
 * Takes a message apart. The tag may be absent, as it is in what the hardware gives. Whatever is not covered by the
 * signature must be empty.
 *
 * Throws PALISADE-E001 for what is not strict CBOR, E002 for another form, E003 for another algorithm.
 */
export function parseSignedMessage(document: Uint8Array): SignedMessage {
  const item = decodeCbor(document);
  const parts = item instanceof CborTag && item.tag === COSE_SIGN1 ? item.value : item;
  if (!Array.isArray(parts) || parts.length !== 4) {
    throw fault('E002', 'COSE_Sign1', 'not an array of four');
  }
  const [protectedHeader, unprotected, payload, signature] = parts as CborValue[];
  if (!isBytes(protectedHeader) || !isBytes(payload) || !isBytes(signature)) {
    throw fault('E002', 'COSE_Sign1', 'protected header, payload and signature are not all byte strings');
  }
  if (!(unprotected instanceof Map) || unprotected.size > 0) {
    throw fault('E002', 'COSE_Sign1', 'the unprotected header is not an empty map');
  }
  requireEs384(protectedHeader);
  if (signature.length !== SIGNATURE_BYTES) {
    throw fault('E002', 'COSE_Sign1', `a signature of ${signature.length} bytes, expected ${SIGNATURE_BYTES}`);
  }
  const toBeSigned = encodeCbor(['Signature1', protectedHeader, new Uint8Array(), payload]);
  return { payload, signature, toBeSigned };
}

function requireEs384(protectedHeader: Uint8Array): void {
  const header = decodeCbor(protectedHeader);
  if (!(header instanceof Map) || header.size !== 1 || !header.has(ALGORITHM)) {
    throw fault('E002', 'protected header', 'not a map of the algorithm alone');
  }
  const algorithm = header.get(ALGORITHM);
  if (algorithm !== ES384) {
    throw fault('E003', 'protected header', `algorithm ${String(algorithm).slice(0, 20)}, allowed: -35 (ES384)`);
  }
}

function isBytes(value: CborValue): value is Uint8Array {
  return value instanceof Uint8Array;
}
