import { type InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type GetObjectCommand, ListObjectsV2Command, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { handler } from '../../../lambda/record-digest';
import { recordDigest } from '../../../runtime/inference-records';

const HOUR = 'records/scoring/2026/11/27/03/';
const RECEIPTS = 'records/scoring/receipts/2026/11/27/03/';
const NEXT = { time: '2026-11-27T04:20:00Z' };
const WRITER = 'arn:aws:lambda:eu-west-1:111122223333:function:ledger:scoring';

let objects: Map<string, string>;
let events: Record<string, unknown>[];
let vanishing: string | undefined;

/** Answers with one name a page. */
async function s3(command: unknown) {
  if (command instanceof ListObjectsV2Command) {
    const { Bucket, ExpectedBucketOwner, Prefix = '', ContinuationToken } = command.input;
    expect([Bucket, ExpectedBucketOwner]).toEqual(['evidence', '111122223333']);
    const names = [...objects.keys()].filter((name) => name.startsWith(Prefix)).sort();
    const at = Number(ContinuationToken ?? 0);
    const NextContinuationToken = at + 1 < names.length ? String(at + 1) : undefined;
    return { Contents: names.slice(at, at + 1).map((Key) => ({ Key, Size: 1 })), NextContinuationToken };
  }
  const { Key = '' } = (command as GetObjectCommand).input;
  if (Key === vanishing) {
    throw new NoSuchKey({ message: 'none', $metadata: {} });
  }
  return { Body: [Buffer.from(objects.get(Key) ?? '')] };
}

async function writer({ input }: InvokeCommand) {
  expect(input.FunctionName).toBe(WRITER);
  events.push(JSON.parse(Buffer.from(input.Payload as Uint8Array).toString()));
  return { Payload: Buffer.from(JSON.stringify({ sequence: 0, hash: 'ab'.repeat(32) })) };
}

beforeEach(() => {
  Object.assign(process.env, {
    ACCOUNT: '111122223333',
    LEDGER_WRITER: WRITER,
    RECORDS_BUCKET: 'evidence',
    STAGE: 'prod',
    SYSTEM: 'scoring',
  });
  objects = new Map([
    [`${HOUR}b.json`, 'second'],
    [`${HOUR}a.json`, 'first'],
    [`${RECEIPTS}a.json`, 'third'],
    ['records/scoring/2026/11/27/04/c.json', 'of the next hour'],
    ['records/other/2026/11/27/03/d.json', 'of another system'],
  ]);
  [events, vanishing] = [[], undefined];
  jest.spyOn(S3Client.prototype, 'send').mockImplementation(s3 as never);
  jest.spyOn(LambdaClient.prototype, 'send').mockImplementation(writer as never);
});
afterEach(() => {
  jest.restoreAllMocks();
  delete process.env.LEDGER_WRITER;
});

test('digests the records of the hour before, in the order of their names, and then the receipts', async () => {
  const expected = await recordDigest(['first', 'second', 'third'].map((text) => Buffer.from(text)));
  expect(await handler(NEXT)).toEqual(expected);
  const subject = 'records/scoring/2026/11/27/03';
  const about = { kind: 'inference', outcome: 'digested', system: 'scoring', stage: 'prod', subject, request: subject };
  expect(events).toEqual([{ ...about, digest: expected.digest }]);
});

test('a record that is altered, added or taken away has another digest', async () => {
  const digests = new Set([(await handler(NEXT)).digest]);
  for (const change of [
    () => objects.set(`${HOUR}b.json`, 'Second'),
    () => objects.set(`${HOUR}c.json`, 'late'),
    () => objects.delete(`${HOUR}a.json`),
    () => objects.delete(`${RECEIPTS}a.json`),
  ]) {
    change();
    digests.add((await handler(NEXT)).digest);
  }
  expect(digests.size).toBe(5);
});

test('an hour without records is recorded too', async () => {
  objects.clear();
  expect(await handler(NEXT)).toMatchObject({ records: 0 });
  expect(events).toHaveLength(1);
});

test('says nothing of records that it did not read', async () => {
  vanishing = `${HOUR}a.json`;
  await expect(handler(NEXT)).rejects.toMatchObject({ code: 'PALISADE-L106' });
  await expect(handler({})).rejects.toMatchObject({ code: 'PALISADE-L105' });
  expect(events).toEqual([]);
});

test('fails where the ledger did not take it', async () => {
  jest
    .spyOn(LambdaClient.prototype, 'send')
    .mockImplementation((async () => ({ FunctionError: 'Unhandled' })) as never);
  await expect(handler(NEXT)).rejects.toMatchObject({ code: 'PALISADE-L104' });
});
