import { GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { GatewayPorts } from '../../runtime/gateway';

/** For pseudonym and record, each. */
const TIMEOUT_MS = 2_000;

/** What every gateway does with a call beside answering it: name the caller by a pseudonym, and keep the record. */
export function auditPorts(): Pick<GatewayPorts, 'pseudonym' | 'record' | 'report' | 'now'> {
  const { ACCOUNT = '', PSEUDONYM_KEY = '', RECORDS_BUCKET = '', SYSTEM = '' } = process.env;
  const kms = new KMSClient({});
  const s3 = new S3Client({});
  return {
    pseudonym: async (caller) => {
      const { Mac } = await kms.send(
        new GenerateMacCommand({ KeyId: PSEUDONYM_KEY, MacAlgorithm: 'HMAC_SHA_384', Message: Buffer.from(caller) }),
        { abortSignal: AbortSignal.timeout(TIMEOUT_MS) },
      );
      return Buffer.from(Mac ?? []).toString('base64url');
    },
    record: async (entry) => {
      const day = entry.time.slice(0, 10).replaceAll('-', '/');
      await s3.send(
        new PutObjectCommand({
          Bucket: RECORDS_BUCKET,
          Key: `records/${SYSTEM}/${day}/${entry.requestId}.json`,
          Body: JSON.stringify(entry),
          ContentType: 'application/json',
          ExpectedBucketOwner: ACCOUNT,
        }),
        { abortSignal: AbortSignal.timeout(TIMEOUT_MS) },
      );
    },
    report,
    now: () => Date.now(),
  };
}

/** The name says what failed and where to look; a message may quote what the caller sent. */
function report(error: unknown): void {
  console.error(JSON.stringify({ failed: error instanceof Error ? error.name : 'unknown' }));
}
