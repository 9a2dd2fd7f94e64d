import { gzipSync } from 'node:zlib';
import { type GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { handler as scan } from '../../../lambda/artifact-scan';
import { handler as evaluate } from '../../../lambda/evaluation-gate';
import { handler as checkQuality } from '../../../lambda/quality-gate';
import { bytes, safetensors, streamOf, tar } from '../../runtime/artifact-scan/support';

const REQUEST = {
  dataset: { name: 'applications', version: '2026-11' },
  commit: 'a'.repeat(40),
  seeds: { numpy: 7 },
  hyperparameters: {},
  requestedBy: 'role/DataScientist',
};

/** Answers like S3 with these objects, two to a page. */
function bucket(objects: Record<string, Buffer>) {
  const keys = Object.keys(objects).sort();
  return jest.spyOn(S3Client.prototype, 'send').mockImplementation(async (command: unknown) => {
    if (command instanceof ListObjectsV2Command) {
      const { Prefix: prefix = '', ContinuationToken: token = '0' } = command.input;
      const found = keys.filter((key) => key.startsWith(prefix));
      const start = Number(token);
      return {
        Contents: found.slice(start, start + 2).map((key) => ({ Key: key, Size: objects[key].length })),
        NextContinuationToken: start + 2 < found.length ? String(start + 2) : undefined,
      };
    }
    const { Key: key = '' } = (command as GetObjectCommand).input;
    return { Body: streamOf(objects[key]), ContentLength: objects[key].length, VersionId: 'v1' };
  });
}

beforeEach(() => {
  Object.assign(process.env, {
    ACCOUNT: '111122223333',
    DATA_BUCKET: 'data',
    TRAINING_BUCKET: 'training',
    THRESHOLDS: '[{"metric": "auc", "minimum": 0.8}]',
    QUALITY:
      '{"thresholds": {"minimumRows": 3, "completeness": 1, "uniqueness": 1, "classBalance": 0}, "maximumBytes": 1000}',
  });
});

afterEach(() => jest.restoreAllMocks());

test('the quality gate reads every page of the dataset, in its bucket of its account', async () => {
  const send = bucket({ 'd/a.csv': bytes('x\n1\n'), 'd/b.csv': bytes('x\n2\n'), 'd/c.csv': bytes('x\n3\n') });
  expect(await checkQuality({ request: REQUEST, prefix: 'd/' })).toEqual({
    passed: true,
    reasons: [],
    pretrained: [],
    source: 'measurement',
    rows: 3,
  });
  for (const [command] of send.mock.calls) {
    expect(command.input).toMatchObject({ Bucket: 'data', ExpectedBucketOwner: '111122223333' });
  }
});

test('a request that is none stops before anything is read', async () => {
  const send = bucket({});
  await expect(checkQuality({ request: { ...REQUEST, commit: 'main' }, prefix: 'd/' })).rejects.toMatchObject({
    code: 'PALISADE-T013',
  });
  expect(send).not.toHaveBeenCalled();
});

test('the evaluation gate reads the output of its job', async () => {
  const output = gzipSync(tar([{ name: 'evaluation.json', content: bytes('{"auc": 0.81}') }]));
  bucket({ 'runs/credit-1/output/output.tar.gz': output });
  expect(await evaluate({ trainingJob: 'credit-1' })).toEqual({ passed: true, reasons: [], metrics: { auc: 0.81 } });
  await expect(evaluate({ trainingJob: '../credit-1' })).rejects.toThrow();
});

test('the artifact scan passes what is safe, and names the version that it read', async () => {
  const key = 'runs/credit-1/output/model.tar.gz';
  bucket({ [key]: gzipSync(tar([{ name: 'model.safetensors', content: safetensors({ a: 4 }) }])) });
  const answer = await scan({ artifact: `s3://training/${key}` });
  expect(answer).toMatchObject({ passed: true, verdict: 'safe', key, versionId: 'v1', findings: [] });
});

test.each([
  ['unsafe', bytes("cos\nsystem\n(S'id'\ntR.")],
  ['unknown', Buffer.from([0xfe, 0x00])],
])('the artifact scan stops what is %s', async (verdict, content) => {
  bucket({ 'runs/x': content });
  expect(await scan({ artifact: 's3://training/runs/x' })).toMatchObject({ passed: false, verdict });
});

test.each(['s3://other/runs/x', 's3://training-2/runs/x', 'runs/x'])(
  'an artifact %p elsewhere is not scanned',
  async (artifact) => {
    const send = bucket({ 'runs/x': bytes('{}') });
    await expect(scan({ artifact })).rejects.toMatchObject({ code: 'PALISADE-T015' });
    expect(send).not.toHaveBeenCalled();
  },
);

test('a function without its settings says which one is missing', async () => {
  delete process.env.THRESHOLDS;
  await expect(evaluate({ trainingJob: 'x' })).rejects.toMatchObject({
    code: 'PALISADE-T014',
    where: 'environment.THRESHOLDS',
  });
});
