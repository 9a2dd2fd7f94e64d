import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPublicKey,
  diffieHellman,
  KeyObject,
  type webcrypto,
} from 'node:crypto';
import {
  type AeadEncryptionContext,
  Aes256Gcm,
  CipherSuite,
  DhkemX25519HkdfSha256,
  HkdfSha256,
  type RecipientContextParams,
} from '@hpke/core';
import { concat, NOTHING, utf8 } from '../../runtime/enclave-channel/bytes';

/*
 * Primitives for @hpke/core by node:crypto instead of WebCrypto, whose every call goes to another thread and comes back: 27
 * times a request, for a few microseconds of work each. The algorithms, and the OpenSSL that does them, are the same.
 */

type Bytes = ArrayBufferLike | ArrayBufferView;

const CIPHER = 'aes-256-gcm';
const TAG_LENGTH = 16;

/** HKDF-SHA256 (RFC 5869). */
class Hkdf extends HkdfSha256 {
  override async extract(salt: Bytes, secret: Bytes): Promise<ArrayBuffer> {
    return bufferOf(hmac(viewOf(salt), viewOf(secret)));
  }

  override async expand(key: Bytes, info: Bytes, length: number): Promise<ArrayBuffer> {
    if (length > this.hashSize) {
      return super.expand(key, info, length);
    }
    return bufferOf(hmac(viewOf(key), viewOf(info), Uint8Array.of(1)).subarray(0, length));
  }

  override async extractAndExpand(salt: Bytes, secret: Bytes, info: Bytes, length: number): Promise<ArrayBuffer> {
    return this.expand(await this.extract(salt, secret), info, length);
  }
}

/** The recipient's side of DHKEM(X25519, HKDF-SHA256) (RFC 9180, 4.1); the sender's is the library's own. */
class Dhkem extends DhkemX25519HkdfSha256 {
  private readonly hkdf = new Hkdf();
  private readonly rawKeys = new WeakMap<webcrypto.CryptoKey, Uint8Array>();

  constructor() {
    super();
    this.hkdf.init(concat(utf8('KEM'), Uint8Array.of(this.id >> 8, this.id)));
  }

  /** OpenSSL refuses keys whose product is zero, as RFC 9180, 7.1.4 asks. */
  override async decap(params: RecipientContextParams): Promise<ArrayBuffer> {
    const { enc, recipientKey, senderPublicKey } = params;
    if (!('privateKey' in recipientKey) || senderPublicKey) {
      return super.decap(params);
    }
    const encapsulated = viewOf(enc);
    const publicKey = createPublicKey({
      key: { kty: 'OKP', crv: 'X25519', x: Buffer.from(encapsulated).toString('base64url') },
      format: 'jwk',
    });
    const agreed = diffieHellman({ privateKey: KeyObject.from(recipientKey.privateKey), publicKey });
    const context = concat(encapsulated, await this.rawKey(recipientKey.publicKey));
    const secret = this.hkdf.buildLabeledIkm(utf8('eae_prk'), agreed);
    const info = this.hkdf.buildLabeledInfo(utf8('shared_secret'), context, this.secretSize);
    return this.hkdf.extractAndExpand(NOTHING, secret, info, this.secretSize);
  }

  private async rawKey(key: webcrypto.CryptoKey): Promise<Uint8Array> {
    const raw = this.rawKeys.get(key) ?? new Uint8Array(await this.serializePublicKey(key));
    this.rawKeys.set(key, raw);
    return raw;
  }
}

/** AES-256-GCM. */
class Gcm extends Aes256Gcm {
  override createEncryptionContext(key: Bytes): AeadEncryptionContext {
    const secret = viewOf(key);
    return {
      seal: async (nonce, plaintext, data) => {
        const cipher = createCipheriv(CIPHER, secret, viewOf(nonce), { authTagLength: TAG_LENGTH });
        const first = cipher.setAAD(viewOf(data)).update(viewOf(plaintext));
        cipher.final();
        return bufferOf(Buffer.concat([first, cipher.getAuthTag()]));
      },
      open: async (nonce, sealed, data) => {
        const bytes = viewOf(sealed);
        // Node.js refuses a tag that is shorter.
        const end = Math.max(bytes.length - TAG_LENGTH, 0);
        const decipher = createDecipheriv(CIPHER, secret, viewOf(nonce), { authTagLength: TAG_LENGTH });
        const first = decipher.setAAD(viewOf(data)).setAuthTag(bytes.subarray(end)).update(bytes.subarray(0, end));
        // Throws where the tag does not fit: nothing is given out before.
        decipher.final();
        return bufferOf(first);
      },
    };
  }
}

/** The channel's algorithms for an enclave, without other threads. */
export const nodeSuite = new CipherSuite({ kem: new Dhkem(), kdf: new Hkdf(), aead: new Gcm() });

function hmac(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHmac('sha256', key);
  for (const part of parts) {
    hash.update(part);
  }
  return hash.digest();
}

function viewOf(bytes: Bytes): Uint8Array {
  return ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
}

/** A buffer of these bytes alone: small ones of Node.js share theirs. */
function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): ArrayBuffer {
  const whole = byteLength === buffer.byteLength;
  return (whole ? buffer : buffer.slice(byteOffset, byteOffset + byteLength)) as ArrayBuffer;
}
