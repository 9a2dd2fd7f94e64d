import { type KMSClient, KMSInvalidSignatureException, SignCommand, VerifyCommand } from '@aws-sdk/client-kms';
import { PalisadeError } from '../../runtime/errors';
import type { SignatureVerifier, Signer } from '../../runtime/integrity/signer';

/** ECC_NIST_P384 keys sign with this algorithm only (AWS KMS Developer Guide, "Key spec reference"). */
const ALGORITHM = 'ECDSA_SHA_384';
const SHA384_BYTES = 48;
const KEY_ARN = /^arn:[a-z0-9-]+:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/;

/**
 * Signs and verifies with one ECC_NIST_P384 KMS key. The digest is sent, never the content.
 *
 * A signature of any other key is false without a call: the caller trusts this key and no other.
 *
 * Throws PALISADE-D101 for a key that is not named by its ARN (an alias can be moved to another key), PALISADE-D102
 * for a digest that is not 48 bytes long, PALISADE-D103 when KMS gives no signature.
 */
export class KmsSigner implements Signer, SignatureVerifier {
  readonly keyId: string;
  private readonly client: Pick<KMSClient, 'send'>;

  constructor(client: Pick<KMSClient, 'send'>, keyArn: string) {
    if (!KEY_ARN.test(keyArn)) {
      throw new PalisadeError({
        code: 'PALISADE-D101',
        where: keyArn,
        problem: 'not the ARN of a KMS key',
        fix: 'give the ARN of the signing key, not its id or an alias',
      });
    }
    this.client = client;
    this.keyId = keyArn;
  }

  async sign(digest: Uint8Array): Promise<Uint8Array> {
    requireSha384(digest, this.keyId);
    const { Signature } = await this.client.send(
      new SignCommand({
        KeyId: this.keyId,
        Message: digest,
        MessageType: 'DIGEST',
        SigningAlgorithm: ALGORITHM,
      }),
    );
    if (!Signature) {
      throw new PalisadeError({
        code: 'PALISADE-D103',
        where: this.keyId,
        problem: 'KMS answered without a signature',
        fix: 'call again',
      });
    }
    return Signature;
  }

  async verify(digest: Uint8Array, signature: Uint8Array, keyId: string): Promise<boolean> {
    requireSha384(digest, keyId);
    if (keyId !== this.keyId || signature.length === 0) {
      return false;
    }
    try {
      const { SignatureValid } = await this.client.send(
        new VerifyCommand({
          KeyId: this.keyId,
          Message: digest,
          MessageType: 'DIGEST',
          Signature: signature,
          SigningAlgorithm: ALGORITHM,
        }),
      );
      return SignatureValid === true;
    } catch (error) {
      if (error instanceof KMSInvalidSignatureException) {
        return false;
      }
      throw error;
    }
  }
}

function requireSha384(digest: Uint8Array, keyId: string): void {
  if (digest.length !== SHA384_BYTES) {
    throw new PalisadeError({
      code: 'PALISADE-D102',
      where: keyId,
      problem: `a digest of ${digest.length} bytes, expected the ${SHA384_BYTES} of SHA-384`,
      fix: 'hash the message with SHA-384 and sign the digest',
    });
  }
}
