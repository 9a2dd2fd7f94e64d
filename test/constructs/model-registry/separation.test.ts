import { ACCOUNT, StackPolicies } from '../dataset-vault/simulate';
import { registryIn, roleIn } from './registry';

const { stack, registry } = registryIn();
registry.grantRegister(roleIn(stack, 'Registrar'));
registry.grantApprove(roleIn(stack, 'Approver'));
registry.grantReadArtifacts(roleIn(stack, 'Endpoint'));
registry.grantVerify(roleIn(stack, 'Verifier'));
const policies = new StackPolicies(stack);

const role = (id: string) => policies.arn('AWS::IAM::Role', id);
const [REGISTRAR, APPROVER, ENDPOINT, VERIFIER] = ['Registrar', 'Approver', 'Endpoint', 'Verifier'].map(role);
const DECIDER = role('RegistryApprovalRole');
const ADMIN = `arn:aws:iam::${ACCOUNT}:role/Admin`;
const EVERYTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

const TAG = 'palisade:registry/dev/credit-scoring';
const DUTIES = new Map([
  [REGISTRAR, 'register'],
  [APPROVER, 'approve'],
  [DECIDER, 'decide'],
]);
const SAGEMAKER = `arn:aws:sagemaker:eu-west-1:${ACCOUNT}`;
const PACKAGE = `${SAGEMAKER}:model-package/dev-credit-scoring/7`;
const GROUP = { type: 'AWS::SageMaker::ModelPackageGroup', id: 'RegistryGroup', property: 'ModelPackageGroupPolicy' };
const BUCKET = { type: 'AWS::S3::BucketPolicy', id: 'RegistryModels', property: 'PolicyDocument' };
const MODELS = policies.arn('AWS::S3::Bucket', 'RegistryModels');
const ARTIFACT = `${MODELS}/run-1/model.tar.gz`;
const APPROVAL = `${MODELS}/approvals/dev-credit-scoring/7.json`;

const APPROVED = { 'sagemaker:ModelApprovalStatus': 'Approved' };
const PENDING = { 'sagemaker:ModelApprovalStatus': 'PendingManualApproval' };

type Context = Record<string, string>;

function ask(principal: string, action: string, resource: string, context: Context, policyOf: typeof GROUP) {
  const duty = DUTIES.get(principal);
  return policies.ask({
    principal,
    action,
    resource,
    context: { ...(duty && { [`aws:PrincipalTag/${TAG}`]: duty }), ...context },
    allowed: principal === ADMIN ? EVERYTHING : undefined,
    policyOf,
  });
}

const onPackage = (principal: string, action: string, context: Context = {}, resource = PACKAGE) =>
  ask(principal, action, resource, context, GROUP);
const onObject = (principal: string, action: string, resource: string) => ask(principal, action, resource, {}, BUCKET);

describe('who registers does not approve', () => {
  test('a registrar creates pending packages, and no other', async () => {
    expect(await onPackage(REGISTRAR, 'sagemaker:CreateModelPackage', PENDING)).toBe('Allowed');
    expect(await onPackage(REGISTRAR, 'sagemaker:CreateModelPackage', APPROVED)).toBe('ExplicitlyDenied');
    expect(
      await onPackage(REGISTRAR, 'sagemaker:CreateModelPackage', { 'sagemaker:ModelApprovalStatus': 'Rejected' }),
    ).toBe('ExplicitlyDenied');
  });

  test('a registrar sets no status', async () => {
    expect(await onPackage(REGISTRAR, 'sagemaker:UpdateModelPackage', APPROVED)).toBe('ExplicitlyDenied');
  });

  test('a registrar writes artifacts, and no approvals', async () => {
    expect(await onObject(REGISTRAR, 's3:PutObject', ARTIFACT)).toBe('Allowed');
    expect(await onObject(REGISTRAR, 's3:PutObject', `${MODELS}/run-1/run.lock.json`)).toBe('Allowed');
    expect(await onObject(REGISTRAR, 's3:PutObject', `${MODELS}/run-1/bill.cdx.json`)).toBe('Allowed');
    expect(await onObject(REGISTRAR, 's3:DeleteObject', `${MODELS}/run-1/bill.cdx.json`)).toBe('ExplicitlyDenied');
    expect(await onObject(APPROVER, 's3:PutObject', `${MODELS}/run-1/bill.cdx.json`)).toBe('ExplicitlyDenied');
    expect(await onObject(REGISTRAR, 's3:PutObject', APPROVAL)).toBe('ExplicitlyDenied');
    expect(await onObject(REGISTRAR, 's3:GetObject', ARTIFACT)).toBe('ImplicitlyDenied');
  });
});

describe('who approves does not register', () => {
  test('an approver sets the status, and creates nothing', async () => {
    expect(await onPackage(APPROVER, 'sagemaker:UpdateModelPackage', APPROVED)).toBe('Allowed');
    expect(await onPackage(APPROVER, 'sagemaker:CreateModelPackage', PENDING)).toBe('ExplicitlyDenied');
  });

  test.each(['requestedBy', 'artifactSha256', 'image', 'billSha256', 'runLockSha256', 'dataset'])(
    'an approver does not rewrite %s',
    async (name) => {
      const rewritten = { ...APPROVED, [`sagemaker:CustomerMetadataProperties/palisade:${name}`]: 'other' };
      expect(await onPackage(APPROVER, 'sagemaker:UpdateModelPackage', rewritten)).toBe('ExplicitlyDenied');
    },
  );

  test('an approver removes no metadata', async () => {
    const removed = { ...APPROVED, 'sagemaker:CustomerMetadataPropertiesToRemove': 'palisade:requestedBy' };
    expect(await onPackage(APPROVER, 'sagemaker:UpdateModelPackage', removed)).toBe('ExplicitlyDenied');
  });

  test('an approver writes nothing to the bucket, and signs nothing', async () => {
    expect(await onObject(APPROVER, 's3:PutObject', ARTIFACT)).toBe('ExplicitlyDenied');
    expect(await onObject(APPROVER, 's3:PutObject', APPROVAL)).toBe('ExplicitlyDenied');
    expect(policies.allows(APPROVER)).not.toMatch(/kms:|ssm:|s3:/);
  });
});

describe('an administrator who may do everything', () => {
  test.each(['CreateModelPackage', 'UpdateModelPackage'])('cannot %s', async (action) => {
    expect(await onPackage(ADMIN, `sagemaker:${action}`)).toBe('ExplicitlyDenied');
  });

  test.each([
    ['s3:PutObject', ARTIFACT],
    ['s3:PutObject', APPROVAL],
    ['s3:DeleteObject', APPROVAL],
    ['s3:DeleteObjectVersion', APPROVAL],
    ['s3:DeleteObject', ARTIFACT],
    ['s3:DeleteObjectVersion', ARTIFACT],
  ])('cannot %s on %s', async (action, resource) => {
    expect(await onObject(ADMIN, action, resource)).toBe('ExplicitlyDenied');
  });

  test('can describe packages, and mend the policies', async () => {
    expect(await onPackage(ADMIN, 'sagemaker:DescribeModelPackage')).toBe('Allowed');
    expect(await onObject(ADMIN, 's3:PutBucketPolicy', MODELS)).toBe('Allowed');
  });
});

describe('the decider', () => {
  test('reads artifacts, records approvals and sets the status', async () => {
    expect(await onObject(DECIDER, 's3:GetObject', ARTIFACT)).toBe('Allowed');
    expect(await onObject(DECIDER, 's3:PutObject', APPROVAL)).toBe('Allowed');
    expect(await onObject(DECIDER, 's3:GetObject', APPROVAL)).toBe('Allowed');
    expect(await onObject(DECIDER, 's3:ListBucket', MODELS)).toBe('Allowed');
    expect(await onPackage(DECIDER, 'sagemaker:UpdateModelPackage')).toBe('Allowed');
  });

  test('cannot write what it judges, nor register', async () => {
    expect(await onObject(DECIDER, 's3:PutObject', ARTIFACT)).toBe('ExplicitlyDenied');
    expect(await onPackage(DECIDER, 'sagemaker:CreateModelPackage', PENDING)).toBe('ExplicitlyDenied');
  });

  test('decides about this group only', async () => {
    const other = `${SAGEMAKER}:model-package/prod-credit-scoring/7`;
    expect(await onPackage(DECIDER, 'sagemaker:UpdateModelPackage', {}, other)).toBe('ImplicitlyDenied');
  });
});

describe('readers', () => {
  test('an endpoint reads artifacts, and no approvals', async () => {
    expect(await onObject(ENDPOINT, 's3:GetObject', ARTIFACT)).toBe('Allowed');
    expect(await onObject(ENDPOINT, 's3:GetObjectVersion', ARTIFACT)).toBe('Allowed');
    expect(await onObject(ENDPOINT, 's3:GetObject', APPROVAL)).toBe('ImplicitlyDenied');
    expect(await onObject(ENDPOINT, 's3:PutObject', ARTIFACT)).toBe('ExplicitlyDenied');
  });

  test('a verifier reads both and changes nothing', async () => {
    expect(await onObject(VERIFIER, 's3:GetObject', ARTIFACT)).toBe('Allowed');
    expect(await onObject(VERIFIER, 's3:GetObject', APPROVAL)).toBe('Allowed');
    expect(await onPackage(VERIFIER, 'sagemaker:DescribeModelPackage')).toBe('Allowed');
    expect(await onPackage(VERIFIER, 'sagemaker:UpdateModelPackage')).toBe('ExplicitlyDenied');
    expect(policies.allows(VERIFIER)).toContain('kms:Verify');
    expect(policies.allows(VERIFIER)).not.toMatch(/kms:Sign|s3:Put|ssm:/);
  });

  test('the model key serves them for this bucket only', () => {
    for (const reader of [ENDPOINT, VERIFIER, REGISTRAR]) {
      expect(policies.allows(reader)).toContain(`"kms:EncryptionContext:aws:s3:arn":"${MODELS}"`);
    }
  });
});
