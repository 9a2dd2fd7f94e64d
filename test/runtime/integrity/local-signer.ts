import { generateKeyPairSync, sign, verify } from 'node:crypto';
import type { SignatureVerifier, Signer } from '../../../runtime/integrity';

/** A signing key in memory. Node signs messages, not digests, so the digest is its message here. */
export class LocalSigner implements Signer, SignatureVerifier {
  private readonly pair = generateKeyPairSync('ec', { namedCurve: 'P-384' });

  constructor(readonly keyId: string) {}

  async sign(digest: Uint8Array): Promise<Uint8Array> {
    return sign('sha384', digest, this.pair.privateKey);
  }

  async verify(digest: Uint8Array, signature: Uint8Array, keyId: string): Promise<boolean> {
    return keyId === this.keyId && verify('sha384', digest, this.pair.publicKey, signature);
  }
}
