import type { Rule } from '../../../../lib/compliance';
import { KEYS_RULES } from '../../../../lib/compliance/rules/keys';
import { changed, describeRules, judge, verdict } from '../../../support/rules';

describeRules(KEYS_RULES);

const ruleOf = (id: string) => KEYS_RULES.find((rule) => rule.id === id) as Rule;
const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
const ACCOUNT = { AWS: 'arn:aws:iam::111122223333:root' };
const ROLE = { AWS: 'arn:aws:iam::111122223333:role/data' };

const key = (...statements: object[]) => {
  const Statement = statements.map((statement) => ({ Effect: 'Allow', Resource: '*', ...statement }));
  return { Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Statement }, Tags } } };
};
const first = ['KeyPolicy.Statement.0'];

describe('KmsRotation', () => {
  const rule = ruleOf('KmsRotation');

  test.each([
    [{ KeySpec: 'ECC_NIST_P384' }, 'not applicable'],
    [{ Origin: 'EXTERNAL' }, 'not applicable'],
    [{ EnableKeyRotation: 'true' }, 'compliant'],
    [{ EnableKeyRotation: true, RotationPeriodInDays: 2560 }, ['RotationPeriodInDays']],
  ])('a key with %j gives %j', (Properties, expected) => {
    expect(verdict(rule, { Key: { Type: 'AWS::KMS::Key', Properties } })).toEqual(expected);
  });
});

describe('KmsKeyUseNotDelegated', () => {
  const rule = ruleOf('KmsKeyUseNotDelegated');
  const decrypt = (Condition: object) => key({ Principal: ACCOUNT, Action: 'kms:Decrypt', Condition });

  test('a condition that every principal of the account meets holds nobody back; a tag does', () => {
    expect(verdict(rule, decrypt({ StringEquals: { 'kms:CallerAccount': '111122223333' } }))).toEqual(['KeyPolicy']);
    expect(verdict(rule, decrypt({ StringEquals: { 'aws:PrincipalTag/use': 'data' } }))).toBe('compliant');
  });

  test('is silent on the policy that everybody has, where there is no AI', () => {
    const { Type, Properties } = key({ Principal: ACCOUNT, Action: 'kms:*' }).Key;
    const plain = { Key: { Type, Properties: { KeyPolicy: Properties.KeyPolicy } } };
    expect(verdict(rule, plain)).toBe('not applicable');
  });
});

describe('KmsNoWildcardPrincipal', () => {
  const rule = ruleOf('KmsNoWildcardPrincipal');
  const anyone = (StringEquals: object) => key({ Principal: '*', Action: 'kms:Decrypt', Condition: { StringEquals } });

  test.each([
    [{}, first],
    [{ 'kms:ViaService': 's3.eu-west-1.amazonaws.com' }, first],
    [{ 'kms:EncryptionContext:use': 'data' }, first],
    [{ 'kms:CallerAccount': '111122223333' }, first],
    [{ 'kms:CallerAccount': '111122223333', 'kms:ViaService': 's3.eu-west-1.amazonaws.com' }, 'compliant'],
    [{ 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/data' }, 'compliant'],
  ])('anyone with %j gives %j', (conditions, expected) => {
    expect(verdict(rule, anyone(conditions))).toEqual(expected);
  });

  test('a Deny for everyone is protection', () => {
    expect(verdict(rule, key({ Effect: 'Deny', Principal: '*', Action: 'kms:*' }))).toBe('compliant');
  });
});

describe('KmsAdminUserSeparation', () => {
  const rule = ruleOf('KmsAdminUserSeparation');

  test('the rights of a role add up over statements', () => {
    const admin = { Principal: ROLE, Action: 'kms:Put*' };
    const use = { Principal: ROLE, Action: ['kms:GenerateDataKey*'] };
    expect(verdict(rule, key(admin, use))).toEqual(['KeyPolicy']);
    expect(verdict(rule, key(admin, { ...use, Principal: { AWS: 'arn:aws:iam::111122223333:role/other' } }))).toBe(
      'compliant',
    );
  });

  test('the account with a condition, and a service, are holders; the account as a whole is not', () => {
    const Condition = { StringEquals: { 'aws:PrincipalTag/use': 'data' } };
    expect(verdict(rule, key({ Principal: ACCOUNT, Action: 'kms:*', Condition }))).toEqual(['KeyPolicy']);
    expect(verdict(rule, key({ Principal: ACCOUNT, Action: '*', Condition }))).toEqual(['KeyPolicy']);
    expect(verdict(rule, key({ Principal: { Service: 'logs.amazonaws.com' }, Action: 'kms:*' }))).toEqual([
      'KeyPolicy',
    ]);
    expect(verdict(rule, key({ Principal: ACCOUNT, Action: 'kms:*' }))).toBe('not applicable');
  });
});

describe('KmsGrantConstrained', () => {
  const rule = ruleOf('KmsGrantConstrained');
  const grant = (more: object) => key({ Principal: ROLE, Action: 'kms:CreateGrant', ...more });

  test.each([
    [{ Condition: { StringEquals: { 'kms:ViaService': 'ec2.eu-west-1.amazonaws.com' } } }, first],
    [{ Condition: { Bool: { 'kms:GrantIsForAWSResource': 'false' } } }, first],
    [{ Condition: { Bool: { 'kms:GrantIsForAWSResource': true } } }, 'compliant'],
    [{ Condition: { StringEquals: { 'kms:GranteePrincipal': ROLE.AWS } } }, 'compliant'],
    [{ Principal: { Service: 'dynamodb.amazonaws.com' } }, 'compliant'],
    [{ Principal: ACCOUNT, Action: 'kms:*' }, 'compliant'],
    [{ Action: 'kms:*' }, first],
  ])('a statement with %j gives %j', (statement, expected) => {
    expect(verdict(rule, grant(statement))).toEqual(expected);
  });

  test('a role that may grant is judged by its own policy too', () => {
    const role = (Condition?: object) => {
      const Statement = [
        { Effect: 'Allow', Action: 'kms:CreateGrant', Resource: 'arn:aws:kms:eu-west-1:1:key/1', Condition },
      ];
      const Policies = [{ PolicyName: 'own', PolicyDocument: { Statement } }];
      return { Role: { Type: 'AWS::IAM::Role', Properties: { Policies, Tags } } };
    };
    expect(verdict(rule, role())).toEqual(['Policies.0.PolicyDocument.Statement.0']);
    expect(verdict(rule, role({ Bool: { 'kms:GrantIsForAWSResource': 'true' } }))).toBe('compliant');
  });
});

describe('KmsServiceBound', () => {
  const rule = ruleOf('KmsServiceBound');
  const logs = { Principal: { Service: 'logs.eu-west-1.amazonaws.com' }, Action: 'kms:Decrypt*' };

  test.each([
    [logs, first],
    [{ ...logs, Action: 'kms:DescribeKey' }, 'compliant'],
    [{ ...logs, Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': 'arn:aws:logs:*' } } }, 'compliant'],
    [{ ...logs, Condition: { StringLikeIfExists: { 'aws:SourceArn': 'arn:aws:logs:*' } } }, first],
  ])('%j gives %j', (statement, expected) => {
    expect(verdict(rule, key(statement))).toEqual(expected);
  });
});

describe('KmsDeletionProtected', () => {
  const rule = ruleOf('KmsDeletionProtected');

  test('asks for 30 days in production only', () => {
    const at = (Value: string) => changed(rule.nonCompliant, 'Key', { Tags: [...Tags, { Key: 'ai:stage', Value }] });
    expect(verdict(rule, at('prod'))).toEqual(['PendingWindowInDays']);
    expect(verdict(rule, at('dev'))).toBe('not applicable');
  });
});

describe('KmsKeyRetained', () => {
  const rule = ruleOf('KmsKeyRetained');

  test('follows a store that is kept, by the alias of the key too', () => {
    const alias = { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/data', TargetKeyId: { Ref: 'Key' } } };
    const group = {
      Type: 'AWS::DynamoDB::Table',
      DeletionPolicy: 'Retain',
      Properties: { SSESpecification: { KMSMasterKeyId: 'alias/data' } },
    };
    const template = { Key: { Type: 'AWS::KMS::Key' }, Alias: alias, Table: group };
    expect(verdict(rule, template)).toEqual(['DeletionPolicy']);
    expect(verdict(rule, { ...template, Table: { ...group, DeletionPolicy: 'Delete' } })).toBe('not applicable');
  });
});

describe('KmsPurposeSeparation', () => {
  const rule = ruleOf('KmsPurposeSeparation');
  const keyArn = { 'Fn::GetAtt': ['Key', 'Arn'] };
  const config = (stage?: string) => ({
    Type: 'AWS::SageMaker::EndpointConfig',
    Properties: { KmsKeyId: { Ref: 'Key' }, ...(stage && { Tags: [{ Key: 'ai:stage', Value: stage }] }) },
  });
  const Key = { Type: 'AWS::KMS::Key', Properties: {} };

  test('a job that a state machine starts trains with the key that an endpoint has', () => {
    const Task = {
      Type: 'Task',
      Resource: 'arn:aws:states:::sagemaker:createTrainingJob.sync',
      Parameters: { ResourceConfig: { VolumeKmsKeyId: '@' } },
    };
    const [before, after] = JSON.stringify({ States: { Task } }).split('@');
    const DefinitionString = { 'Fn::Join': ['', [before, { Ref: 'Key' }, after]] };
    const machine = { Type: 'AWS::StepFunctions::StateMachine', Properties: { DefinitionString } };
    expect(judge(rule, { Key, Config: config(), Machine: machine }).violations).toMatchObject([
      { message: 'one key protects inference (Stack/Config) and training (Stack/Machine)' },
    ]);
  });

  test('the bucket of a trail is an audit store; other buckets may hold anything', () => {
    const ServerSideEncryptionByDefault = { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn };
    const BucketEncryption = { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault }] };
    const Bucket = { Type: 'AWS::S3::Bucket', Properties: { BucketEncryption } };
    const Trail = { Type: 'AWS::CloudTrail::Trail', Properties: { S3BucketName: { Ref: 'Bucket' } } };
    expect(verdict(rule, { Key, Bucket, Config: config() })).toBe('compliant');
    expect(verdict(rule, { Key, Bucket, Config: config(), Trail })).toEqual(['KeyPolicy']);
    expect(verdict(rule, { Key, Bucket })).toBe('not applicable');
  });

  test('stages do not share a key', () => {
    expect(verdict(rule, { Key, A: config('dev'), B: config('prod') })).toEqual(['KeyPolicy']);
    expect(verdict(rule, { Key, A: config('prod'), B: config('prod') })).toBe('compliant');
  });

  test('the role of a model may write with the audit key, and not read', () => {
    const audit = (Action: string) => {
      const Statement = [{ Effect: 'Allow', Action, Resource: keyArn }];
      return {
        Key,
        Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { KMSKeyId: keyArn } },
        Role: {
          Type: 'AWS::IAM::Role',
          Properties: { Policies: [{ PolicyName: 'own', PolicyDocument: { Statement } }] },
        },
        Model: { Type: 'AWS::SageMaker::Model', Properties: { ExecutionRoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
      };
    };
    expect(verdict(rule, audit('kms:Decrypt'))).toEqual(['KeyPolicy']);
    expect(verdict(rule, audit('kms:GenerateDataKey'))).toBe('compliant');
  });
});
