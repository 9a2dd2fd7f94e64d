import { createHash } from 'node:crypto';
import type { CheckpointSigner } from '../../runtime/ledger';
import type { KmsSigner } from './kms-signer';

/** Signs checkpoints with a KMS key: what is sent is their digest. */
export class LedgerKey implements CheckpointSigner {
  readonly keyId: string;

  constructor(private readonly key: KmsSigner) {
    this.keyId = key.keyId;
  }

  sign(message: Uint8Array): Promise<Uint8Array> {
    return this.key.sign(digestOf(message));
  }

  verify(message: Uint8Array, signature: Uint8Array, keyId: string): Promise<boolean> {
    return this.key.verify(digestOf(message), signature, keyId);
  }
}

function digestOf(message: Uint8Array): Uint8Array {
  return createHash('sha384').update(message).digest();
}
