import { createPublicKey, verify as verifySignature } from 'node:crypto';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { PalisadeError } from '../../runtime/errors';
import {
  type CheckpointVerifier,
  LAYOUT,
  type LedgerReport,
  ledgerMetricsLine,
  type NamedText,
  verifyLedger,
} from '../../runtime/ledger';
import { LedgerBucket } from '../support/ledger-bucket';
import { readAhead } from '../support/read-ahead';
import { setting } from '../support/settings';

/** Objects that are read at the same time. */
const PARALLEL_READS = 64;
const TIME_TO_SPARE_MS = 10_000;

const kms = new KMSClient({});
const s3 = new S3Client({});

/**
 * Verifies the whole ledger, as it is stored now. What it is called with does not matter.
 *
 * Rejects with the code of the first fault that was found, so that Lambda's own metric of errors raises the alarm, and with
 * PALISADE-L103 where the time was too short to read everything.
 */
export async function handler(_event: unknown, context: Context): Promise<LedgerReport> {
  const ledger = setting('LEDGER');
  const bucket = new LedgerBucket(s3, setting('BUCKET'), setting('ACCOUNT'));
  const report = await verifyBucket(bucket, ledger, await keyOf(setting('LEDGER_KEY')), () =>
    context.getRemainingTimeInMillis(),
  );
  process.stdout.write(`${JSON.stringify(report)}\n`);
  if (report.fault) {
    const { code, where, problem } = report.fault;
    throw new PalisadeError({
      code,
      where,
      problem,
      fix: 'treat it as an incident: the bucket keeps every version, the log of checkpoints what was signed',
    });
  }
  process.stdout.write(`${ledgerMetricsLine(ledger, { Verified: report.entries }, new Date())}\n`);
  return report;
}

/** What was signed and the head first: entries that are written meanwhile come after them. */
async function verifyBucket(
  bucket: LedgerBucket,
  ledger: string,
  verifier: CheckpointVerifier,
  remainingMs: () => number,
): Promise<LedgerReport> {
  const read = async (name: string): Promise<NamedText> => {
    if (remainingMs() < TIME_TO_SPARE_MS) {
      throw tooLong(name);
    }
    // A name that was listed and is gone has no text: that is a fault of the ledger, and found as one.
    return { name, text: (await bucket.read(name))?.text ?? '' };
  };
  const textsOf = (prefix: string) => readAhead(bucket.names(prefix), PARALLEL_READS, read);
  const checkpoints: NamedText[] = [];
  for await (const checkpoint of textsOf(LAYOUT.checkpoints)) {
    checkpoints.push(checkpoint);
  }
  const head = await bucket.read(LAYOUT.head);
  return verifyLedger({
    entries: textsOf(LAYOUT.entries),
    checkpoints,
    ...(head && { head: { name: LAYOUT.head, text: head.text } }),
    verifier,
    ledger,
  });
}

/** The public key is asked for once: a ledger has some thousand checkpoints. */
async function keyOf(keyArn: string): Promise<CheckpointVerifier> {
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: keyArn }));
  const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' });
  return {
    verify: async (message, signature, keyId) => keyId === keyArn && verifySignature('sha384', message, key, signature),
  };
}

function tooLong(name: string): PalisadeError {
  return new PalisadeError({
    code: 'PALISADE-L103',
    where: name,
    problem: 'not reached in the time that a function has',
    fix: 'verify a copy: aws s3 sync, then palisade ledger verify',
  });
}
