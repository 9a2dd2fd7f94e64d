import { evaluateRules } from '../../../../lib/compliance/engine';
import type { Rule } from '../../../../lib/compliance/rule';
import { IDENTITY_RULES } from '../../../../lib/compliance/rules/identity';
import { graphFrom } from '../../../support/graph';
import { describeRules, judge, verdict } from '../../../support/rules';

describeRules(IDENTITY_RULES);

const ruleOf = (id: string) => IDENTITY_RULES.find((rule) => rule.id === id) as Rule;
const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
const document = (statement: object) => ({ Statement: [{ Effect: 'Allow', Resource: '*', ...statement }] });
const role = (statement: object, properties: object = { Tags }) => ({
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: { Policies: [{ PolicyName: 'own', PolicyDocument: document(statement) }], ...properties },
  },
});
const trusting = (statement: object) => ({
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: { AssumeRolePolicyDocument: document({ Action: 'sts:AssumeRole', ...statement }), Tags },
  },
});
const inPolicy = ['Policies.0.PolicyDocument.Statement.0'];
const inTrust = ['AssumeRolePolicyDocument.Statement.0'];

describe('IamNoAdminWildcards', () => {
  const rule = ruleOf('IamNoAdminWildcards');

  test.each([
    [{ Action: '*' }, inPolicy],
    [{ Action: '*', Resource: 'arn:aws:s3:::data' }, inPolicy],
    [{ Action: '*', Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }, inPolicy],
    [{ Action: undefined, NotAction: 'iam:*' }, inPolicy],
    [{ Action: 'S3:*' }, inPolicy],
    [{ Action: 's3:*', Resource: 'arn:aws:s3:::*' }, inPolicy],
    [{ Action: 's3:*', Resource: 'arn:aws:s3:::data/*' }, 'compliant'],
    [{ Action: 'kms:*', Condition: { StringEquals: { 'aws:ResourceTag/team': 'x' } } }, 'compliant'],
    [{ Action: 'kms:*', Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } }, inPolicy],
    [{ Action: 'ec2:*' }, 'compliant'],
    [{ Effect: 'Deny', Action: '*' }, 'compliant'],
  ])('a statement with %j gives %j', (statement, expected) => {
    expect(verdict(rule, role(statement))).toEqual(expected);
  });

  test('services may be open where there is no AI; everything may not', () => {
    expect(verdict(rule, role({ Action: 's3:*' }, {}))).toBe('compliant');
    expect(verdict(rule, role({ Action: '*' }, {}))).toEqual(inPolicy);
  });

  test.each([
    ['AdministratorAccess', ['ManagedPolicyArns.0']],
    ['AmazonSageMakerFullAccess', ['ManagedPolicyArns.0']],
    ['service-role/AWSLambdaBasicExecutionRole', 'compliant'],
  ])('the managed policy %s gives %j', (name, expected) => {
    const ManagedPolicyArns = [`arn:aws:iam::aws:policy/${name}`];
    expect(verdict(rule, { Role: { Type: 'AWS::IAM::Role', Properties: { ManagedPolicyArns, Tags } } })).toEqual(
      expected,
    );
  });

  test('a boundary grants nothing, until somebody attaches it', () => {
    const boundary = { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document({ Action: '*' }) } };
    const bounded = (properties: object) => ({
      Boundary: boundary,
      Role: { Type: 'AWS::IAM::Role', Properties: { PermissionsBoundary: { Ref: 'Boundary' }, ...properties } },
    });
    expect(verdict(rule, bounded({}))).toBe('not applicable');
    expect(judge(rule, bounded({ ManagedPolicyArns: [{ Ref: 'Boundary' }] })).violations).toMatchObject([
      { resource: { logicalId: 'Boundary' } },
    ]);
    expect(verdict(ruleOf('IamBoundaryLimits'), bounded({}))).toEqual(['PolicyDocument.Statement.0']);
  });
});

describe('IamDataAccessBounded', () => {
  const rule = ruleOf('IamDataAccessBounded');

  test.each([
    [{ Action: 's3:GetObject*' }, inPolicy],
    [{ Action: ['s3:ListBucket'], Condition: { StringLike: { 's3:prefix': 'a/*' } } }, inPolicy],
    [
      { Action: 'iam:PassRole', Condition: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } } },
      inPolicy,
    ],
    [{ Action: 's3:GetObject', Condition: { StringEquals: { 's3:ExistingObjectTag/a': 'b' } } }, 'compliant'],
    [{ Action: ['logs:PutLogEvents', 'xray:PutTraceSegments', 'ec2:DescribeSubnets'] }, 'compliant'],
    [{ Action: 's3:*' }, 'compliant'],
  ])('a statement with %j gives %j', (statement, expected) => {
    expect(verdict(rule, role(statement))).toEqual(expected);
  });

  test.each([
    ['cognito-idp.amazonaws.com', 'compliant'],
    ['lambda.amazonaws.com', inPolicy],
  ])('text messages have no ARN, and %s sends them: %j', (Service, expected) => {
    const AssumeRolePolicyDocument = document({ Principal: { Service }, Action: 'sts:AssumeRole' });
    expect(verdict(rule, role({ Action: 'sns:Publish' }, { Tags, AssumeRolePolicyDocument }))).toEqual(expected);
  });
});

describe('IamConfusedDeputy', () => {
  const rule = ruleOf('IamConfusedDeputy');
  const sageMaker = { Principal: { Service: ['sagemaker.amazonaws.com', 'lambda.amazonaws.com'] } };

  test.each([
    [sageMaker, inTrust],
    [
      { ...sageMaker, Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:sagemaker:eu-west-1:111122223333:*' } } },
      'compliant',
    ],
    [{ ...sageMaker, Condition: { StringEqualsIfExists: { 'aws:SourceAccount': '111122223333' } } }, inTrust],
    [{ ...sageMaker, Condition: { StringLike: { 'aws:SourceAccount': '*' } } }, inTrust],
    [{ Principal: { Service: 'lambda.amazonaws.com' } }, 'not applicable'],
  ])('a trust policy with %j gives %j', (statement, expected) => {
    expect(verdict(rule, trusting(statement))).toEqual(expected);
  });
});

describe('IamTrustNotPublic', () => {
  const rule = ruleOf('IamTrustNotPublic');
  const github = { Federated: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com' };
  const sub = (value: string) => ({
    Principal: github,
    Condition: { StringLike: { 'token.actions.githubusercontent.com:sub': value } },
  });

  test.each([
    [{ Principal: '*', Condition: { StringEquals: { 'sts:ExternalId': 'x' } } }, inTrust],
    [{ Principal: '*', Condition: { StringEquals: { 'aws:SourceAccount': '1' } } }, inTrust],
    [{ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }, 'compliant'],
    [{ Principal: github }, inTrust],
    [sub('*'), inTrust],
    [sub('repo:me/mine:*'), 'compliant'],
  ])('a trust policy with %j gives %j', (statement, expected) => {
    expect(verdict(rule, trusting(statement))).toEqual(expected);
  });
});

describe('IamRoleSeparation', () => {
  const rule = ruleOf('IamRoleSeparation');
  const model = (ExecutionRoleArn: unknown) => ({ Type: 'AWS::SageMaker::Model', Properties: { ExecutionRoleArn } });
  const arn = 'arn:aws:iam::111122223333:role/all';

  test('a job of a state machine trains under the role that a model has', () => {
    const Task = {
      Type: 'Task',
      Resource: 'arn:aws:states:::sagemaker:createTrainingJob.sync',
      Parameters: { RoleArn: arn },
    };
    const DefinitionString = JSON.stringify({ States: { Task } });
    const machine = { Type: 'AWS::StepFunctions::StateMachine', Properties: { DefinitionString } };
    expect(verdict(rule, { Model: model(arn), Machine: machine })).toEqual(['ExecutionRoleArn', 'DefinitionString']);
  });

  test('several models may share a role', () => {
    expect(verdict(rule, { A: model(arn), B: model(arn) })).toBe('compliant');
  });

  test('a role that only a deployment knows is shared all the same, where two name the same', () => {
    const opaque = { 'Fn::Unheard': 1 };
    const notebook = { Type: 'AWS::SageMaker::NotebookInstance', Properties: { RoleArn: opaque } };
    expect(verdict(rule, { Model: model(opaque) })).toEqual(['unresolved ExecutionRoleArn']);
    expect(verdict(rule, { Model: model(opaque), Notebook: notebook })).toHaveLength(2);
  });
});

describe('IamApproverNotDeployer', () => {
  const rule = ruleOf('IamApproverNotDeployer');

  test('rights add up over policies of their own', () => {
    const template = {
      ...role({ Action: 'sagemaker:CreateEndpoint*' }),
      Policy: {
        Type: 'AWS::IAM::Policy',
        Properties: { Roles: [{ Ref: 'Role' }], PolicyDocument: document({ Action: 'sagemaker:Update*Package' }) },
      },
    };
    expect(verdict(rule, template)).toEqual(['Policies']);
    expect(verdict(rule, role({ Action: 'sagemaker:*' }))).toBe('not applicable');
  });
});

describe('IamSessionBound', () => {
  const rule = ruleOf('IamSessionBound');
  const long = (Principal: object) => {
    const { Role } = trusting({ Principal });
    return { Role: { ...Role, Properties: { ...Role.Properties, MaxSessionDuration: 43_200 } } };
  };

  test('asks people only', () => {
    expect(verdict(rule, long({ AWS: '111122223333' }))).toEqual(['MaxSessionDuration']);
    expect(verdict(rule, long({ Federated: 'arn:aws:iam::111122223333:saml-provider/x' }))).toEqual([
      'MaxSessionDuration',
    ]);
    expect(verdict(rule, long({ Service: 'lambda.amazonaws.com' }))).toBe('not applicable');
  });
});

test('AccessAnalyzerPresent finds rules that archive what is public, and not those on known principals', () => {
  const analyzer = (...properties: string[]) => ({
    Analyzer: {
      Type: 'AWS::AccessAnalyzer::Analyzer',
      Properties: {
        Type: 'ACCOUNT',
        ArchiveRules: [{ RuleName: 'x', Filter: properties.map((Property) => ({ Property, Eq: ['true'] })) }],
      },
    },
  });
  const rule = ruleOf('AccessAnalyzerPresent');
  expect(verdict(rule, analyzer('isPublic'))).toEqual(['ArchiveRules.0']);
  expect(verdict(rule, analyzer('isPublic', 'resource'))).toBe('compliant');
  expect(verdict(rule, analyzer('principal.AWS'))).toBe('compliant');
});

describe('SecretsCmkRotation', () => {
  test('a secret that a parameter brings is not in the template', () => {
    const written = (SecretString: unknown, Parameters: object = {}) =>
      evaluateRules(
        graphFrom({
          Parameters,
          Resources: {
            Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { KmsKeyId: 'key', SecretString, Tags } },
          },
        }),
        [ruleOf('SecretsCmkRotation')],
      )[0].violations.map(({ property }) => property);
    const text = { 'Fn::Join': ['', ['token=', { Ref: 'Token' }]] };
    expect(written(text, { Token: { Type: 'String', NoEcho: true } })).toEqual([]);
    expect(written(text, { Token: { Type: 'String', Default: 'hunter2' } })).toEqual(['SecretString']);
  });

  const rule = ruleOf('SecretsCmkRotation');
  const secret = (properties: object) => ({
    Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { KmsKeyId: 'alias/own', Tags, ...properties } },
  });

  test.each([
    [{ KmsKeyId: 'alias/aws/secretsmanager' }, ['KmsKeyId']],
    [{ SecretString: 'hunter2' }, ['SecretString']],
    [{ SecretString: '{{resolve:ssm-secure:/key}}' }, ['unresolved SecretString']],
    [{ GenerateSecretString: {} }, 'compliant'],
  ])('a secret with %j gives %j', (properties, expected) => {
    expect(verdict(rule, secret(properties))).toEqual(expected);
  });

  test('a schedule longer than 90 days is found', () => {
    const schedule = (AutomaticallyAfterDays: number) => ({
      ...secret({}),
      Schedule: {
        Type: 'AWS::SecretsManager::RotationSchedule',
        Properties: { RotationRules: { AutomaticallyAfterDays } },
      },
    });
    expect(verdict(rule, schedule(365))).toEqual(['RotationRules.AutomaticallyAfterDays']);
    expect(verdict(rule, schedule(30))).toBe('compliant');
  });
});

describe('IamActionsNamed', () => {
  const rule = ruleOf('IamActionsNamed');
  const allowing = (Action: string, Resource = 'arn:aws:s3:::own/*') => ({
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: { Policies: [{ PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource }] } }], Tags },
    },
  });
  const AT = 'Policies.0.PolicyDocument.Statement.0';

  test.each([
    ['s3:*', undefined, [AT]],
    ['logs:*', '*', [AT]],
    ['s3:Get*', undefined, 'compliant'],
    ['ssmmessages:*', '*', 'compliant'],
    ['s3:*', '*', 'compliant'],
    ['*', '*', 'compliant'],
  ])('%s on %j gives %j: everything on everything is for IamNoAdminWildcards', (action, resource, expected) => {
    expect(verdict(rule, allowing(action, resource))).toEqual(expected);
  });
});

describe('a condition on the request', () => {
  const starting = (Condition: object) => {
    const Statement = [{ Effect: 'Allow', Action: 'sagemaker:CreateTrainingJob', Resource: '*', Condition }];
    return { Role: { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyDocument: { Statement } }], Tags } } };
  };

  test('chooses no resource, unlike one on the tags of the resource', () => {
    const rule = ruleOf('IamDataAccessBounded');
    expect(verdict(rule, starting({ Bool: { 'sagemaker:NetworkIsolation': 'true' } }))).toHaveLength(1);
    expect(verdict(rule, starting({ StringEquals: { 'sagemaker:ResourceTag/team': 'own' } }))).toBe('compliant');
  });
});
