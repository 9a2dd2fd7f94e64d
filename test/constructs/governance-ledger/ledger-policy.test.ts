import type * as s3 from 'aws-cdk-lib/aws-s3';
import { ACCOUNT, StackPolicies } from '../dataset-vault/simulate';
import { LedgerStack } from './ledger';

const stack = new LedgerStack();
const policies = new StackPolicies(stack);

const BUCKET = policies.arn('AWS::S3::Bucket', 'LedgerBucket');
const role = (id: string) => policies.arn('AWS::IAM::Role', id);
const [WRITER, SIGNER, VERIFIER] = ['LedgerAppendRole', 'LedgerCheckpointRole', 'LedgerVerifyRole'].map(role);
const [SCORING, AUDITOR] = ['Scoring', 'Auditor'].map(role);
const ADMIN = `arn:aws:iam::${ACCOUNT}:role/Admin`;
const EVERYTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
const POLICY = { type: 'AWS::S3::BucketPolicy', id: 'LedgerBucket', property: 'PolicyDocument' };

const ENTRY = `${BUCKET}/entries/000000000000.json`;
const REQUEST = `${BUCKET}/requests/${'a'.repeat(64)}`;
const CHECKPOINT = `${BUCKET}/checkpoints/000000000001.json`;
const HEAD = `${BUCKET}/head.json`;
/** What S3 says of an upload in one call. */
const WHOLE = { 's3:ObjectCreationOperation': 'true' };
const ONCE = { ...WHOLE, 's3:if-none-match': '*' };
const INSTEAD = { ...WHOLE, 's3:if-match': '"tag"' };

const ask = (principal: string, action: string, resource: string, context: Record<string, string> = {}) =>
  policies.ask({
    principal,
    action,
    resource,
    context,
    allowed: principal === ADMIN ? EVERYTHING : undefined,
    policyOf: POLICY,
  });

describe('an administrator who may do everything', () => {
  test.each([ENTRY, REQUEST, CHECKPOINT, HEAD, `${BUCKET}/other`])('writes nothing to %s', async (resource) => {
    for (const context of [WHOLE, ONCE, INSTEAD]) {
      expect(await ask(ADMIN, 's3:PutObject', resource, context)).toBe('ExplicitlyDenied');
    }
  });

  test.each([
    's3:BypassGovernanceRetention',
    's3:DeleteObject',
    's3:DeleteObjectVersion',
    's3:ReplicateDelete',
    's3:ReplicateObject',
    's3:ReplicateTags',
    's3:UpdateObjectEncryption',
  ])('does not %s', async (action) => {
    for (const resource of [ENTRY, REQUEST, CHECKPOINT, HEAD]) {
      expect(await ask(ADMIN, action, resource)).toBe('ExplicitlyDenied');
    }
  });

  test('holds longer what is held, and not shorter', async () => {
    const held = (days: string) =>
      ask(ADMIN, 's3:PutObjectRetention', ENTRY, { 's3:object-lock-remaining-retention-days': days });
    expect([await held('364'), await held('365')]).toEqual(['ExplicitlyDenied', 'Allowed']);
  });

  test('can mend the bucket policy', async () => {
    expect(await ask(ADMIN, 's3:PutBucketPolicy', BUCKET)).toBe('Allowed');
  });
});

describe('the writer', () => {
  test.each([ENTRY, REQUEST])('writes %s once', async (resource) => {
    expect(await ask(WRITER, 's3:PutObject', resource, ONCE)).toBe('Allowed');
    expect(await ask(WRITER, 's3:PutObject', resource, WHOLE)).toBe('ExplicitlyDenied');
    expect(await ask(WRITER, 's3:PutObject', resource, INSTEAD)).toBe('ExplicitlyDenied');
  });

  test('moves the head where it knows what it replaces', async () => {
    expect(await ask(WRITER, 's3:PutObject', HEAD, INSTEAD)).toBe('Allowed');
    expect(await ask(WRITER, 's3:PutObject', HEAD, ONCE)).toBe('Allowed');
    expect(await ask(WRITER, 's3:PutObject', HEAD, WHOLE)).toBe('ExplicitlyDenied');
  });

  test('signs nothing, and holds nothing shorter', async () => {
    expect(await ask(WRITER, 's3:PutObject', CHECKPOINT, ONCE)).toBe('ExplicitlyDenied');
    expect(await ask(WRITER, 's3:PutObjectRetention', ENTRY)).toBe('ImplicitlyDenied');
    expect(policies.allows(WRITER)).not.toContain('kms:Sign');
  });
});

describe('the signer', () => {
  test('writes checkpoints once, and nothing else', async () => {
    expect(await ask(SIGNER, 's3:PutObject', CHECKPOINT, ONCE)).toBe('Allowed');
    expect(await ask(SIGNER, 's3:PutObject', CHECKPOINT, WHOLE)).toBe('ExplicitlyDenied');
    expect(await ask(SIGNER, 's3:GetObject', ENTRY)).toBe('Allowed');
    for (const resource of [ENTRY, REQUEST, HEAD]) {
      expect(await ask(SIGNER, 's3:PutObject', resource, ONCE)).toBe('ExplicitlyDenied');
    }
    expect(await ask(SIGNER, 's3:PutObject', `${BUCKET}/other`, ONCE)).toBe('ImplicitlyDenied');
  });
});

describe('the verifier', () => {
  test('reads, and neither writes nor signs', async () => {
    for (const resource of [ENTRY, CHECKPOINT, HEAD]) {
      expect(await ask(VERIFIER, 's3:GetObject', resource)).toBe('Allowed');
      expect(await ask(VERIFIER, 's3:PutObject', resource, ONCE)).toBe('ExplicitlyDenied');
    }
    expect(policies.allows(VERIFIER)).toContain('kms:GetPublicKey');
    expect(policies.allows(VERIFIER)).not.toContain('kms:Sign');
  });
});

test('who reads sees every version, and writes nothing', async () => {
  expect(await ask(AUDITOR, 's3:GetObject', ENTRY)).toBe('Allowed');
  expect(await ask(AUDITOR, 's3:GetObjectVersion', ENTRY)).toBe('Allowed');
  expect(await ask(AUDITOR, 's3:ListBucketVersions', BUCKET)).toBe('Allowed');
  expect(await ask(AUDITOR, 's3:PutObject', ENTRY, ONCE)).toBe('ExplicitlyDenied');
});

test('who records reaches the alias of its system: not the bucket, nor another alias, nor the function itself', () => {
  const allowed = policies.allows(SCORING);
  expect(allowed).toMatch(/LedgerWritercreditscoring/);
  expect(allowed).not.toMatch(/LedgerWriterchat|s3:|LedgerAppend/);
});

describe('without the statement', () => {
  /** The stack with one statement of the bucket policy turned to another bucket. */
  function without(sid: string): StackPolicies {
    const changed = new LedgerStack();
    const policy = changed.ledger.bucket.policy?.node.defaultChild as s3.CfnBucketPolicy;
    const { Statement } = changed.resolve(policy.policyDocument) as { Statement: { Sid?: string }[] };
    const index = Statement.findIndex(({ Sid }) => Sid === sid);
    expect(index).toBeGreaterThanOrEqual(0);
    policy.addPropertyOverride(`PolicyDocument.Statement.${index}.Resource`, 'arn:aws:s3:::other/*');
    return new StackPolicies(changed);
  }

  test.each<[string, string, string, string, Record<string, string>]>([
    ['NoDeletion', ADMIN, 's3:DeleteObjectVersion', ENTRY, {}],
    ['NoShorterRetention', ADMIN, 's3:PutObjectRetention', ENTRY, { 's3:object-lock-remaining-retention-days': '1' }],
    ['NobodyReplicatesIn', ADMIN, 's3:ReplicateObject', ENTRY, {}],
    ['NoChangeOfKey', ADMIN, 's3:UpdateObjectEncryption', ENTRY, {}],
    ['NoOverwriting', WRITER, 's3:PutObject', ENTRY, WHOLE],
    ['NoBlindMoveOfHead', WRITER, 's3:PutObject', HEAD, WHOLE],
    ['OnlyWriterWrites', SIGNER, 's3:PutObject', ENTRY, ONCE],
    ['OnlySignerWritesCheckpoints', WRITER, 's3:PutObject', CHECKPOINT, ONCE],
    ['NobodyElseWrites', ADMIN, 's3:PutObject', `${BUCKET}/other`, ONCE],
  ])('%s somebody could', async (sid, principal, action, resource, context) => {
    const question = { principal, action, resource, context, allowed: EVERYTHING, policyOf: POLICY };
    expect(await policies.ask(question)).toBe('ExplicitlyDenied');
    expect(await without(sid).ask(question)).toBe('Allowed');
  });
});
