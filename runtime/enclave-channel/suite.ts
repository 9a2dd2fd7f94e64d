import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, type EncryptionContext, HkdfSha256 } from '@hpke/core';
import { concat, utf8 } from './bytes';
import type { ChunkCipher } from './chunks';
import { fault } from './fault';
import { KEY_ID_LENGTH, uint64 } from './wire';

const INFO = utf8('palisade enclave channel 1');
const ANSWER = utf8('palisade answer');
const NONCE_LENGTH = 12;

/** HPKE of RFC 9180 with the algorithms of this channel, all by WebCrypto, as browsers have it. */
export const webSuite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
});

/** A key pair of one boot. It is never written anywhere. */
export interface ChannelKeys {
  readonly pair: Awaited<ReturnType<typeof webSuite.kem.generateKeyPair>>;
  /** Raw, 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** Makes a key pair. */
export async function generateKeys(suite: CipherSuite): Promise<ChannelKeys> {
  const pair = await suite.kem.generateKeyPair();
  return { pair, publicKey: new Uint8Array(await suite.kem.serializePublicKey(pair.publicKey)) };
}

/** Start of the SHA-256 digest of a public key. */
export async function keyIdOf(publicKey: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', publicKey)).slice(0, KEY_ID_LENGTH);
}

/** A fresh context of the client. Throws PALISADE-E212 for what is no public key. */
export async function senderContext(publicKey: Uint8Array) {
  try {
    const recipientPublicKey = await webSuite.kem.deserializePublicKey(publicKey);
    return await webSuite.createSenderContext({ recipientPublicKey, info: INFO });
  } catch {
    throw fault('E212', 'public key', `its ${publicKey.length} bytes are no X25519 key`, 'key');
  }
}

/** The enclave's side of a context. Throws PALISADE-E206 for an encapsulated key that is none. */
export async function recipientContext(suite: CipherSuite, { pair }: ChannelKeys, encapsulatedKey: Uint8Array) {
  try {
    return await suite.createRecipientContext({ recipientKey: pair, enc: encapsulatedKey, info: INFO });
  } catch {
    throw fault('E206', 'sealed request', 'the encapsulated key is none');
  }
}

/** The client's cipher of a request. */
export function sealing(context: EncryptionContext): ChunkCipher {
  return async (bytes, data) => new Uint8Array(await context.seal(bytes, data));
}

/** The enclave's cipher of a request. */
export function opening(context: EncryptionContext): ChunkCipher {
  return async (bytes, data) => new Uint8Array(await context.open(bytes, data));
}

/**
 * Cipher of the answer, for both sides. HPKE protects one direction only; the other has its key by RFC 9458, 4.4. The
 * enclave's own random nonce takes part, so that no two answers share a key even if a request were accepted twice.
 */
export async function answerCipher(
  { kdf, aead }: CipherSuite,
  context: EncryptionContext,
  encapsulatedKey: Uint8Array,
  nonce: Uint8Array,
  use: 'seal' | 'open',
): Promise<ChunkCipher> {
  const secret = await context.export(ANSWER, 32);
  const salt = concat(encapsulatedKey, nonce);
  const key = await kdf.extractAndExpand(salt, secret, utf8('key'), aead.keySize);
  const base = new Uint8Array(await kdf.extractAndExpand(salt, secret, utf8('nonce'), NONCE_LENGTH));
  const cipher = aead.createEncryptionContext(key);
  let sequence = 0;
  return async (bytes, data) => {
    const iv = nonceAt(base, sequence);
    sequence += 1;
    return new Uint8Array(await cipher[use](iv, bytes, data));
  };
}

/** As HPKE makes it (RFC 9180, 5.2): the base, exclusive or the number of the chunk. */
function nonceAt(base: Uint8Array, sequence: number): Uint8Array {
  const nonce = base.slice();
  uint64(sequence).forEach((byte, index) => {
    nonce[NONCE_LENGTH - 8 + index] ^= byte;
  });
  return nonce;
}
