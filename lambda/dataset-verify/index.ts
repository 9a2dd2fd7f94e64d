import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { KmsSigner } from '../support/kms-signer';
import { vaultSettings } from '../support/vault-settings';
import { S3VaultStore } from '../support/vault-store';
import { type VerifyReceipt, verify } from './verify';

const s3 = new S3Client({});
const kms = new KMSClient({});

/** Verifies `{dataset, version}`. */
export async function handler(event: unknown, context: Context): Promise<VerifyReceipt> {
  const { bucket, account, sealKey } = vaultSettings(process.env);
  return verify(event, {
    store: new S3VaultStore(s3, bucket, account),
    keyId: sealKey,
    verifier: new KmsSigner(kms, sealKey),
    remainingMs: () => context.getRemainingTimeInMillis(),
  });
}
