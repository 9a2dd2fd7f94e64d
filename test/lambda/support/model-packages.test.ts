import type { DescribeModelPackageCommandOutput } from '@aws-sdk/client-sagemaker';
import * as fc from 'fast-check';
import { approvalKey, describePackage, keyIn, servedBy } from '../../../lambda/support/model-packages';
import { packageArnIn } from '../../../lambda/support/registry-settings';

const ARN = 'arn:aws-us-gov:sagemaker:us-gov-west-1:111122223333:model-package/dev-credit-scoring/7';
const IMAGE = `xgboost@sha256:${'b'.repeat(64)}`;
const CONTAINER = { Image: IMAGE, ModelDataUrl: 's3://models/run-1/model.tar.gz' };
const MODIFIED = new Date('2026-11-24T10:00:00Z');
const JANE = 'arn:aws:sts::111122223333:assumed-role/Approver/jane@example.com';

const code = (value: string) => expect.objectContaining({ code: value });

function described(answer: Partial<DescribeModelPackageCommandOutput> = {}) {
  const found = {
    ModelPackageArn: ARN,
    ModelPackageGroupName: 'dev-credit-scoring',
    ModelApprovalStatus: 'Approved',
    CreationTime: new Date('2026-11-23T10:00:00Z'),
    LastModifiedTime: MODIFIED,
    InferenceSpecification: { Containers: [CONTAINER] },
    ...answer,
  };
  return describePackage({ send: (async () => found) as never }, ARN);
}

test('reads what a decision needs', async () => {
  const found = await described({
    CustomerMetadataProperties: { 'palisade:requestedBy': 'sam@example.com' },
    CreatedBy: { UserProfileName: 'sam' },
    LastModifiedBy: { IamIdentity: { Arn: JANE, SourceIdentity: 'jane' }, UserProfileName: 'jane-profile' },
    ApprovalDescription: 'ok',
  });
  expect(found).toEqual({
    arn: ARN,
    group: 'dev-credit-scoring',
    approvalStatus: 'Approved',
    approvalDescription: 'ok',
    containers: [{ image: IMAGE, artifact: CONTAINER.ModelDataUrl, extended: false }],
    metadata: { 'palisade:requestedBy': 'sam@example.com' },
    createdBy: ['sam'],
    lastModifiedBy: ['jane', JANE, 'jane-profile'],
    lastModifiedAt: MODIFIED,
  });
  expect(servedBy(found)).toEqual({ image: IMAGE, artifact: CONTAINER.ModelDataUrl });
});

test('a package that nobody changed has nobody who did', async () => {
  const found = await described({ LastModifiedTime: undefined });
  expect(found.lastModifiedBy).toEqual([]);
  expect(found.lastModifiedAt).toEqual(new Date('2026-11-23T10:00:00Z'));
});

test.each([
  ['no container', []],
  ['two containers', [CONTAINER, CONTAINER]],
  ['an image by tag', [{ ...CONTAINER, Image: 'xgboost:latest' }]],
  ['a digest that is cut off', [{ ...CONTAINER, Image: IMAGE.slice(0, -1) }]],
  ['no artifact', [{ Image: IMAGE }]],
  ['variables', [{ ...CONTAINER, Environment: { SAGEMAKER_PROGRAM: 's3://elsewhere/code.py' } }]],
  [
    'more data',
    [{ ...CONTAINER, AdditionalS3DataSource: { S3DataType: 'S3Prefix' as const, S3Uri: 's3://elsewhere' } }],
  ],
])('%s cannot be served', async (_, Containers) => {
  const found = await described({ InferenceSpecification: { Containers } });
  expect(() => servedBy(found)).toThrow(code('PALISADE-R201'));
});

test('empty variables are none', async () => {
  const found = await described({ InferenceSpecification: { Containers: [{ ...CONTAINER, Environment: {} }] } });
  expect(servedBy(found).image).toBe(IMAGE);
});

test('a key is one of this bucket', () => {
  expect(keyIn('models', 's3://models/run-1/model.tar.gz')).toBe('run-1/model.tar.gz');
  for (const uri of ['s3://models/', 's3://models', 's3://models2/a', 'https://models/a', '', 's3://other/models/a']) {
    expect(() => keyIn('models', uri)).toThrow(code('PALISADE-R202'));
  }
});

test('an approval has its key from the package', () => {
  expect(approvalKey(ARN)).toBe('approvals/dev-credit-scoring/7.json');
});

test('only packages of the group are asked about', () => {
  expect(packageArnIn('dev-credit-scoring', ARN)).toBe(ARN);
  for (const value of [ARN.replace('dev-', 'prod-'), ARN.replace('/7', ''), `${ARN}/../1`, 'none', undefined, [ARN]]) {
    expect(() => packageArnIn('dev-credit-scoring', value)).toThrow(code('PALISADE-R207'));
  }
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(() => packageArnIn('dev-credit-scoring', value)).toThrow(code('PALISADE-R207'));
    }),
  );
});
