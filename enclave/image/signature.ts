import { createPrivateKey, type KeyObject, sign, verify, X509Certificate } from 'node:crypto';
import { type CborValue, decodeCbor, encodeCbor } from '../../runtime/cbor';
import { eifFault } from './format';

/** Longest signature section, in bytes: one certificate and one signature, in twos of bytes. */
export const MAXIMUM_SIGNATURE = 32_768;

/** COSE algorithm (RFC 9053, table 1) and hash, by the curve of the key. */
const ALGORITHMS: Readonly<Record<string, { readonly id: number; readonly hash: string }>> = {
  prime256v1: { id: -7, hash: 'sha256' },
  secp384r1: { id: -35, hash: 'sha384' },
  secp521r1: { id: -36, hash: 'sha512' },
};

/** Signs PCR0 as the signature section holds it. Throws PALISADE-E108 for a key or certificate. */
export function signMeasurement(pcr0: string, certificatePem: string, keyPem: string): Buffer {
  const { key, certificate } = signer(certificatePem, keyPem);
  const { id, hash } = algorithmOf(certificate.publicKey, 'E108', 'signing certificate');
  const header = encodeCbor(new Map([[1, id]]));
  const payload = payloadOf(pcr0);
  const signature = sign(hash, toBeSigned(header, payload), { key, dsaEncoding: 'ieee-p1363' });
  const message = encodeCbor([header, new Map(), payload, new Uint8Array(signature)]);
  const entry: [string, CborValue][] = [
    ['signing_certificate', [...Buffer.from(certificatePem)]],
    ['signature', [...message]],
  ];
  return Buffer.from(encodeCbor([new Map(entry)]));
}

/**
 * The certificate of a signature section, once its signature is found to be over this PCR0.
 *
 * Throws PALISADE-E105 for another form, PALISADE-E106 for a signature over something else or by another key.
 */
export function verifySignature(section: Uint8Array, pcr0: string, where: string): X509Certificate {
  const { certificate, message } = parseSection(section, where);
  const [header, unprotected, payload, signature] = message;
  const bytes = [header, payload, signature];
  if (!bytes.every((part): part is Uint8Array => part instanceof Uint8Array) || !(unprotected instanceof Map)) {
    throw eifFault('E105', where, 'the signature is no COSE_Sign1');
  }
  const { id, hash } = algorithmOf(certificate.publicKey, 'E105', where);
  const algorithm = decoded(header as Uint8Array, where);
  if (!(algorithm instanceof Map) || algorithm.get(1) !== id) {
    throw eifFault('E105', where, `the signature is not made with the algorithm of the certificate's key (${id})`);
  }
  const key = { key: certificate.publicKey, dsaEncoding: 'ieee-p1363' } as const;
  const expected = payloadOf(pcr0);
  const isOver = Buffer.from(payload as Uint8Array).equals(expected);
  if (!isOver || !verify(hash, toBeSigned(header as Uint8Array, expected), key, signature as Uint8Array)) {
    throw eifFault('E106', where, 'the signature is not of this image by the key of its certificate');
  }
  return certificate;
}

function parseSection(
  section: Uint8Array,
  where: string,
): { certificate: X509Certificate; message: readonly CborValue[] } {
  const entries = decoded(section, where);
  const entry = Array.isArray(entries) && entries.length === 1 ? entries[0] : undefined;
  const certificate = entry instanceof Map ? bytesOf(entry.get('signing_certificate')) : undefined;
  const signature = entry instanceof Map ? bytesOf(entry.get('signature')) : undefined;
  const message = signature && decoded(signature, where);
  if (!certificate || !Array.isArray(message) || message.length !== 4) {
    throw eifFault('E105', where, 'not one certificate with one COSE_Sign1');
  }
  try {
    return { certificate: new X509Certificate(certificate), message };
  } catch {
    throw eifFault('E105', where, 'the signing certificate cannot be read');
  }
}

function decoded(bytes: Uint8Array, where: string): CborValue {
  try {
    return decodeCbor(bytes);
  } catch (error) {
    throw eifFault('E105', where, `not strict CBOR: ${(error as Error).message.split('\n')[1]?.trim()}`);
  }
}

/** AWS's tools write bytes as lists of numbers. */
function bytesOf(value: CborValue | undefined): Uint8Array | undefined {
  const isByte = (item: CborValue) => typeof item === 'number' && item >= 0 && item < 256;
  return Array.isArray(value) && value.every(isByte) ? Uint8Array.from(value as number[]) : undefined;
}

function payloadOf(pcr0: string): Uint8Array {
  const entries: [string, CborValue][] = [
    ['register_index', 0],
    ['register_value', [...Buffer.from(pcr0, 'hex')]],
  ];
  return encodeCbor(new Map(entries));
}

function toBeSigned(header: Uint8Array, payload: Uint8Array): Uint8Array {
  return encodeCbor(['Signature1', header, new Uint8Array(), payload]);
}

function algorithmOf(key: KeyObject, code: string, where: string) {
  const algorithm = ALGORITHMS[key.asymmetricKeyDetails?.namedCurve ?? ''];
  if (!algorithm) {
    throw eifFault(code, where, 'a key that is not on P-256, P-384 or P-521');
  }
  return algorithm;
}

function signer(certificatePem: string, keyPem: string): { key: KeyObject; certificate: X509Certificate } {
  const fix = 'give the PEM of a certificate, and of the private key that belongs to it';
  try {
    const [key, certificate] = [createPrivateKey(keyPem), new X509Certificate(certificatePem)];
    if (certificate.checkPrivateKey(key)) {
      return { key, certificate };
    }
  } catch {
    throw eifFault('E108', 'signing key', 'key or certificate cannot be read', fix);
  }
  throw eifFault('E108', 'signing key', 'the key is not that of the certificate', fix);
}
