import 'reflect-metadata';
import { constants, createDecipheriv, type KeyObject, privateDecrypt } from 'node:crypto';
import { ContentInfo, EnvelopedData, type KeyTransRecipientInfo } from '@peculiar/asn1-cms';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { concat } from '../../runtime/enclave-channel/bytes';
import { PalisadeError } from '../../runtime/errors';

/** Longest envelope that is looked at, in bytes. KMS gives at most 4,096 bytes of plaintext ("Decrypt"), a key pair some more. */
const MAXIMUM_ENVELOPE = 64 * 1024;

/** Real envelopes nest 10 deep and have some 30 parts; content in pieces of 1 KiB may have 64 more. */
const LIMITS = { berOptions: { maxDepth: 16, maxNodes: 256 } };

const OID = {
  envelopedData: '1.2.840.113549.1.7.3',
  data: '1.2.840.113549.1.7.1',
  rsaOaep: '1.2.840.113549.1.1.7',
  aes256Cbc: '2.16.840.1.101.3.4.1.42',
};

/**
 * RSAES-OAEP-params of SHA-256 with MGF1 of SHA-256 (RFC 4055, 4.1): the hash with NULL parameters, as KMS sends it, or with
 * none, as OpenSSL does.
 */
const OAEP_SHA256 = [
  '302fa00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500',
  '302ba00d300b0609608648016503040201a11a301806092a864886f70d010108300b0609608648016503040201',
];

/**
 * Opens what KMS sealed to a key in an attestation document: `CiphertextForRecipient`, CMS EnvelopedData (RFC 5652) in BER,
 * with RSAES-OAEP and AES-256-CBC.
 *
 * Throws PALISADE-E330 for what has another form, PALISADE-E331 for what this key does not open: one error, whatever step
 * failed, so that answers tell nothing about a padding.
 */
export function openForRecipient(envelope: Uint8Array, privateKey: KeyObject): Uint8Array {
  const { encryptedKey, iv, content } = parse(envelope);
  try {
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    const contentKey = privateDecrypt({ key: privateKey, padding, oaepHash: 'sha256' }, encryptedKey);
    const decipher = createDecipheriv('aes-256-cbc', contentKey, iv);
    contentKey.fill(0);
    const parts = [decipher.update(content), decipher.final()];
    const plaintext = concat(...parts);
    for (const part of parts) {
      part.fill(0);
    }
    return plaintext;
  } catch {
    throw new PalisadeError({
      code: 'PALISADE-E331',
      where: 'CiphertextForRecipient',
      problem: 'this key does not open it',
      fix: 'ask KMS again; the document must name the public half of the key that opens',
    });
  }
}

interface Envelope {
  readonly encryptedKey: Uint8Array;
  readonly iv: Uint8Array;
  readonly content: Uint8Array;
}

function parse(bytes: Uint8Array): Envelope {
  must(bytes.length <= MAXIMUM_ENVELOPE, 'it is too long');
  const { version, recipientInfos, encryptedContentInfo } = decode(bytes);
  must(version === 2, `its version is ${version}`);
  const [recipient, ...more] = recipientInfos;
  must(recipient?.ktri !== undefined && more.length === 0, 'it has not one recipient with a key of its own');
  const { algorithm, parameters } = encryptedContentInfo.contentEncryptionAlgorithm;
  must(encryptedContentInfo.contentType === OID.data, 'its content is not data');
  must(algorithm === OID.aes256Cbc, `its content is encrypted with ${algorithm}`);
  const iv = octets(parameters);
  must(iv.length === 16, 'its initialization vector has not 16 bytes');
  return { encryptedKey: encryptedKeyOf(recipient.ktri), iv, content: contentOf(encryptedContentInfo) };
}

function decode(bytes: Uint8Array): EnvelopedData {
  try {
    const { contentType, content } = AsnConvert.parse(bytes, ContentInfo, LIMITS);
    must(contentType === OID.envelopedData, `it is ${contentType}`);
    return AsnConvert.parse(content, EnvelopedData, LIMITS);
  } catch (error) {
    throw error instanceof PalisadeError ? error : malformed('it is not CMS EnvelopedData');
  }
}

function encryptedKeyOf({ version, rid, keyEncryptionAlgorithm, encryptedKey }: KeyTransRecipientInfo): Uint8Array {
  const { algorithm, parameters } = keyEncryptionAlgorithm;
  must(version === 2 && rid.subjectKeyIdentifier !== undefined, 'its recipient is not named by a key identifier');
  must(algorithm === OID.rsaOaep, `its key is encrypted with ${algorithm}`);
  must(
    OAEP_SHA256.includes(Buffer.from(parameters ?? new ArrayBuffer()).toString('hex')),
    'its key is not encrypted with OAEP of SHA-256',
  );
  return new Uint8Array(encryptedKey.buffer);
}

/** In one piece, or in several: BER allows both, and KMS has sent both. */
function contentOf({ encryptedContent }: EnvelopedData['encryptedContentInfo']): Uint8Array {
  const pieces = encryptedContent?.constructedValue ?? (encryptedContent?.value ? [encryptedContent.value] : []);
  must(pieces.length > 0, 'it has no content');
  return Buffer.concat(pieces.map(({ buffer }) => new Uint8Array(buffer)));
}

function octets(parameters: ArrayBuffer | null | undefined): Uint8Array {
  try {
    return new Uint8Array(AsnConvert.parse(parameters as ArrayBuffer, OctetString).buffer);
  } catch {
    throw malformed('its initialization vector cannot be read');
  }
}

function must(condition: boolean, problem: string): asserts condition {
  if (!condition) {
    throw malformed(problem);
  }
}

function malformed(problem: string): PalisadeError {
  return new PalisadeError({
    code: 'PALISADE-E330',
    where: 'CiphertextForRecipient',
    problem,
    fix: 'compare with RecipientInfo of the KMS API Reference: who answers may not be KMS',
  });
}
