import 'reflect-metadata';
import { createHash, createPrivateKey, sign, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { type CborMap, type CborValue, encodeCbor } from '../../../runtime/cbor';

x509.cryptoProvider.set(webcrypto as never);

const ES384 = { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' };
const { KeyUsageFlags } = x509;

/** What a test document says; what is left out is usual. */
export interface DocumentFields {
  readonly pcrs?: Readonly<Record<number, Uint8Array>>;
  readonly nonce?: Uint8Array | null;
  readonly userData?: Uint8Array | null;
  readonly publicKey?: Uint8Array | null;
  readonly timestamp?: Date;
  readonly moduleId?: string;
  /** Replaces fields of the payload; `undefined` removes one. */
  readonly payload?: Readonly<Record<string, CborValue | undefined>>;
  /** Replaces the protected header. */
  readonly header?: CborMap;
  /** Replaces the encoding of the payload. */
  readonly encode?: (payload: CborMap) => Uint8Array;
}

/** How one certificate of the test's chain differs from the usual. */
export interface CertificateOverrides {
  readonly authority?: boolean;
  readonly pathLength?: number;
  readonly usage?: number;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly curve?: 'P-256';
  readonly hash?: 'SHA-256';
  readonly extensions?: x509.Extension[];
}

/** When the chain is valid, and what is wrong with it: by position, 0 for the root and 4 for the enclave's. */
export interface LocalNitroOptions {
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly certificates?: Readonly<Record<number, CertificateOverrides>>;
}

interface Link {
  readonly der: Uint8Array;
  readonly certificate: x509.X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
}

/** Stands where the Nitro hypervisor does: a root, three authorities and an enclave's certificate, made for this run. */
export class LocalNitro {
  static async create(options: LocalNitroOptions): Promise<LocalNitro> {
    const chain: Link[] = [];
    for (let position = 0; position < 5; position += 1) {
      chain.push(await link(options, position, chain[position - 1]));
    }
    const key = await webcrypto.subtle.exportKey('pkcs8', chain[4].keys.privateKey);
    return new LocalNitro(
      chain.map(({ der }) => der),
      new Uint8Array(key),
      options,
    );
  }

  private constructor(
    /** DER of the certificates, from the root down to the enclave's. */
    readonly certificates: readonly Uint8Array[],
    private readonly pkcs8: Uint8Array,
    private readonly validity: LocalNitroOptions,
  ) {}

  /** What a test gives as `rootForTests`. */
  get rootDer(): Uint8Array {
    return this.certificates[0];
  }

  /** A signed document. */
  document(fields: DocumentFields = {}): Uint8Array {
    const payload = (fields.encode ?? encodeCbor)(this.payload(fields));
    return this.sign(payload, encodeCbor(fields.header ?? new Map([[1, -35]])));
  }

  /** Signs any bytes as a payload. */
  sign(payload: Uint8Array, header: Uint8Array): Uint8Array {
    const key = createPrivateKey({ key: Buffer.from(this.pkcs8), format: 'der', type: 'pkcs8' });
    const toBeSigned = encodeCbor(['Signature1', header, new Uint8Array(), payload]);
    const signature = new Uint8Array(sign('sha384', toBeSigned, { key, dsaEncoding: 'ieee-p1363' }));
    return encodeCbor([header, new Map(), payload, signature]);
  }

  private payload(fields: DocumentFields): CborMap {
    const { notBefore } = this.validity;
    const pcrs = Object.entries(fields.pcrs ?? usualPcrs()).map(([register, value]) => [Number(register), value]);
    const entries: [string, CborValue | undefined][] = Object.entries({
      module_id: fields.moduleId ?? 'i-0123456789abcdef0-enc0123456789abcdef',
      digest: 'SHA384',
      timestamp: (fields.timestamp ?? notBefore).getTime(),
      pcrs: new Map(pcrs as [number, Uint8Array][]),
      certificate: this.certificates[4],
      cabundle: this.certificates.slice(0, 4),
      public_key: fields.publicKey ?? null,
      user_data: fields.userData ?? null,
      nonce: fields.nonce ?? null,
      ...fields.payload,
    });
    return new Map(entries.filter((entry): entry is [string, CborValue] => entry[1] !== undefined));
  }
}

/** Measurements of an image that does not exist, the same in every run. */
export function usualPcrs(image = 'image'): Record<number, Uint8Array> {
  const registers = Array.from({ length: 16 }, (_, register) => [
    register,
    register < 5 ? new Uint8Array(createHash('sha384').update(`${image} ${register}`).digest()) : new Uint8Array(48),
  ]);
  return Object.fromEntries(registers);
}

async function link(options: LocalNitroOptions, position: number, issuer?: Link): Promise<Link> {
  const overrides = options.certificates?.[position] ?? {};
  const authority = overrides.authority ?? position < 4;
  const keys = (await webcrypto.subtle.generateKey({ ...ES384, namedCurve: overrides.curve ?? 'P-384' }, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair;
  const usage = overrides.usage ?? (position < 4 ? KeyUsageFlags.keyCertSign : KeyUsageFlags.digitalSignature);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: `0${position + 1}`,
    subject: `CN=${position}.aws.nitro-enclaves.test`,
    issuer: issuer?.certificate.subject ?? 'CN=0.aws.nitro-enclaves.test',
    notBefore: overrides.notBefore ?? options.notBefore,
    notAfter: overrides.notAfter ?? options.notAfter,
    signingAlgorithm: { ...ES384, hash: overrides.hash ?? 'SHA-384' },
    publicKey: keys.publicKey,
    signingKey: issuer?.keys.privateKey ?? keys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(authority, pathLength(overrides, position, authority), true),
      new x509.KeyUsagesExtension(usage, true),
      ...(overrides.extensions ?? []),
    ],
  } as x509.X509CertificateCreateParams);
  return { der: new Uint8Array(certificate.rawData), certificate, keys };
}

/** As on real hardware: none for the root, then 2, 1 and 0. */
function pathLength(overrides: CertificateOverrides, position: number, authority: boolean): number | undefined {
  return overrides.pathLength ?? (authority && position > 0 ? 3 - position : undefined);
}
