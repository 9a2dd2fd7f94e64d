import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { Ledger, type Receipt } from '../../runtime/ledger';
import { LedgerBucket } from '../support/ledger-bucket';
import { setting } from '../support/settings';
import { requireOwnEvent } from './own-event';

const s3 = new S3Client({});

/** Records one event, once: what it answers is stored. A call whose answer got lost is repeated with the same `request`. */
export async function handler(event: unknown, { invokedFunctionArn }: Context): Promise<Receipt> {
  const own = requireOwnEvent(event, invokedFunctionArn, setting('STAGE'));
  const bucket = new LedgerBucket(s3, setting('BUCKET'), setting('ACCOUNT'));
  return new Ledger(bucket, setting('LEDGER'), () => Date.now()).append(own);
}
