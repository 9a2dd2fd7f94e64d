import { GenerateDataKeyCommand, GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type AuditPorts, type DataKey, keyContext, recordBytes, type SealedBodies } from '../../runtime/gateway';
import { hourOf } from '../../runtime/inference-records/filing';

/** For each call of KMS or S3. */
const TIMEOUT_MS = 2_000;

/** How long the pseudonym of a caller is remembered, in milliseconds, and of how many callers. */
const PSEUDONYM_LIFE = 300_000;
const PSEUDONYMS = 1_000;

/** How long one data key serves, in milliseconds, and for how many calls: each has three texts at most. */
const DATA_KEY_LIFE = 300_000;
const DATA_KEY_USES = 1_000;

const kms = new KMSClient({});
const s3 = new S3Client({});

/** What every gateway does with a call beside answering it: name the caller by a pseudonym, and keep the record. */
export function auditPorts(): AuditPorts {
  const { ACCOUNT = '', PSEUDONYM_KEY = '', RECORDS_BUCKET = '' } = process.env;
  return {
    pseudonym: remembered(async (caller) => {
      const { Mac } = await kms.send(
        new GenerateMacCommand({ KeyId: PSEUDONYM_KEY, MacAlgorithm: 'HMAC_SHA_384', Message: Buffer.from(caller) }),
        { abortSignal: AbortSignal.timeout(TIMEOUT_MS) },
      );
      return Buffer.from(Mac ?? []).toString('base64url');
    }),
    record: async (entry) => {
      // A stream has two records: one before its first word, one at its end.
      const name = entry.decision === 'opened' ? `${entry.requestId}.opened` : entry.requestId;
      await put(RECORDS_BUCKET, ACCOUNT, keyOf('records', entry, name), recordBytes(entry));
    },
    report,
    now: () => Date.now(),
  };
}

/** Where the encrypted texts of calls go, and the keys for them. Empty where no bucket for them is set. */
export function bodyPorts(): {
  dataKey?: () => Promise<DataKey>;
  keepBodies?: (bodies: SealedBodies) => Promise<void>;
} {
  const { ACCOUNT = '', BODIES_BUCKET = '', RECORD_KEY = '', SYSTEM = '' } = process.env;
  return BODIES_BUCKET === ''
    ? {}
    : {
        dataKey: dataKeys(RECORD_KEY, SYSTEM),
        keepBodies: (bodies) =>
          put(BODIES_BUCKET, ACCOUNT, keyOf('bodies', bodies, bodies.requestId), JSON.stringify(bodies)),
      };
}

/** One data key serves for a while: KMS is asked once, not with every call. */
function dataKeys(KeyId: string, system: string): () => Promise<DataKey> {
  let current: { readonly key: Promise<DataKey>; readonly until: number; uses: number } | undefined;
  return () => {
    if (!current || Date.now() >= current.until || current.uses >= DATA_KEY_USES) {
      const key = generated(KeyId, system);
      current = { key, until: Date.now() + DATA_KEY_LIFE, uses: 0 };
      // One that was not to be had is not remembered.
      key.catch(() => {
        current = undefined;
      });
    }
    current.uses += 1;
    return current.key;
  };
}

async function generated(KeyId: string, system: string): Promise<DataKey> {
  const answer = await kms.send(
    new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', EncryptionContext: keyContext(system) }),
    { abortSignal: AbortSignal.timeout(TIMEOUT_MS) },
  );
  const { Plaintext: plaintext, CiphertextBlob: wrapped, KeyId: keyId } = answer;
  if (!plaintext || !wrapped || !keyId) {
    throw new Error('KMS gave no data key');
  }
  return { plaintext, wrapped, keyId };
}

/** The same caller has the same pseudonym: KMS need not be asked each time. */
function remembered(ask: (caller: string) => Promise<string>): (caller: string) => Promise<string> {
  const known = new Map<string, { readonly pseudonym: string; readonly until: number }>();
  return async (caller) => {
    const found = known.get(caller);
    if (found && Date.now() < found.until) {
      return found.pseudonym;
    }
    const pseudonym = await ask(caller);
    known.delete(caller);
    known.set(caller, { pseudonym, until: Date.now() + PSEUDONYM_LIFE });
    if (known.size > PSEUDONYMS) {
      // The one that has been known longest.
      known.delete(known.keys().next().value ?? '');
    }
    return pseudonym;
  };
}

function keyOf(
  prefix: string,
  { system, time }: { readonly system: string; readonly time: string },
  name: string,
): string {
  return `${prefix}/${system}/${hourOf(time)}/${name}.json`;
}

async function put(Bucket: string, ExpectedBucketOwner: string, Key: string, Body: string): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/json', ExpectedBucketOwner }), {
    abortSignal: AbortSignal.timeout(TIMEOUT_MS),
  });
}

/** The name says what failed and where to look; a message may quote what the caller sent. */
function report(error: unknown): void {
  console.error(JSON.stringify({ failed: error instanceof Error ? error.name : 'unknown' }));
}
