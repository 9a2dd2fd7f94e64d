import { type KeyObject, X509Certificate } from 'node:crypto';
import { DER, type DerElement, derElement, derElements } from './der';
import { fault } from './fault';

/** What a verifier needs of a certificate: node:crypto knows names, dates and keys, the rest is read from its DER. */
export interface Certificate {
  readonly x509: X509Certificate;
  readonly publicKey: KeyObject;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly authority: boolean;
  /** Authorities that may stand between this one and the leaf. @default - any number */
  readonly pathLength?: number;
  /** May sign certificates. */
  readonly signsCertificates: boolean;
  /** May sign anything else. */
  readonly signsData: boolean;
}

/** ecdsa-with-SHA384 (RFC 5758), as the whole AlgorithmIdentifier. */
const ECDSA_SHA384 = '300a06082a8648ce3d040303';
const EXTENSIONS = 0xa3;
const OID = { basicConstraints: '551d13', keyUsage: '551d0f' };
/** Critical extensions that this verifier acts on. Any other must stop it (RFC 5280, section 4.2). */
const UNDERSTOOD = new Set(Object.values(OID));
/** Bits of keyUsage, from the left (RFC 5280, section 4.2.1.3). */
const KEY_CERT_SIGN = 5;
const DIGITAL_SIGNATURE = 0;

/** Reads a certificate that fills `der`, has a P-384 key, and is signed with ECDSA and SHA-384. Throws PALISADE-E006. */
export function parseCertificate(der: Uint8Array, where: string): Certificate {
  try {
    return read(der);
  } catch (error) {
    throw fault('E006', where, `not a certificate of the Nitro system: ${(error as Error).message}`);
  }
}

function read(der: Uint8Array): Certificate {
  const [toBeSigned, algorithm] = derElements(derElement(der, DER.sequence).content);
  const fields = derElements(toBeSigned.content);
  // Version, serial number, algorithm (RFC 5280, section 4.1).
  if (hex(algorithm.whole) !== ECDSA_SHA384 || hex(fields[2].whole) !== ECDSA_SHA384) {
    throw new Error('signed with another algorithm than ECDSA with SHA-384');
  }
  const x509 = new X509Certificate(der);
  const { publicKey } = x509;
  if (publicKey.asymmetricKeyDetails?.namedCurve !== 'secp384r1') {
    throw new Error('a key on another curve than P-384');
  }
  const [notBefore, notAfter] = [new Date(x509.validFrom), new Date(x509.validTo)];
  if (Number.isNaN(notBefore.getTime() + notAfter.getTime())) {
    throw new Error('a validity that is no time');
  }
  const extensions = extensionsOf(fields);
  const usage = keyUsage(extensions.get(OID.keyUsage));
  return {
    x509,
    publicKey,
    notBefore,
    notAfter,
    ...basicConstraints(extensions.get(OID.basicConstraints)),
    signsCertificates: usage(KEY_CERT_SIGN),
    signsData: usage(DIGITAL_SIGNATURE),
  };
}

/** Values of the extensions by OID, in hexadecimal. */
function extensionsOf(fields: readonly DerElement[]): ReadonlyMap<string, Uint8Array> {
  const holder = fields.find(({ tag }) => tag === EXTENSIONS);
  const extensions = new Map<string, Uint8Array>();
  for (const { content } of holder ? derElements(derElement(holder.content, DER.sequence).content) : []) {
    const parts = derElements(content);
    const id = hex(parts[0].content);
    if (extensions.has(id)) {
      throw new Error(`extension ${id} twice`);
    }
    if (parts[1].tag === DER.boolean && !UNDERSTOOD.has(id)) {
      throw new Error(`critical extension ${id}, which is unknown`);
    }
    extensions.set(id, parts[parts.length - 1].content);
  }
  return extensions;
}

function basicConstraints(value: Uint8Array | undefined): Pick<Certificate, 'authority' | 'pathLength'> {
  const parts = value ? derElements(derElement(value, DER.sequence).content) : [];
  const authority = parts[0]?.tag === DER.boolean && parts[0].content[0] === 0xff;
  const length = parts.find(({ tag }) => tag === DER.integer)?.content;
  if (length && length.length !== 1) {
    throw new Error('a path length that is no small number');
  }
  return length ? { authority, pathLength: length[0] } : { authority };
}

function keyUsage(value: Uint8Array | undefined): (bit: number) => boolean {
  const bits = value && derElement(value, DER.bitString).content;
  return (bit) => bits !== undefined && ((bits[1] ?? 0) & (0x80 >> bit)) !== 0;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
