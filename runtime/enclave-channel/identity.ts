import type { VerifiedAttestation } from '../attestation';
import { canonicalJson } from '../integrity/canonical-json';
import { fromBase64url, toBase64url, utf8 } from './bytes';
import { fault } from './fault';
import { must, readFields, SHA256, SYSTEM, textOf } from './strict-json';

/** What an enclave puts into its attestation documents, as user data. */
export interface EnclaveIdentityFields {
  /** AI system that it serves. */
  readonly system: string;
  /** SHA-256 of the model's weights, in hexadecimal. */
  readonly model: string;
  /** Ed25519 public key of this boot, raw: it signs receipts. */
  readonly receiptKey: Uint8Array;
}

/** Whom a client talks to. */
export interface EnclaveIdentity extends EnclaveIdentityFields {
  /** X25519 public key of this boot, raw: requests are sealed to it. */
  readonly publicKey: Uint8Array;
}

const RAW_KEY_LENGTH = 32;
const VERSION = 1;

/** User data of an attestation document: canonical JSON, some 200 bytes of the 512 allowed. Throws PALISADE-E212. */
export function userDataOf({ system, model, receiptKey }: EnclaveIdentityFields): Uint8Array {
  return checked(() => {
    const text = canonicalJson({ model, receiptKey: toBase64url(receiptKey), system, v: VERSION });
    parse(text);
    return utf8(text);
  });
}

/** What a verified document says of the enclave. Throws PALISADE-E212 where it says nothing of the kind. */
export function identityOf({
  publicKey,
  userData,
}: Pick<VerifiedAttestation, 'publicKey' | 'userData'>): EnclaveIdentity {
  return checked(() => {
    must(publicKey?.length === RAW_KEY_LENGTH, 'public_key is not a raw X25519 key');
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(userData);
    return { publicKey, ...parse(text) };
  });
}

function parse(text: string): EnclaveIdentityFields {
  const fields = readFields(text, ['model', 'receiptKey', 'system', 'v']);
  must(fields.v === VERSION, `version is not ${VERSION}`);
  const receiptKey = fromBase64url(textOf(fields, 'receiptKey', /^[\w-]{43}$/));
  return { system: textOf(fields, 'system', SYSTEM), model: textOf(fields, 'model', SHA256), receiptKey };
}

function checked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw fault('E212', 'identity in the attestation document', (error as Error).message, 'key');
  }
}
