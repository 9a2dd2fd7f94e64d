import { createHash } from 'node:crypto';
import { CopyObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type CreateModelPackageCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { handler } from '../../../lambda/register-model';
import { type ModelStore, type PendingPackage, registerModel } from '../../../lambda/register-model/register-model';
import { type BillVersion, readBill } from '../../../runtime/bill-of-materials';
import { readRunLock } from '../../../runtime/training';
import { cycloneDxSchema } from '../../runtime/bill-of-materials/cyclonedx';

const SETTINGS = {
  group: 'dev-credit-scoring',
  trainingImage: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/xgboost@sha256:${'b'.repeat(64)}`,
  inferenceImage: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/serve@sha256:${'e'.repeat(64)}`,
  instanceType: 'ml.m5.xlarge',
  instanceCount: 1,
  contentTypes: ['text/csv'],
};
const PIN = {
  name: 'bert/model.safetensors',
  version: '2024-02',
  sha256: 'b'.repeat(64),
  source: 'https://models.example.org/bert/model.safetensors',
  licence: 'Apache-2.0',
};
const EVENT = {
  request: {
    dataset: { name: 'applications', version: '2026-11' },
    commit: 'a'.repeat(40),
    seeds: { numpy: 7 },
    hyperparameters: { eta: '0.2' },
    requestedBy: 'arn:aws:iam::111122223333:role/DataScientist',
  },
  manifestRoot: 'c'.repeat(64),
  trainingJob: { name: 'credit-1', arn: 'arn:aws:sagemaker:eu-west-1:111122223333:training-job/credit-1' },
  scan: { passed: true, key: 'runs/credit-1/output/model.tar.gz', versionId: 'v7', sha256: 'd'.repeat(64), bytes: 99 },
  pretrained: [PIN],
  evaluation: { passed: true, metrics: { auc: 0.81 } },
  execution: 'arn:aws:states:eu-west-1:111122223333:execution:pipeline:x',
};

class MemoryRegistry implements ModelStore {
  readonly copies: unknown[] = [];
  readonly texts: Record<string, string> = {};
  readonly packages: PendingPackage[] = [];

  async copyArtifact(source: { key: string; versionId: string }, key: string) {
    this.copies.push({ key: source.key, versionId: source.versionId, to: key });
    return `s3://registry/${key}`;
  }

  async writeText(key: string, text: string) {
    this.texts[key] = text;
  }

  async createPackage(pending: PendingPackage) {
    this.packages.push(pending);
    return 'arn:package/1';
  }
}

test('registers the scanned version, its lock, and a package that names both hashes and who asked', async () => {
  const store = new MemoryRegistry();
  const answer = await registerModel(EVENT, SETTINGS, store);
  expect(store.copies).toEqual([{ key: EVENT.scan.key, versionId: 'v7', to: 'credit-1/model.tar.gz' }]);
  const lock = readRunLock(store.texts['credit-1/run.lock.json']);
  expect(lock).toMatchObject({ commit: EVENT.request.commit, image: SETTINGS.trainingImage, seeds: { numpy: 7 } });
  expect(lock.datasets).toEqual([{ name: 'applications', version: '2026-11', manifestRoot: EVENT.manifestRoot }]);
  expect(store.packages).toEqual([
    expect.objectContaining({
      group: 'dev-credit-scoring',
      image: SETTINGS.inferenceImage,
      artifact: 's3://registry/credit-1/model.tar.gz',
      metadata: {
        'palisade:requestedBy': EVENT.request.requestedBy,
        'palisade:runLockSha256': answer.runLockSha256,
        'palisade:billSha256': createHash('sha256').update(store.texts['credit-1/bill.cdx.json']).digest('hex'),
        'palisade:artifactSha256': EVENT.scan.sha256,
        'palisade:image': SETTINGS.inferenceImage,
        'palisade:dataset': 'applications/2026-11',
      },
    }),
  ]);
  expect(answer.modelPackageArn).toBe('arn:package/1');
});

test.each<BillVersion>(['1.6', '1.7'])('the bill beside the artifact holds by CycloneDX %s', async (version) => {
  const store = new MemoryRegistry();
  await registerModel(EVENT, SETTINGS, store);
  const validate = cycloneDxSchema(version);
  validate({ ...JSON.parse(store.texts['credit-1/bill.cdx.json']), specVersion: version });
  expect(validate.errors ?? []).toEqual([]);
});

test('the bill says what the model is made of', async () => {
  const store = new MemoryRegistry();
  await registerModel(EVENT, SETTINGS, store);
  const bill = readBill(store.texts['credit-1/bill.cdx.json']);
  expect(bill.metadata.component).toMatchObject({
    name: SETTINGS.group,
    version: 'credit-1',
    hashes: [{ content: EVENT.scan.sha256 }],
    modelCard: { quantitativeAnalysis: { performanceMetrics: [{ type: 'auc', value: '0.81' }] } },
  });
  expect(bill.components).toEqual([
    expect.objectContaining({
      type: 'machine-learning-model',
      name: PIN.name,
      hashes: [{ alg: 'SHA-256', content: PIN.sha256 }],
    }),
    expect.objectContaining({
      type: 'data',
      name: 'applications',
      hashes: [{ alg: 'SHA-256', content: EVENT.manifestRoot }],
    }),
    expect.objectContaining({
      type: 'container',
      hashes: [{ alg: 'SHA-256', content: SETTINGS.trainingImage.split(':').at(-1) }],
    }),
  ]);
  expect(JSON.stringify(bill.formulation)).toContain(EVENT.request.commit);
});

test('a repeated call asks for the same package', async () => {
  const store = new MemoryRegistry();
  await registerModel(EVENT, SETTINGS, store);
  await registerModel(EVENT, SETTINGS, store);
  expect(store.packages[0]).toEqual(store.packages[1]);
  expect(Object.keys(store.texts)).toEqual(['credit-1/run.lock.json', 'credit-1/bill.cdx.json']);
  expect(store.packages[0].clientToken).toMatch(/^[a-zA-Z0-9-]{1,36}$/);
});

test.each([
  ['a scan that did not pass', { scan: { ...EVENT.scan, passed: false } }, 'PALISADE-T016'],
  ['an evaluation that did not pass', { evaluation: { passed: false } }, 'PALISADE-T016'],
  ['no evaluation', { evaluation: undefined }, 'PALISADE-T016'],
  ['a job name that is a path', { trainingJob: { ...EVENT.trainingJob, name: '../x' } }, 'PALISADE-T016'],
  ['a manifest root that is none', { manifestRoot: 'c'.repeat(63) }, 'PALISADE-T016'],
  ['a pin with more than a pin has', { pretrained: [{ ...PIN, note: '' }] }, 'PALISADE-T016'],
  ['a pin without a digest', { pretrained: [{ ...PIN, sha256: 'latest' }] }, 'PALISADE-S040'],
  ['a pin from an open source', { pretrained: [{ ...PIN, source: 'http://models.example.org/x' }] }, 'PALISADE-S040'],
  ['one pin twice', { pretrained: [PIN, PIN] }, 'PALISADE-S041'],
  ['a request that is none', { request: {} }, 'PALISADE-T013'],
  ['an artifact that S3 cannot copy', { scan: { ...EVENT.scan, bytes: 6 * 2 ** 30 } }, 'PALISADE-T017'],
])('%s writes nothing', async (_, change, code) => {
  const store = new MemoryRegistry();
  await expect(registerModel({ ...EVENT, ...change }, SETTINGS, store)).rejects.toMatchObject({ code });
  expect([...store.copies, ...Object.keys(store.texts), ...store.packages]).toEqual([]);
});

test('the handler pins version and owner, and leaves the approval to somebody else', async () => {
  const environment = {
    ACCOUNT: '111122223333',
    TRAINING_BUCKET: 'training',
    REGISTRY_BUCKET: 'registry',
    REGISTER: JSON.stringify(SETTINGS),
  };
  Object.assign(process.env, environment);
  const s3 = jest.spyOn(S3Client.prototype, 'send').mockImplementation(async () => ({}));
  const sagemaker = jest
    .spyOn(SageMakerClient.prototype, 'send')
    .mockImplementation(async () => ({ ModelPackageArn: 'arn:package/2' }));
  expect(await handler(EVENT)).toMatchObject({ modelPackageArn: 'arn:package/2' });

  const [[copy], [put], [bill]] = s3.mock.calls as unknown as [
    [CopyObjectCommand],
    [PutObjectCommand],
    [PutObjectCommand],
  ];
  expect(copy).toBeInstanceOf(CopyObjectCommand);
  expect(copy.input).toMatchObject({
    Bucket: 'registry',
    ExpectedBucketOwner: '111122223333',
    ExpectedSourceBucketOwner: '111122223333',
    CopySource: 'training/runs/credit-1/output/model.tar.gz?versionId=v7',
    Key: 'credit-1/model.tar.gz',
  });
  expect(put).toBeInstanceOf(PutObjectCommand);
  expect(put.input).toMatchObject({ Bucket: 'registry', Key: 'credit-1/run.lock.json' });
  expect(bill.input).toMatchObject({
    Bucket: 'registry',
    Key: 'credit-1/bill.cdx.json',
    ExpectedBucketOwner: '111122223333',
  });
  const [[create]] = sagemaker.mock.calls as unknown as [[CreateModelPackageCommand]];
  expect(create.input).toMatchObject({
    ModelApprovalStatus: 'PendingManualApproval',
    InferenceSpecification: { Containers: [{ ModelDataUrl: 's3://registry/credit-1/model.tar.gz' }] },
  });
});
