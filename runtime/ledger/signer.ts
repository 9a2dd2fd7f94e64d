/** Checks signatures under checkpoints: ECDSA on P-384 over the SHA-384 digest of a message, in DER form. */
export interface CheckpointVerifier {
  /** Whether the key `keyId` signed the message. A key that is not trusted gives false; only a check that could not be made rejects. */
  verify(message: Uint8Array, signature: Uint8Array, keyId: string): Promise<boolean>;
}

/** Signs checkpoints with one key. */
export interface CheckpointSigner extends CheckpointVerifier {
  /** Names the key: for KMS its ARN. */
  readonly keyId: string;
  sign(message: Uint8Array): Promise<Uint8Array>;
}
