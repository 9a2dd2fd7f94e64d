import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { KmsSigner } from '../support/kms-signer';
import { recorder } from '../support/ledger-client';
import { required, vaultSettings } from '../support/vault-settings';
import { S3VaultStore } from '../support/vault-store';
import { type SealReceipt, seal } from './seal';

const s3 = new S3Client({});
const kms = new KMSClient({});
const lambda = new LambdaClient({});

/** Seals `{dataset, version, purpose?}`. */
export async function handler(event: unknown, context: Context): Promise<SealReceipt> {
  const { bucket, account, sealKey } = vaultSettings(process.env);
  return seal(event, {
    store: new S3VaultStore(s3, bucket, account),
    signer: new KmsSigner(kms, sealKey),
    purposes: required(process.env, 'VAULT_PURPOSES').split(','),
    record: recorder(lambda),
    now: () => new Date(),
    remainingMs: () => context.getRemainingTimeInMillis(),
  });
}
