import { ACCOUNT, StackPolicies } from '../dataset-vault/simulate';
import { registryIn, roleIn } from './registry';

/*
 * Separation is held twice, by the group's resource policy and by the roles' own policies. Here each of them holds
 * alone, so that neither can be lost behind the other.
 */

const { stack, registry } = registryIn();
registry.grantRegister(roleIn(stack, 'Registrar'));
registry.grantApprove(roleIn(stack, 'Approver'));
const policies = new StackPolicies(stack);

const PACKAGE = `arn:aws:sagemaker:eu-west-1:${ACCOUNT}:model-package/dev-credit-scoring/7`;
const GROUP_POLICY = {
  type: 'AWS::SageMaker::ModelPackageGroup',
  id: 'RegistryGroup',
  property: 'ModelPackageGroupPolicy',
};
/** Says nothing about packages. */
const OTHER_POLICY = { type: 'AWS::S3::BucketPolicy', id: 'RegistryModels', property: 'PolicyDocument' };
const EVERYTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

const APPROVED = { 'sagemaker:ModelApprovalStatus': 'Approved' };
const PENDING = { 'sagemaker:ModelApprovalStatus': 'PendingManualApproval' };
const CREATE = 'sagemaker:CreateModelPackage';
const UPDATE = 'sagemaker:UpdateModelPackage';

type Context = Record<string, string>;

/** What a request says when it rewrites one property. */
const rewriting = (name: string): Context => ({ [`sagemaker:CustomerMetadataProperties/palisade:${name}`]: 'other' });
const REMOVING = { 'sagemaker:CustomerMetadataPropertiesToRemove': 'palisade:requestedBy' };
const PROVENANCE = ['artifactSha256', 'billSha256', 'dataset', 'image', 'requestedBy', 'runLockSha256'];

describe("the group's policy alone, against a role with the duty and every permission", () => {
  const ask = (duty: string, action: string, context: Context) =>
    policies.ask({
      principal: `arn:aws:iam::${ACCOUNT}:role/Handmade`,
      action,
      resource: PACKAGE,
      context: { 'aws:PrincipalTag/palisade:registry/dev/credit-scoring': duty, ...context },
      allowed: EVERYTHING,
      policyOf: GROUP_POLICY,
    });

  test('a registrar creates pending packages and no other', async () => {
    expect(await ask('register', CREATE, PENDING)).toBe('Allowed');
    expect(await ask('register', CREATE, APPROVED)).toBe('ExplicitlyDenied');
    expect(await ask('register', CREATE, { 'sagemaker:ModelApprovalStatus': 'Rejected' })).toBe('ExplicitlyDenied');
  });

  test('a registrar changes no package', async () => {
    expect(await ask('register', UPDATE, APPROVED)).toBe('ExplicitlyDenied');
  });

  test.each(['approve', 'decide'])('the duty %s changes the status and creates nothing', async (duty) => {
    expect(await ask(duty, UPDATE, APPROVED)).toBe('Allowed');
    expect(await ask(duty, CREATE, PENDING)).toBe('ExplicitlyDenied');
  });

  test.each(PROVENANCE)('nobody rewrites %s', async (name) => {
    for (const duty of ['approve', 'decide']) {
      expect(await ask(duty, UPDATE, { ...APPROVED, ...rewriting(name) })).toBe('ExplicitlyDenied');
    }
  });

  test('nobody removes metadata', async () => {
    for (const duty of ['approve', 'decide']) {
      expect(await ask(duty, UPDATE, { ...APPROVED, ...REMOVING })).toBe('ExplicitlyDenied');
    }
  });

  test('another duty, and that of another registry, is none', async () => {
    expect(await ask('other', UPDATE, APPROVED)).toBe('ExplicitlyDenied');
    const elsewhere = { 'aws:PrincipalTag/palisade:registry/prod/credit-scoring': 'approve' };
    expect(await ask('', UPDATE, { ...APPROVED, ...elsewhere })).toBe('ExplicitlyDenied');
  });
});

describe("the role's own policy alone, where the group has none", () => {
  const ask = (role: string, action: string, context: Context) =>
    policies.ask({
      principal: policies.arn('AWS::IAM::Role', role),
      action,
      resource: PACKAGE,
      context,
      policyOf: OTHER_POLICY,
    });

  test('a registrar creates pending packages and no other, and changes none', async () => {
    expect(await ask('Registrar', CREATE, PENDING)).toBe('Allowed');
    expect(await ask('Registrar', CREATE, APPROVED)).toBe('ExplicitlyDenied');
    expect(await ask('Registrar', UPDATE, APPROVED)).toBe('ExplicitlyDenied');
  });

  test('an approver changes the status and creates nothing', async () => {
    expect(await ask('Approver', UPDATE, APPROVED)).toBe('Allowed');
    expect(await ask('Approver', CREATE, PENDING)).toBe('ExplicitlyDenied');
  });

  test.each([...PROVENANCE.map(rewriting), REMOVING])('an approver leaves provenance as it is: %p', async (context) => {
    expect(await ask('Approver', UPDATE, { ...APPROVED, ...context })).toBe('ExplicitlyDenied');
  });
});
