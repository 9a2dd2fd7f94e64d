import { constants, createCipheriv, createHash, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';

/** How KMS writes it: in pieces of unknown number, in one piece, or wholly in DER. */
export type EnvelopeForm = 'pieces' | 'one' | 'der';

/** What differs from what KMS sends. */
export interface EnvelopeOverrides {
  readonly form?: EnvelopeForm;
  readonly version?: number;
  readonly recipients?: number;
  readonly keyAlgorithm?: string;
  readonly oaep?: string;
  readonly contentAlgorithm?: string;
  readonly iv?: Uint8Array;
}

const OAEP = '302fa00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500';

/** What KMS answers for a recipient: CMS EnvelopedData, sealed to an RSA key (SubjectPublicKeyInfo in DER). */
export function ciphertextForRecipient(
  plaintext: Uint8Array,
  publicKeyDer: Uint8Array,
  overrides: EnvelopeOverrides = {},
): Uint8Array {
  const { form = 'pieces', version = 2, recipients = 1, iv = randomBytes(16) } = overrides;
  const contentKey = randomBytes(32);
  const key = createPublicKey({ key: Buffer.from(publicKeyDer), format: 'der', type: 'spki' });
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const encryptedKey = publicEncrypt({ key, padding, oaepHash: 'sha256' }, contentKey);
  const cipher = createCipheriv('aes-256-cbc', contentKey, iv.length === 16 ? iv : Buffer.alloc(16));
  const content = Buffer.concat([cipher.update(plaintext), cipher.final()]);

  const recipient = sequence(
    integer(2),
    tagged(0x80, createHash('sha256').update(publicKeyDer).digest()),
    sequence(oid(overrides.keyAlgorithm ?? '2a864886f70d010107'), Buffer.from(overrides.oaep ?? OAEP, 'hex')),
    tagged(0x04, encryptedKey),
  );
  const open = form === 'der' ? tagged : indefinite;
  const half = content.length / 2;
  const pieces = [content.subarray(0, half), content.subarray(half)].map((piece) => tagged(0x04, piece));
  const encrypted = form === 'pieces' ? indefinite(0xa0, ...pieces) : tagged(0x80, content);
  return open(
    0x30,
    oid('2a864886f70d010703'),
    open(
      0xa0,
      open(
        0x30,
        integer(version),
        tagged(0x31, ...Array(recipients).fill(recipient)),
        open(
          0x30,
          oid('2a864886f70d010701'),
          sequence(oid(overrides.contentAlgorithm ?? '60864801650304012a'), tagged(0x04, Buffer.from(iv))),
          encrypted,
        ),
      ),
    ),
  );
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, ...parts);
}

function oid(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, 'hex'));
}

function integer(value: number): Buffer {
  return tagged(0x02, Buffer.from([value]));
}

function tagged(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function indefinite(tag: number, ...parts: Buffer[]): Buffer {
  return Buffer.concat([Buffer.from([tag, 0x80]), ...parts, Buffer.alloc(2)]);
}
