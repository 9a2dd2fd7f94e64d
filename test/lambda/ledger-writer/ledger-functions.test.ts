import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { handler as sign } from '../../../lambda/ledger-checkpoint';
import { handler as verify } from '../../../lambda/ledger-verify';
import { handler as write } from '../../../lambda/ledger-writer';
import { checkpointName, entryName, LAYOUT } from '../../../runtime/ledger';
import { eventOf } from '../../runtime/ledger/memory-store';
import { DigestKey } from '../support/digest-key';
import { MemoryS3 } from '../support/memory-s3';

const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:ledger';
const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

let s3: MemoryS3;
let key: DigestKey;
let printed: string[];
let remaining: number[];

beforeEach(() => {
  [s3, key, printed, remaining] = [new MemoryS3(), new DigestKey(), [], []];
  jest.spyOn(S3Client.prototype, 'send').mockImplementation(s3.client.send as never);
  jest.spyOn(KMSClient.prototype, 'send').mockImplementation(key.send as never);
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean(printed.push(String(text))));
  Object.assign(process.env, {
    ACCOUNT: '111122223333',
    BUCKET: 'ledger',
    LEDGER: 'prod/credit-scoring',
    LEDGER_KEY: KEY_ARN,
    STAGE: 'prod',
  });
});
afterEach(() => jest.restoreAllMocks());

const context = (alias?: string) =>
  ({
    invokedFunctionArn: alias === undefined ? FUNCTION : `${FUNCTION}:${alias}`,
    getRemainingTimeInMillis: () => remaining.shift() ?? 900_000,
  }) as Context;
const record = (request: string, changes = {}) => write(eventOf(request, changes), context('credit-scoring'));
const lines = () => printed.map((line) => JSON.parse(line));

async function filled(...requests: string[]) {
  for (const request of requests) {
    await record(request);
  }
}

test('what is recorded is signed and verified', async () => {
  await filled('a', 'b');
  expect(await sign(undefined, context())).toEqual({ covered: 2 });
  expect(lines()).toEqual([
    { content: expect.objectContaining({ size: 2, keyId: KEY_ARN }), signature: expect.anything() },
    expect.objectContaining({ Ledger: 'prod/credit-scoring', Checked: 1, Covered: 2 }),
  ]);
  await filled('c');
  printed = [];
  expect(await verify(undefined, context())).toEqual({
    valid: true,
    ledger: 'prod/credit-scoring',
    entries: 3,
    head: expect.any(String),
    covered: 2,
    beyond: 1,
    signed: true,
  });
  expect(lines()[1]).toMatchObject({
    Verified: 3,
    _aws: { CloudWatchMetrics: [{ Namespace: 'Palisade/GovernanceLedger', Dimensions: [['Ledger']] }] },
  });
});

test.each([
  ['another system', 'chat', {}],
  ['another stage', 'credit-scoring', { stage: 'dev' }],
  ['a version of the function', '$LATEST', {}],
  ['the function itself', undefined, {}],
])('an event that comes through %s is refused, and nothing written', async (_what, alias, change) => {
  await expect(write(eventOf('a', change), context(alias))).rejects.toMatchObject({ code: 'PALISADE-L102' });
  expect(s3.objects.size).toBe(0);
});

test('what is no event is refused before the bucket is asked', async () => {
  await expect(write({ kind: 'gossip' }, context('credit-scoring'))).rejects.toMatchObject({ code: 'PALISADE-L001' });
  expect(s3.commands).toEqual([]);
});

test('where nothing was added nothing is signed, and that it was looked is told', async () => {
  await filled('a');
  await sign(undefined, context());
  printed = [];
  expect(await sign(undefined, context())).toEqual({ covered: undefined });
  expect(lines()).toEqual([expect.objectContaining({ Checked: 1 })]);
  expect(lines()[0]).not.toHaveProperty('Covered');
  expect([...s3.objects.keys()].filter((name) => name.startsWith(LAYOUT.checkpoints))).toEqual([checkpointName(1)]);
});

test('nothing is signed that is not in order', async () => {
  await filled('a', 'b');
  s3.objects.set(entryName(1), (s3.objects.get(entryName(1)) as string).replace(/"previous":"./, '"previous":"_'));
  await expect(sign(undefined, context())).rejects.toMatchObject({ code: 'PALISADE-L002' });
  expect(s3.objects.has(checkpointName(2))).toBe(false);
  expect(printed).toEqual([]);
});

test.each<[string, () => void, string, string]>([
  ['an entry that was altered', () => alter(entryName(0), 'sealed"', 'refused"'), 'PALISADE-L003', entryName(0)],
  ['an entry that is gone', () => s3.objects.delete(entryName(1)), 'PALISADE-L008', entryName(2)],
  [
    'a checkpoint that was altered',
    () => alter(checkpointName(3), '"time":"2', '"time":"3'),
    'PALISADE-L007',
    checkpointName(3),
  ],
  [
    'a checkpoint of another key',
    () => alter(checkpointName(3), '1234abcd', '1234abce'),
    'PALISADE-L007',
    checkpointName(3),
  ],
  ['an end that was cut off', () => s3.objects.delete(entryName(2)), 'PALISADE-L011', 'head.json'],
])('%s fails the verification, so that the alarm goes off', async (_what, change, code, where) => {
  await filled('a', 'b', 'c');
  await sign(undefined, context());
  printed = [];
  change();
  await expect(verify(undefined, context())).rejects.toMatchObject({ code, where: expect.stringContaining(where) });
  expect(lines()).toEqual([expect.objectContaining({ valid: false })]);
});

function alter(name: string, from: string, to: string): void {
  const text = s3.objects.get(name) as string;
  expect(text).toContain(from);
  s3.objects.set(name, text.replace(from, to));
}

test('a ledger too long for one run is told, not taken for verified', async () => {
  await filled('a', 'b', 'c');
  remaining = [900_000, 9_000];
  await expect(verify(undefined, context())).rejects.toMatchObject({ code: 'PALISADE-L103', where: entryName(1) });
});

test('entries that are written while others are verified do not look like a ledger that was cut off', async () => {
  await filled('a', 'b');
  await sign(undefined, context());
  const { send } = s3.client;
  let written = false;
  jest.spyOn(S3Client.prototype, 'send').mockImplementation((async (command: never) => {
    const answer = await send(command);
    if (!written && (command as { input: { Prefix?: string } }).input.Prefix === LAYOUT.entries) {
      written = true;
      await record('c');
      await sign(undefined, context());
    }
    return answer;
  }) as never);
  expect(await verify(undefined, context())).toMatchObject({ valid: true });
  expect(written).toBe(true);
});
