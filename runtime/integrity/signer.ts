/**
 * Signs digests. Everything that Palisade signs is a SHA-384 digest, the signature is ECDSA on P-384 in DER form, so
 * that anyone can check it with standard tools: `openssl dgst -sha384 -verify`.
 */
export interface Signer {
  /** Names the key: for KMS its ARN. Written beside the signature. */
  readonly keyId: string;
  /** Signs a SHA-384 digest of 48 bytes. */
  sign(digest: Uint8Array): Promise<Uint8Array>;
}

/** Checks signatures that a `Signer` made. */
export interface SignatureVerifier {
  /**
   * Whether `signature` is one of the key `keyId` over `digest`. A key that the verifier does not trust gives false;
   * only a check that could not be made rejects.
   */
  verify(digest: Uint8Array, signature: Uint8Array, keyId: string): Promise<boolean>;
}
