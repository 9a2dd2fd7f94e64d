import { Stack } from 'aws-cdk-lib';
import { appWith } from '../audit-trail/app';
import { ACCOUNT, ENV, StackPolicies } from './simulate';
import { roleIn, vaultIn } from './vault';

const stack = new Stack(appWith(), 'Stack', { env: ENV });
const vault = vaultIn(stack, { purposes: ['training', 'evaluation'] });
vault.grantIngest(roleIn(stack, 'Collector'));
vault.grantRead(roleIn(stack, 'Trainer'), { purpose: 'training' });
const policies = new StackPolicies(stack);

const BUCKET = policies.arn('AWS::S3::Bucket', 'Vault');
const DATA_KEY = policies.arn('AWS::KMS::Key', 'KeysData');
const role = (id: string) => policies.arn('AWS::IAM::Role', id);
const [COLLECTOR, TRAINER] = ['Collector', 'Trainer'].map(role);
const [SEALER, VERIFIER] = ['VaultSealRole', 'VaultVerifyRole'].map(role);
const ADMIN = `arn:aws:iam::${ACCOUNT}:role/Admin`;
const EVERYTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

const DELIVERED = `${BUCKET}/quarantine/applications/1/a.csv`;
const APPROVED = `${BUCKET}/approved/applications/1/data/a.csv`;
const SEALED = { 's3:ExistingObjectTag/palisade:seal': 'sealed' };
const FOR_TRAINING = { ...SEALED, 's3:ExistingObjectTag/palisade:purpose': 'training' };
const FOR_EVALUATION = { ...SEALED, 's3:ExistingObjectTag/palisade:purpose': 'evaluation' };

const ask = (principal: string, action: string, resource: string, context: Record<string, string> = {}) =>
  policies.ask({ principal, action, resource, context, allowed: principal === ADMIN ? EVERYTHING : undefined });

describe('an administrator who may do everything', () => {
  test('replicates nothing: replication knows no tags', async () => {
    expect(await ask(ADMIN, 's3:GetObjectVersionForReplication', APPROVED, SEALED)).toBe('ExplicitlyDenied');
  });

  test.each(['s3:GetObject', 's3:GetObjectVersion'])('reads nothing that is not sealed with %s', async (action) => {
    expect(await ask(ADMIN, action, DELIVERED)).toBe('ExplicitlyDenied');
    expect(await ask(ADMIN, action, APPROVED)).toBe('ExplicitlyDenied');
    const other = { 's3:ExistingObjectTag/palisade:seal': 'no' };
    expect(await ask(ADMIN, action, APPROVED, other)).toBe('ExplicitlyDenied');
    expect(await ask(ADMIN, action, APPROVED, SEALED)).toBe('Allowed');
  });

  test('reads nothing from another account, even what is sealed; a service in its own name has no account', async () => {
    const elsewhere = { ...SEALED, 'aws:PrincipalAccount': '444455556666' };
    expect(await ask(ADMIN, 's3:GetObject', APPROVED, elsewhere)).toBe('ExplicitlyDenied');
    expect(await ask(ADMIN, 's3:GetObjectVersion', APPROVED, elsewhere)).toBe('ExplicitlyDenied');
    expect(await ask(ADMIN, 's3:GetObject', APPROVED, { ...elsewhere, 'aws:PrincipalIsAWSService': 'true' })).toBe(
      'Allowed',
    );
    expect(await ask(ADMIN, 's3:PutBucketPolicy', BUCKET, elsewhere)).toBe('Allowed');
  });

  test.each([
    ['s3:PutObject', APPROVED],
    ['s3:PutObjectTagging', APPROVED],
    ['s3:PutObjectTagging', DELIVERED],
    ['s3:PutObjectVersionTagging', DELIVERED],
    ['s3:DeleteObjectTagging', APPROVED],
    ['s3:DeleteObjectVersionTagging', APPROVED],
    ['s3:DeleteObject', APPROVED],
    ['s3:DeleteObjectVersion', APPROVED],
    ['s3:ReplicateObject', APPROVED],
    ['s3:ReplicateObject', DELIVERED],
    ['s3:ReplicateTags', APPROVED],
    ['s3:ReplicateTags', DELIVERED],
    ['s3:ReplicateDelete', APPROVED],
    ['s3:UpdateObjectEncryption', APPROVED],
    ['s3:UpdateObjectEncryption', DELIVERED],
  ])('cannot %s on %s', async (action, resource) => {
    expect(await ask(ADMIN, action, resource)).toBe('ExplicitlyDenied');
  });

  test('can clean up quarantine and mend the bucket policy', async () => {
    expect(await ask(ADMIN, 's3:DeleteObjectVersion', DELIVERED)).toBe('Allowed');
    expect(await ask(ADMIN, 's3:PutBucketPolicy', BUCKET)).toBe('Allowed');
  });
});

describe('who delivers', () => {
  test('writes to quarantine, and reads, lists, tags, approves and deletes nothing', async () => {
    expect(await ask(COLLECTOR, 's3:PutObject', DELIVERED)).toBe('Allowed');
    expect(await ask(COLLECTOR, 's3:GetObject', DELIVERED)).toBe('ExplicitlyDenied');
    expect(await ask(COLLECTOR, 's3:ListBucket', BUCKET, { 's3:prefix': 'quarantine/' })).toBe('ImplicitlyDenied');
    expect(await ask(COLLECTOR, 's3:PutObjectTagging', DELIVERED)).toBe('ExplicitlyDenied');
    expect(await ask(COLLECTOR, 's3:PutObject', APPROVED)).toBe('ExplicitlyDenied');
    expect(await ask(COLLECTOR, 's3:DeleteObject', DELIVERED)).toBe('ImplicitlyDenied');
    expect(await ask(COLLECTOR, 's3:GetObject', APPROVED, FOR_TRAINING)).toBe('ImplicitlyDenied');
  });

  const key = { 's3:x-amz-server-side-encryption-aws-kms-key-id': DATA_KEY };
  const otherKey = { 's3:x-amz-server-side-encryption-aws-kms-key-id': DATA_KEY.replace('Data', 'Other') };
  const kms = { 's3:x-amz-server-side-encryption': 'aws:kms' };
  test.each<[string, Record<string, string>, string]>([
    ['no header: the bucket encrypts with its key', {}, 'Allowed'],
    ['the right key', { ...kms, ...key }, 'Allowed'],
    ['the right key without the algorithm', key, 'Allowed'],
    ['another key', { ...kms, ...otherKey }, 'ExplicitlyDenied'],
    ['KMS without a key: that would be the AWS managed key', kms, 'ExplicitlyDenied'],
    ['S3-managed keys', { 's3:x-amz-server-side-encryption': 'AES256' }, 'ExplicitlyDenied'],
    ['two layers', { ...key, 's3:x-amz-server-side-encryption': 'aws:kms:dsse' }, 'ExplicitlyDenied'],
    ['a key of the sender', { 's3:x-amz-server-side-encryption-customer-algorithm': 'AES256' }, 'ExplicitlyDenied'],
  ])('encrypts with %s', async (_what, context, expected) => {
    expect(await ask(COLLECTOR, 's3:PutObject', DELIVERED, context)).toBe(expected);
  });
});

describe('the payload of a delivery', () => {
  const sent = (value: string) => ask(COLLECTOR, 's3:PutObject', DELIVERED, { 's3:x-amz-content-sha256': value });

  test('that is not signed is refused', async () => {
    expect(await sent('UNSIGNED-PAYLOAD')).toBe('ExplicitlyDenied');
  });

  test.each([
    ['a signed hash', '2d711642b726b04401627ca9fbac32f5c8530fb1983cc4db02258717921a4881'],
    ['signed chunks', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'],
    ['a trailing checksum, as the SDKs send streams', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'],
  ])('passes with %s', async (_what, value) => {
    expect(await sent(value)).toBe('Allowed');
  });
});

describe('who trains', () => {
  test('reads what was sealed for its purpose, and nothing else', async () => {
    expect(await ask(TRAINER, 's3:GetObject', APPROVED, FOR_TRAINING)).toBe('Allowed');
    expect(await ask(TRAINER, 's3:GetObject', APPROVED, FOR_EVALUATION)).toBe('ImplicitlyDenied');
    expect(await ask(TRAINER, 's3:GetObject', APPROVED, SEALED)).toBe('ImplicitlyDenied');
    expect(await ask(TRAINER, 's3:GetObject', APPROVED)).toBe('ExplicitlyDenied');
    expect(await ask(TRAINER, 's3:GetObject', DELIVERED, FOR_TRAINING)).toBe('ImplicitlyDenied');
  });

  test('lists approved data only, and writes nothing', async () => {
    const list = (prefix: string) => ask(TRAINER, 's3:ListBucket', BUCKET, { 's3:prefix': prefix });
    expect(await list('approved/applications/1/data/')).toBe('Allowed');
    expect(await list('quarantine/')).toBe('ImplicitlyDenied');
    expect(await ask(TRAINER, 's3:ListBucket', BUCKET)).toBe('ImplicitlyDenied');
    expect(await ask(TRAINER, 's3:PutObject', APPROVED)).toBe('ExplicitlyDenied');
  });
});

describe('the sealing function', () => {
  test('reads what was delivered, approves and tags it, and deletes nothing', async () => {
    expect(await ask(SEALER, 's3:GetObject', DELIVERED)).toBe('Allowed');
    expect(await ask(SEALER, 's3:GetObjectVersion', DELIVERED)).toBe('Allowed');
    expect(await ask(SEALER, 's3:PutObject', APPROVED)).toBe('Allowed');
    expect(await ask(SEALER, 's3:PutObjectVersionTagging', APPROVED)).toBe('Allowed');
    expect(await ask(SEALER, 's3:GetObject', APPROVED)).toBe('Allowed');
    const list = (prefix: string) => ask(SEALER, 's3:ListBucket', BUCKET, { 's3:prefix': prefix });
    expect(await list('quarantine/applications/1/')).toBe('Allowed');
    expect(await list('approved/applications/1/seal.json')).toBe('Allowed');
    expect(await ask(SEALER, 's3:DeleteObject', APPROVED)).toBe('ExplicitlyDenied');
    expect(await ask(SEALER, 's3:PutObject', DELIVERED)).toBe('ImplicitlyDenied');
  });
});

describe('the verifying function', () => {
  test('reads what was approved, tagged or not, and changes nothing', async () => {
    expect(await ask(VERIFIER, 's3:GetObject', APPROVED)).toBe('Allowed');
    expect(await ask(VERIFIER, 's3:GetObject', DELIVERED)).toBe('ImplicitlyDenied');
    expect(await ask(VERIFIER, 's3:PutObject', APPROVED)).toBe('ExplicitlyDenied');
    expect(await ask(VERIFIER, 's3:PutObjectVersionTagging', APPROVED)).toBe('ExplicitlyDenied');
  });

  test('verifies with the seal key, and cannot sign', async () => {
    const seal = (principal: string, action: string) =>
      policies.ask({
        principal,
        action,
        resource: policies.arn('AWS::KMS::Key', 'KeysSeal'),
        context: { 'kms:CallerAccount': ACCOUNT, 'aws:PrincipalTag/palisade:key/dev/credit-scoring/seal': 'use' },
        policyOf: { type: 'AWS::KMS::Key', id: 'KeysSeal', property: 'KeyPolicy' },
      });
    expect(await seal(VERIFIER, 'kms:Verify')).toBe('Allowed');
    expect(await seal(SEALER, 'kms:Sign')).toBe('Allowed');
    expect(policies.allows(SEALER)).toContain('kms:Sign');
    expect(policies.allows(VERIFIER)).not.toContain('kms:Sign');
  });
});
