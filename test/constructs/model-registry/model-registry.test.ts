import { App, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ModelRegistry } from '../../../constructs';
import { nagErrors } from '../../support/nag';
import { appWith } from '../audit-trail/app';
import { ENV } from '../dataset-vault/simulate';
import { keysIn, registryIn, roleIn } from './registry';

/** What cdk-nag finds of any registry; each is in the exception register. */
const ACCEPTED = [
  'AwsSolutions-IAM5[Resource::*] Data/WorkloadBoundary/Resource',
  // Objects and package versions get their names later.
  ...[
    '<RegistryModels63FD1888.Arn>/*/model.tar.gz',
    '<RegistryModels63FD1888.Arn>/approvals/*',
    'arn:aws:sagemaker:eu-west-1:111122223333:model-package/dev-credit-scoring/*',
  ].map((resource) => `AwsSolutions-IAM5[Resource::${resource}] Data/Registry/ApprovalRole/Permissions/Resource`),
  'NIST.800.53.R5-S3BucketReplicationEnabled Data/AccessLogs/Resource',
  'NIST.800.53.R5-S3BucketReplicationEnabled Data/Registry/Models/Resource',
  'NIST.800.53.R5-S3DefaultEncryptionKMS Data/AccessLogs/Resource',
];
const OUTSIDE_VPC = 'NIST.800.53.R5-LambdaInsideVPC Data/Registry/Approval/Resource';

describe('default form', () => {
  const { app, stack } = registryIn();
  const template = Template.fromStack(stack);

  test('a group named after stage and system, kept when the stack goes, but not when its creation fails', () => {
    template.hasResource('AWS::SageMaker::ModelPackageGroup', {
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: { ModelPackageGroupName: 'dev-credit-scoring' },
    });
  });

  test('artifacts lie under the model key, retained', () => {
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            {
              BucketKeyEnabled: true,
              ServerSideEncryptionByDefault: {
                KMSMasterKeyID: { 'Fn::GetAtt': [Match.stringLikeRegexp('^KeysModel'), 'Arn'] },
              },
            },
          ],
        },
        VersioningConfiguration: { Status: 'Enabled' },
      },
    });
  });

  test('what another version replaced is kept for ten years, and current versions without end', () => {
    const [{ Properties }] = Object.values(template.findResources('AWS::S3::Bucket')).filter(
      (bucket) => bucket.Properties.LifecycleConfiguration.Rules.length === 2 && !bucket.Properties.AccessControl,
    );
    expect(Properties.LifecycleConfiguration.Rules).toEqual([
      { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 }, Status: 'Enabled' },
      { NoncurrentVersionExpiration: { NoncurrentDays: 3650 }, Status: 'Enabled' },
    ]);
  });

  test('no model is approved yet', () => {
    template.hasResourceProperties('AWS::SSM::Parameter', {
      Name: '/palisade/dev/credit-scoring/approved-model-package',
      Type: 'String',
      Value: 'none',
    });
  });

  test('every change of status in this group reaches the decider, or the dead-letter queue', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.sagemaker'],
        'detail-type': ['SageMaker Model Package State Change'],
        detail: { ModelPackageGroupName: ['dev-credit-scoring'] },
      },
      Targets: [
        Match.objectLike({
          Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^RegistryApproval'), 'Arn'] },
          DeadLetterConfig: Match.anyValue(),
          RetryPolicy: { MaximumEventAgeInSeconds: 7200, MaximumRetryAttempts: 5 },
        }),
      ],
    });
  });

  test('one decision at a time', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Description: Match.stringLikeRegexp('approvals'),
      ReservedConcurrentExecutions: 1,
      Environment: { Variables: Match.not(Match.objectLike({ APPROVERS: Match.anyValue() })) },
    });
  });

  test('only the decider signs', () => {
    const signers = Object.values(template.findResources('AWS::IAM::ManagedPolicy')).filter(
      (policy) =>
        JSON.stringify(policy.Properties.Roles ?? []).includes('Role') &&
        JSON.stringify(policy.Properties.PolicyDocument).includes('kms:Sign'),
    );
    expect(signers.map(({ Properties }) => Properties.Roles)).toEqual([
      [{ Ref: expect.stringMatching(/^RegistryApprovalRole/) }],
    ]);
  });

  test('cdk-nag finds names that come later, and the missing network', () => {
    expect(nagErrors(app)).toEqual([...ACCEPTED, OUTSIDE_VPC].sort());
  });
});

describe('customised form', () => {
  test('runs in the network, with named approvers', () => {
    const app = appWith();
    const network = new Stack(app, 'Network', { env: ENV });
    const vpc = new ec2.Vpc(network, 'Vpc', {
      natGateways: 0,
      subnetConfiguration: [{ name: 'a', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
    });
    const securityGroup = new ec2.SecurityGroup(network, 'Group', { vpc, allowAllOutbound: false });
    const { stack } = registryIn({ network: { vpc, securityGroup }, approvers: ['jane@example.com'] }, app);
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
      VpcConfig: { SecurityGroupIds: [Match.anyValue()] },
      Environment: { Variables: Match.objectLike({ APPROVERS: '["jane@example.com"]' }) },
    });
    const findings = nagErrors(app).filter((finding) => finding.includes(' Data/'));
    // Two of the actions on network interfaces have no resource (HandlerFunction).
    expect(findings).toEqual(['AwsSolutions-IAM5[Resource::*] Data/NetworkInterfaces/Resource', ...ACCEPTED]);
  });

  test('is destroyed only when both switches are on', () => {
    const policyOf = (context: Record<string, unknown>, removalPolicy?: RemovalPolicy) => {
      const { stack } = registryIn({ removalPolicy }, appWith(context));
      const [group] = Object.values(Template.fromStack(stack).findResources('AWS::SageMaker::ModelPackageGroup'));
      return group.DeletionPolicy;
    };
    const allow = { 'palisade:allowDataRemoval': true };
    expect(policyOf({}, RemovalPolicy.DESTROY)).toBe('RetainExceptOnCreate');
    expect(policyOf(allow)).toBe('RetainExceptOnCreate');
    expect(policyOf(allow, RemovalPolicy.DESTROY)).toBe('Delete');
  });

  test('tags of the app leave the parameter as it is, so that its value stays', () => {
    const parameterOf = (owner: string) => {
      const app = appWith();
      Tags.of(app).add('owner', owner);
      return Template.fromStack(registryIn({}, app).stack).findResources('AWS::SSM::Parameter');
    };
    expect(parameterOf('jane')).toEqual(parameterOf('mary'));
  });
});

describe('duties', () => {
  test.each([
    ['register', (registry: ModelRegistry, role: iam.Role) => registry.grantRegister(role)],
    ['approve', (registry: ModelRegistry, role: iam.Role) => registry.grantApprove(role)],
  ] as const)('a role of a later stack gets the duty %s by tag, and the registry does not change', (duty, grant) => {
    const before = Template.fromStack(registryIn().stack).toJSON();
    const { app, stack, registry } = registryIn();
    const later = new Stack(app, 'Later', { env: ENV });
    grant(registry, roleIn(later, 'Role'));
    Template.fromStack(later).hasResourceProperties('AWS::IAM::Role', {
      Tags: Match.arrayWith([{ Key: 'palisade:registry/dev/credit-scoring', Value: duty }]),
    });
    const after = Template.fromStack(stack).toJSON();
    expect({ ...after, Outputs: undefined }).toEqual({ ...before, Outputs: undefined });
  });

  test('no role registers and approves', () => {
    const { stack, registry } = registryIn();
    const role = roleIn(stack, 'Role');
    registry.grantRegister(role);
    registry.grantRegister(role);
    expect(() => registry.grantApprove(role)).toThrow(expect.objectContaining({ code: 'PALISADE-R001' }));
    expect(() => registry.grantRegister(registry.approvalFunction)).toThrow(
      expect.objectContaining({ code: 'PALISADE-R001' }),
    );
  });

  test('a role of another app cannot be told apart, so it gets no duty', () => {
    const { stack, registry } = registryIn();
    const role = iam.Role.fromRoleArn(stack, 'Imported', 'arn:aws:iam::111122223333:role/Analyst');
    expect(() => registry.grantApprove(role)).toThrow(expect.objectContaining({ code: 'PALISADE-R002' }));
    const user = new iam.AccountRootPrincipal();
    expect(() => registry.grantRegister(user)).toThrow(expect.objectContaining({ code: 'PALISADE-R002' }));
  });
});

describe('bad input', () => {
  test.each([
    ['a'.repeat(40), 'b'.repeat(23)],
    ['credit-', 'dev'],
  ])('%s in %s names no group', (system, stage) => {
    const stack = new Stack(new App(), 'Stack');
    const keys = keysIn(stack, system, stage);
    expect(() => new ModelRegistry(stack, 'Registry', { keys })).toThrow(
      expect.objectContaining({ code: 'PALISADE-R004' }),
    );
  });

  test('63 characters are a name', () => {
    const stack = new Stack(new App(), 'Stack');
    const keys = keysIn(stack, 'a'.repeat(40), 'b'.repeat(22));
    const { group } = new ModelRegistry(stack, 'Registry', { keys });
    expect(group.modelPackageGroupName).toHaveLength(63);
  });

  test.each([[[]], [['']], [['jane@example.com', 'Jane@example.com']]])('%p are no approvers', (approvers) => {
    expect(() => registryIn({ approvers })).toThrow(expect.objectContaining({ code: 'PALISADE-R005' }));
  });
});
