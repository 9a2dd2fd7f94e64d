import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { PalisadeError } from '../../runtime/errors';
import { hourBefore, type RecordDigest, recordDigest, recordFolders } from '../../runtime/inference-records';
import { recorder } from '../support/ledger-client';
import { BucketStore } from '../support/object-store';
import { readAhead } from '../support/read-ahead';
import { setting } from '../support/settings';

/** Records that are read at once: an hour of a busy gateway has a hundred thousand. */
const AT_ONCE = 64;

const s3 = new S3Client({});
const lambda = new LambdaClient({});

/**
 * Puts the digest of one hour's inference records of a system into the ledger: of the hour before the event's `time`, which EventBridge gives
 * and a retry keeps. An hour without records is recorded too, so that none can be added to it later.
 */
export async function handler(event: { readonly time?: unknown } | undefined): Promise<RecordDigest> {
  const system = setting('SYSTEM');
  const hour = hourBefore(event?.time);
  const store = new BucketStore(s3, setting('RECORDS_BUCKET'), setting('ACCOUNT'));
  const found = await recordDigest(
    readAhead(names(store, recordFolders(system, hour)), AT_ONCE, (key) => read(store, key)),
  );
  const subject = `records/${system}/${hour}`;
  await recorder(lambda)?.({ kind: 'inference', outcome: 'digested', subject, digest: found.digest, request: subject });
  return found;
}

async function* names(store: BucketStore, folders: readonly string[]): AsyncGenerator<string> {
  for (const folder of folders) {
    for await (const { key } of store.list(folder)) {
      yield key;
    }
  }
}

async function read(store: BucketStore, key: string): Promise<Uint8Array> {
  const object = await store.open(key);
  if (!object) {
    throw new PalisadeError({
      code: 'PALISADE-L106',
      where: key,
      problem: 'vanished while the records of its hour were read',
      fix: 'find out who deletes records, which the bucket policy denies to everyone',
    });
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of object.body) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
