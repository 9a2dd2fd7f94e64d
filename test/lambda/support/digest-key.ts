import { createECDH, generateKeyPairSync, randomBytes } from 'node:crypto';
import { GetPublicKeyCommand, SignCommand, VerifyCommand } from '@aws-sdk/client-kms';

/** Order of P-384 (FIPS 186-4, D.1.2.4). */
const ORDER = BigInt(
  '0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
);
const BYTES = 48;

/** An ECC_NIST_P384 key that signs digests, as KMS does and node:crypto does not: ECDSA of FIPS 186-4, section 6.4. */
export class DigestKey {
  private readonly pair = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  readonly publicKey = this.pair.publicKey;

  sign(digest: Uint8Array): Buffer {
    const secret = BigInt(
      `0x${Buffer.from(this.pair.privateKey.export({ format: 'jwk' }).d ?? '', 'base64url').toString('hex')}`,
    );
    const nonce = 1n + (number(randomBytes(BYTES)) % (ORDER - 1n));
    const point = createECDH('secp384r1');
    point.setPrivateKey(bytes(nonce));
    const r = number(point.getPublicKey().subarray(1, 1 + BYTES)) % ORDER;
    const s = (inverse(nonce) * (number(digest) + r * secret)) % ORDER;
    const body = Buffer.concat([der(r), der(s)]);
    return Buffer.concat([Buffer.of(0x30, body.length), body]);
  }

  /** Answers what the ledger's functions ask of KMS. */
  readonly send = async (command: unknown): Promise<unknown> => {
    if (command instanceof SignCommand) {
      return { Signature: this.sign(command.input.Message as Uint8Array) };
    }
    if (command instanceof GetPublicKeyCommand) {
      return { PublicKey: this.publicKey.export({ type: 'spki', format: 'der' }) };
    }
    if (command instanceof VerifyCommand) {
      return { SignatureValid: true };
    }
    throw new Error(`${(command as object).constructor.name} is not expected`);
  };
}

function number(value: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(value).toString('hex')}`);
}

function bytes(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(2 * BYTES, '0'), 'hex');
}

/** An INTEGER of DER: no leading zeros but the one that keeps it positive. */
function der(value: bigint): Buffer {
  const digits = value.toString(16);
  const plain = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
  const positive = plain[0] >= 0x80 ? Buffer.concat([Buffer.of(0), plain]) : plain;
  return Buffer.concat([Buffer.of(0x02, positive.length), positive]);
}

/** By Fermat: the order is prime. */
function inverse(value: bigint): bigint {
  let [result, base] = [1n, value % ORDER];
  for (let rest = ORDER - 2n; rest > 0n; rest >>= 1n) {
    result = rest & 1n ? (result * base) % ORDER : result;
    base = (base * base) % ORDER;
  }
  return result;
}
