import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { checkpointText, ledgerMetricsLine, makeCheckpoint } from '../../runtime/ledger';
import { KmsSigner } from '../support/kms-signer';
import { LedgerBucket } from '../support/ledger-bucket';
import { LedgerKey } from '../support/ledger-key';
import { setting } from '../support/settings';

/** Entries of one checkpoint: some two minutes of reading, so that a run which came late is not too short for all that is there. */
const MOST_ENTRIES = 5_000;
/** What one checkpoint may take. */
const TIME_TO_SPARE_MS = 300_000;

const kms = new KMSClient({});
const s3 = new S3Client({});

/** Signs how long the ledger is by now. What it is called with does not matter. Answers with the entries that checkpoints cover. */
export async function handler(_event: unknown, context: Context): Promise<{ covered?: number }> {
  const ledger = setting('LEDGER');
  const bucket = new LedgerBucket(s3, setting('BUCKET'), setting('ACCOUNT'));
  const key = new LedgerKey(new KmsSigner(kms, setting('LEDGER_KEY')));
  let covered: number | undefined;
  do {
    const checkpoint = await makeCheckpoint(bucket, ledger, key, new Date(), MOST_ENTRIES);
    if (!checkpoint) {
      break;
    }
    // The log has it too: whoever writes the bucket anew does not write the log anew.
    print(checkpointText(checkpoint));
    covered = checkpoint.content.size;
  } while (context.getRemainingTimeInMillis() > TIME_TO_SPARE_MS);
  print(ledgerMetricsLine(ledger, { Checked: 1, ...(covered !== undefined && { Covered: covered }) }, new Date()));
  return { covered };
}

/** Not the console, which puts a time and a request before the line. */
function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
