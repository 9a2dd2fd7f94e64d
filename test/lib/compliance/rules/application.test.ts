import type { MinimalTemplate, Rule } from '../../../../lib/compliance';
import { APPLICATION_RULES } from '../../../../lib/compliance/rules/application';
import { changed, describeRules, judge, verdict } from '../../../support/rules';

describeRules(APPLICATION_RULES);

const ruleOf = (id: string) => APPLICATION_RULES.find((rule) => rule.id === id) as Rule;

/** The verdict on a rule's compliant template with properties of one resource replaced. */
const changedVerdict = (id: string, resource: string, properties: object) =>
  verdict(ruleOf(id), changed(ruleOf(id).compliant, resource, properties));

const TAGS = [{ Key: 'ai:system-id', Value: 'x' }];
const tagged = (stage: string, impact = 'high') => [
  ...TAGS,
  { Key: 'ai:stage', Value: stage },
  { Key: 'ai:impact', Value: impact },
];

function roleFor(Action: string, Resource: unknown = '*', trust?: object): MinimalTemplate {
  const Statement = [{ Effect: 'Allow', Action, Resource }];
  return {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: { ...trust, Policies: [{ PolicyName: 'P', PolicyDocument: { Statement } }] },
    },
  };
}

function functionWith(properties: object): MinimalTemplate {
  return {
    Function: { Type: 'AWS::Lambda::Function', Properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] }, ...properties } },
  };
}

describe('LambdaHardened', () => {
  const rule = ruleOf('LambdaHardened');
  const endpoint = { Endpoint: { Type: 'AWS::SageMaker::Endpoint', Properties: {} } };

  test('asks for a key only where there are environment variables', () => {
    const Environment = { Variables: { ENDPOINT: 'credit' } };
    expect(changedVerdict('LambdaHardened', 'Function', { Environment })).toEqual(['KmsKeyArn']);
    expect(changedVerdict('LambdaHardened', 'Function', { Environment, KmsKeyArn: 'key' })).toBe('compliant');
    expect(changedVerdict('LambdaHardened', 'Function', { Environment, KmsKeyArn: 'alias/aws/lambda' })).toEqual([
      'KmsKeyArn',
    ]);
  });

  test('refuses a deprecated runtime, and accepts one that AWS still patches', () => {
    expect(changedVerdict('LambdaHardened', 'Function', { Runtime: 'nodejs18.x' })).toEqual(['Runtime']);
    expect(changedVerdict('LambdaHardened', 'Function', { Runtime: 'python3.13' })).toBe('compliant');
  });

  test('concerns a function whose role may call models, not its neighbour that may not', () => {
    expect(verdict(rule, { ...roleFor('bedrock:Invoke*'), ...functionWith({}) })).toEqual(['VpcConfig.SubnetIds']);
    expect(verdict(rule, { ...endpoint, ...roleFor('dynamodb:GetItem'), ...functionWith({}) })).toBe('not applicable');
    expect(verdict(rule, { ...endpoint, ...functionWith({ Role: 'arn:aws:iam::999999999999:role/x' }) })).toEqual([
      'VpcConfig.SubnetIds',
    ]);
  });

  test('leaves alone what only CloudFormation calls, directly or through the provider framework', () => {
    const handler = { ...roleFor('bedrock:*'), ...functionWith({}) };
    const custom = (id: string) => ({
      Custom: { Type: 'Custom::Thing', Properties: { ServiceToken: { 'Fn::GetAtt': [id, 'Arn'] } } },
    });
    const framework = {
      Framework: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Environment: { Variables: { USER_ON_EVENT_FUNCTION_ARN: { 'Fn::GetAtt': ['Function', 'Arn'] } } },
        },
      },
    };
    expect(verdict(rule, { ...handler, ...custom('Function') })).toBe('not applicable');
    expect(verdict(rule, { ...handler, ...framework, ...custom('Framework') })).toBe('not applicable');
  });
});

describe('LambdaNotPublic', () => {
  test('a public URL needs two permissions: the one that opens it is at fault', () => {
    const Permission = (properties: object) => ({
      Permission: { Type: 'AWS::Lambda::Permission', Properties: { Principal: '*', ...properties } },
    });
    expect(verdict(ruleOf('LambdaNotPublic'), Permission({ FunctionUrlAuthType: 'NONE' }))).toEqual(['Principal']);
    expect(verdict(ruleOf('LambdaNotPublic'), Permission({ InvokedViaFunctionUrl: true }))).toBe('compliant');
  });

  const permission = (properties: object) => ({
    Permission: { Type: 'AWS::Lambda::Permission', Properties: properties },
  });

  test.each([
    [{ Principal: '*' }, ['Principal']],
    [{ Principal: '*', PrincipalOrgID: 'o-1234567890' }, 'compliant'],
    [{ Principal: '*', SourceArn: 'arn:aws:events:eu-west-1:111122223333:rule/x' }, ['Principal']],
    [{ Principal: '*', SourceAccount: '111122223333' }, 'compliant'],
    [{ Principal: 's3.amazonaws.com' }, ['SourceArn']],
    [{ Principal: 's3.amazonaws.com', SourceAccount: '111122223333' }, 'compliant'],
    [{ Principal: 'elasticloadbalancing.amazonaws.com' }, 'compliant'],
    [{ Principal: 'arn:aws:iam::111122223333:role/caller' }, 'compliant'],
    [{ Principal: 'alexa-appkit.amazon.com', EventSourceToken: 'skill' }, 'compliant'],
    [{ Principal: { Ref: 'Unknown' } }, ['unresolved Principal']],
  ])('%j', (properties, expected) => {
    expect(verdict(ruleOf('LambdaNotPublic'), permission(properties))).toEqual(expected);
  });
});

test('LambdaCodeSigned asks functions for a signature only where their stack signs, and never container images', () => {
  const rule = ruleOf('LambdaCodeSigned');
  const plain = { Function: { Type: 'AWS::Lambda::Function', Properties: { Tags: TAGS } } };
  expect(verdict(rule, plain)).toBe('not applicable');
  expect(judge(rule, changed(rule.nonCompliant, 'Function', { PackageType: 'Image' })).violations).toHaveLength(1);
});

test('LambdaFailuresKept accepts a destination for failures, and leaves synchronous functions alone', () => {
  const rule = ruleOf('LambdaFailuresKept');
  const config = {
    Config: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: { FunctionName: { Ref: 'Function' }, DestinationConfig: { OnFailure: { Destination: 'queue' } } },
    },
  };
  expect(verdict(rule, { ...rule.nonCompliant, ...config })).toBe('compliant');
  expect(verdict(rule, changed(rule.nonCompliant, 'Permission', { Principal: 'apigateway.amazonaws.com' }))).toBe(
    'not applicable',
  );
});

describe('ApiPrivate', () => {
  test('an API for people who sign in has to be open, but speaks modern TLS', () => {
    const method = (AuthorizationType: string) => ({
      Method: { Type: 'AWS::ApiGateway::Method', Properties: { RestApiId: { Ref: 'Api' }, AuthorizationType } },
    });
    const open = (type: string, properties: object = {}) =>
      verdict(ruleOf('ApiPrivate'), {
        ...changed(ruleOf('ApiPrivate').nonCompliant, 'Api', properties),
        ...method(type),
      });
    expect(open('COGNITO_USER_POOLS')).toBe('not applicable');
    expect(open('COGNITO_USER_POOLS', { SecurityPolicy: 'TLS_1_0' })).toEqual(['SecurityPolicy']);
    expect(open('CUSTOM')).toEqual(['EndpointConfiguration.Types']);
  });

  const allow = (Condition?: object) => ({ Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Condition });
  const iamMethod = {
    Method: {
      Type: 'AWS::ApiGateway::Method',
      Properties: { RestApiId: { Ref: 'Api' }, AuthorizationType: 'AWS_IAM' },
    },
  };
  const bound = [allow({ StringEquals: { 'aws:SourceVpce': 'vpce-1' } })];
  const withPolicy = (Statement: object[]) => changed(ruleOf('ApiPrivate').compliant, 'Api', { Policy: { Statement } });

  test('refuses a private API whose policy lets in every VPC endpoint of AWS', () => {
    expect(verdict(ruleOf('ApiPrivate'), withPolicy([allow()]))).toEqual(['Policy']);
  });

  test('accepts a bound Allow, but not with IAM authorization, which identity policies pass by themselves', () => {
    expect(verdict(ruleOf('ApiPrivate'), withPolicy(bound))).toBe('compliant');
    expect(verdict(ruleOf('ApiPrivate'), { ...withPolicy(bound), ...iamMethod })).toEqual(['Policy']);
  });

  test('does not take a Deny for one that holds only together with something else', () => {
    const [, deny] = (ruleOf('ApiPrivate').compliant.Api.Properties as { Policy: { Statement: object[] } }).Policy
      .Statement;
    const narrowed = {
      ...deny,
      Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1', 'aws:PrincipalTag/team': 'red' } },
    };
    expect(verdict(ruleOf('ApiPrivate'), withPolicy([allow(), narrowed]))).toEqual(['Policy']);
  });

  test('takes the default endpoint type for what it is', () => {
    expect(changedVerdict('ApiPrivate', 'Api', { EndpointConfiguration: undefined })).toEqual([
      'EndpointConfiguration.Types',
    ]);
  });
});

describe('ApiAuthorized', () => {
  const rule = ruleOf('ApiAuthorized');
  const endpoint = { Endpoint: { Type: 'AWS::SageMaker::Endpoint', Properties: {} } };
  const method = (properties: object) => ({
    ...endpoint,
    Method: { Type: 'AWS::ApiGateway::Method', Properties: properties },
  });
  const route = (ProtocolType: string, RouteKey: string) => ({
    ...endpoint,
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType } },
    Route: { Type: 'AWS::ApiGatewayV2::Route', Properties: { ApiId: { Ref: 'Api' }, RouteKey } },
  });

  test('an API key is no authorization', () => {
    const found = judge(rule, method({ HttpMethod: 'POST', AuthorizationType: 'NONE', ApiKeyRequired: true }));
    expect(found.violations[0].message).toBe('found NONE with an API key, expected AWS_IAM or an authorizer');
  });

  test.each([
    [method({ HttpMethod: 'OPTIONS', AuthorizationType: 'NONE' }), 'not applicable'],
    [route('HTTP', 'POST /ask'), ['AuthorizationType']],
    [route('HTTP', '$default'), ['AuthorizationType']],
    [route('HTTP', 'OPTIONS /ask'), 'not applicable'],
    [route('WEBSOCKET', '$connect'), ['AuthorizationType']],
    [route('WEBSOCKET', '$default'), 'not applicable'],
  ])('%j', (template, expected) => {
    expect(verdict(rule, template)).toEqual(expected);
  });
});

describe('ApiValidated', () => {
  const schema = (properties: object, others: object = {}) => ({
    Schema: { type: 'object', additionalProperties: false, properties, ...others },
  });
  const messages = (Schema: object) => {
    const rule = ruleOf('ApiValidated');
    return judge(rule, changed(rule.compliant, 'Model', Schema)).violations.map(({ message }) => message);
  };

  test.each([
    [schema({ prompt: { type: 'string' } }), ['prompt has no maxLength']],
    [schema({ mode: { enum: ['a', 'b'] }, count: { type: 'integer' } }), []],
    [schema({ list: { type: 'array', maxItems: 3, items: { type: 'string' } } }), ['list[] has no maxLength']],
    [schema({ list: { type: 'array', items: { type: 'number' } } }), ['list has no maxItems']],
    [
      schema({ inner: { type: 'object', properties: { a: { type: 'null' } } } }),
      ['inner accepts additional properties'],
    ],
    [schema({ any: {} }), ['any has no type']],
    [schema({ either: { anyOf: [{ type: 'string' }, { type: 'null' }] } }), ['either has no maxLength']],
    [schema({ text: { type: ['string', 'null'] } }), ['text has no maxLength']],
    [{ Schema: { type: 'array', maxItems: 1 } }, ['the body is not declared as an object']],
    [{ Schema: '{"type":"object","additionalProperties":false,"properties":{"a":{"type":"boolean"}}}' }, []],
  ])('%j', (model, expected) => {
    expect(messages(model)).toEqual(expected);
  });

  test('refuses the built-in model, and asks nothing of methods without a body or of models of answers', () => {
    const empty = { RequestModels: { 'application/json': 'Empty' } };
    expect(changedVerdict('ApiValidated', 'Method', empty)).toEqual(['RequestModels']);
    expect(changedVerdict('ApiValidated', 'Method', { HttpMethod: 'GET' })).toBe('not applicable');
    expect(changedVerdict('ApiValidated', 'Method', { Integration: { Type: 'MOCK' } })).toBe('not applicable');
  });
});

describe('ApiThrottled', () => {
  const settings = (...items: object[]) => changedVerdict('ApiThrottled', 'Stage', { MethodSettings: items });
  const limits = { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 };

  test('a limit of the account is no limit, and one for a single path leaves the others open', () => {
    expect(
      settings({ ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: 10_000, ThrottlingBurstLimit: 100 }),
    ).toEqual(['MethodSettings']);
    expect(settings({ ResourcePath: '/ask', HttpMethod: 'POST', ...limits })).toEqual(['MethodSettings']);
    expect(settings({ ResourcePath: '/*', HttpMethod: '*', ...limits })).toBe('compliant');
  });
});

describe('ApiWaf', () => {
  const common = (RuleActionOverrides: object[]) => ({
    Statement: { ManagedRuleGroupStatement: { Name: 'AWSManagedRulesCommonRuleSet', RuleActionOverrides } },
    OverrideAction: { None: {} },
  });
  const rate = { Statement: { RateBasedStatement: { Limit: 100 } }, Action: { Block: {} } };
  const size = (Size: number, OversizeHandling: string) => ({
    Statement: { SizeConstraintStatement: { FieldToMatch: { Body: { OversizeHandling } }, Size } },
    Action: { Block: {} },
  });
  const counted = common([{ Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } }]);
  const messages = (Rules: unknown, others: object = {}) => {
    const rule = ruleOf('ApiWaf');
    return judge(rule, changed(rule.compliant, 'Acl', { Rules, ...others })).violations.map(({ message }) => message);
  };
  const unseen = 'found no rule that blocks bodies longer than WAF inspects';

  test.each([
    [[common([]), rate], []],
    [[counted, rate], [unseen]],
    [[counted, rate, size(8192, 'CONTINUE')], []],
    [[counted, rate, size(65_536, 'CONTINUE')], [unseen]],
    [[counted, rate, size(65_536, 'MATCH')], []],
    [[common([]), { ...rate, Action: { Count: {} } }], ['found no rate-based rule that blocks']],
    [
      [{ ...common([]), OverrideAction: { Count: {} } }, rate],
      ['found no managed rule group that blocks', unseen],
    ],
    [[{ Statement: { RuleGroupReferenceStatement: {} }, OverrideAction: { None: {} } }], []],
  ])('%j', (rules, expected) => {
    expect(messages(rules)).toEqual(expected);
  });

  test('measures long bodies by the limit that the ACL sets', () => {
    const AssociationConfig = { RequestBody: { API_GATEWAY: { DefaultSizeInspectionLimit: 'KB_64' } } };
    expect(messages([counted, rate, size(40_000, 'CONTINUE')], { AssociationConfig })).toEqual([]);
    expect(messages([counted, rate, size(40_000, 'CONTINUE')])).toEqual([unseen]);
  });

  test('finds an ACL without a log, and a stage that an association misses', () => {
    const { Logging, ...unlogged } = ruleOf('ApiWaf').compliant;
    const { Association, ...unguarded } = ruleOf('ApiWaf').compliant;
    expect(verdict(ruleOf('ApiWaf'), unlogged)).toEqual(['LoggingConfiguration']);
    expect(verdict(ruleOf('ApiWaf'), unguarded)).toEqual(['WebACLAssociation']);
  });
});

describe('EventBusProtected and EventBusNotPublic', () => {
  test.each([
    [30, ['RetentionDays']],
    [180, 'compliant'],
    [0, 'compliant'],
    ['365', 'compliant'],
  ])('an archive of %s days', (RetentionDays, expected) => {
    expect(changedVerdict('EventBusProtected', 'Archive', { RetentionDays })).toEqual(expected);
  });

  test.each([
    [{ Principal: '*', Action: 'events:PutEvents' }, ['Statement']],
    [
      { Principal: '*', Condition: { Type: 'StringEquals', Key: 'aws:PrincipalOrgID', Value: 'o-1234567890' } },
      'compliant',
    ],
    [{ Principal: '111122223333' }, 'compliant'],
    [{ Statement: { Effect: 'Allow', Principal: '*', Action: 'events:PutEvents' } }, ['Statement']],
  ])('a policy of its own, in either form: %j', (properties, expected) => {
    const template = { Policy: { Type: 'AWS::Events::EventBusPolicy', Properties: properties } };
    expect(verdict(ruleOf('EventBusNotPublic'), template)).toEqual(expected);
  });
});

describe('MessagingTlsOnly', () => {
  const rule = ruleOf('MessagingTlsOnly');
  const deny = (Action: string) => ({
    Effect: 'Deny',
    Principal: '*',
    Action,
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  });
  const topic = (Action: string) => ({
    Topic: { Type: 'AWS::SNS::Topic', Properties: { Tags: TAGS } },
    Policy: {
      Type: 'AWS::SNS::TopicPolicy',
      Properties: { Topics: [{ Ref: 'Topic' }], PolicyDocument: { Statement: [deny(Action)] } },
    },
  });

  test('a topic refuses publishing, since its policy cannot name every action', () => {
    expect(verdict(rule, topic('sns:Publish'))).toBe('compliant');
    expect(verdict(rule, topic('sns:Subscribe'))).toEqual(['PolicyDocument']);
  });

  test('a queue without a policy, and one whose policy is for another queue', () => {
    const { Policy, ...alone } = rule.compliant;
    expect(verdict(rule, alone)).toEqual(['PolicyDocument']);
    expect(verdict(rule, changed(rule.compliant, 'Policy', { Queues: ['https://sqs/other'] }))).toEqual([
      'PolicyDocument',
    ]);
  });
});

describe('CodeBuildHardened', () => {
  const privileged = (BuildSpec?: string) =>
    changedVerdict('CodeBuildHardened', 'Project', { Environment: { PrivilegedMode: true }, Source: { BuildSpec } });

  test('privileged mode is for container images; a specification in the source may make some', () => {
    expect(privileged('docker build -t app .')).toBe('compliant');
    expect(privileged('npm test')).toEqual(['Environment.PrivilegedMode']);
    expect(privileged('buildspec.yml')).toEqual(['unresolved Environment.PrivilegedMode']);
    expect(privileged()).toEqual(['unresolved Environment.PrivilegedMode']);
  });

  test('a build that leaves nothing behind needs no key for it', () => {
    const without = (rest: object) =>
      changedVerdict('CodeBuildHardened', 'Project', { EncryptionKey: 'alias/aws/s3', ...rest });
    const Artifacts = { Type: 'NO_ARTIFACTS' };
    expect(without({ Artifacts })).toBe('compliant');
    expect(without({ Artifacts: { Type: 'CODEPIPELINE' } })).toEqual(['EncryptionKey']);
    expect(without({ Artifacts, Cache: { Type: 'S3', Location: 'cache' } })).toEqual(['EncryptionKey']);
    expect(without({ Artifacts, SecondaryArtifacts: [{ Type: 'S3' }] })).toEqual(['EncryptionKey']);
  });

  test('logs may lie in a bucket instead', () => {
    const off = { CloudWatchLogs: { Status: 'DISABLED' } };
    expect(changedVerdict('CodeBuildHardened', 'Project', { LogsConfig: off })).toEqual([
      'LogsConfig.CloudWatchLogs.Status',
    ]);
    expect(
      changedVerdict('CodeBuildHardened', 'Project', { LogsConfig: { ...off, S3Logs: { Status: 'ENABLED' } } }),
    ).toBe('compliant');
  });
});

test('CodePipelineArtifactsCmk looks into the stores of every Region', () => {
  const store = (EncryptionKey?: object) => ({ ArtifactStore: { EncryptionKey } });
  const stores = (...ArtifactStores: object[]) =>
    changedVerdict('CodePipelineArtifactsCmk', 'Pipeline', { ArtifactStore: undefined, ArtifactStores });
  expect(stores(store({ Id: 'key' }), store())).toEqual(['ArtifactStores.1.ArtifactStore.EncryptionKey.Id']);
  expect(stores(store({ Id: 'key' }))).toBe('compliant');
});

describe('SupplyChainScanStage', () => {
  const rule = ruleOf('SupplyChainScanStage');
  const scans = 'semgrep ci; gitleaks detect; npm audit; syft .';
  const withScans = (BuildSpec: string) => changed(rule.compliant, 'Project', { Source: { BuildSpec } });
  const model = { Model: { Type: 'AWS::SageMaker::Model', Properties: {} } };

  test('asks for a scan of model files only where there are models', () => {
    expect(verdict(rule, withScans(scans))).toBe('compliant');
    expect(judge(rule, { ...withScans(scans), ...model }).violations[0].message).toBe(
      'before the first deployment, nothing looks for model files that run code',
    );
    expect(verdict(rule, { ...withScans(`${scans}; modelscan -p m`), ...model })).toBe('compliant');
  });

  test('a scan after the deployment comes too late', () => {
    const { Stages } = rule.compliant.Pipeline.Properties as { Stages: object[] };
    expect(changedVerdict('SupplyChainScanStage', 'Pipeline', { Stages: Stages.toReversed() })).toEqual(['Stages']);
  });

  test('a specification in the source can hold the scans, so nothing is known', () => {
    expect(verdict(rule, withScans('buildspec.yml'))).toEqual(['unresolved Stages']);
  });
});

test('AthenaWorkgroupEncrypted follows results to where Athena keeps them', () => {
  const managed = (encryption: object) =>
    changedVerdict('AthenaWorkgroupEncrypted', 'Group', {
      WorkGroupConfiguration: { ManagedQueryResultsConfiguration: { Enabled: true, ...encryption } },
    });
  expect(managed({})).toEqual([
    'WorkGroupConfiguration.ManagedQueryResultsConfiguration.EncryptionConfiguration.KmsKey',
  ]);
  expect(managed({ EncryptionConfiguration: { KmsKey: 'key' } })).toBe('compliant');
});

test('AthenaWorkgroupEncrypted knows that SSE_S3 uses no key, whatever stands beside it', () => {
  const option = (EncryptionOption: string) =>
    changedVerdict('AthenaWorkgroupEncrypted', 'Group', {
      WorkGroupConfiguration: { ResultConfiguration: { EncryptionConfiguration: { KmsKey: 'key', EncryptionOption } } },
    });
  expect(option('SSE_S3')).toEqual([
    'WorkGroupConfiguration.ResultConfiguration.EncryptionConfiguration.EncryptionOption',
  ]);
  expect(option('SSE_KMS')).toBe('compliant');
});

describe('KillSwitchPresent', () => {
  const rule = ruleOf('KillSwitchPresent');
  const { Stop, ...unstopped } = rule.compliant;
  const machine = (Resource: string, Parameters: object) => ({
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: { DefinitionString: JSON.stringify({ States: { Stop: { Type: 'Task', Resource, Parameters } } }) },
    },
  });

  test('concerns only what says that it is of high impact and in production', () => {
    expect(verdict(rule, unstopped)).toEqual(['Tags']);
    expect(verdict(rule, changed(unstopped, 'Endpoint', { Tags: tagged('dev') }))).toBe('not applicable');
    expect(verdict(rule, changed(unstopped, 'Endpoint', { Tags: tagged('prod', 'limited') }))).toBe('not applicable');
    expect(verdict(rule, changed(unstopped, 'Endpoint', { Tags: TAGS }))).toBe('not applicable');
  });

  test.each([
    ['aws-sdk:sagemaker:deleteEndpoint', { EndpointName: 'credit' }, 'compliant'],
    ['aws-sdk:sagemaker:deleteEndpoint', { EndpointName: 'other' }, ['Tags']],
    ['aws-sdk:sagemaker:describeEndpoint', { EndpointName: 'credit' }, ['Tags']],
    [
      'aws-sdk:lambda:putFunctionConcurrency',
      { FunctionName: 'gateway', ReservedConcurrentExecutions: 0 },
      'compliant',
    ],
    ['aws-sdk:lambda:putFunctionConcurrency', { FunctionName: 'gateway', ReservedConcurrentExecutions: 1 }, ['Tags']],
    [
      'aws-sdk:iam:attachRolePolicy',
      { RoleName: 'serving', PolicyArn: 'arn:aws:iam::aws:policy/AWSDenyAll' },
      'compliant',
    ],
  ])('a state machine that calls %s with %j', (integration, parameters, expected) => {
    const named = changed(changed(unstopped, 'Endpoint', { EndpointName: 'credit' }), 'Role', { RoleName: 'serving' });
    expect(verdict(rule, { ...named, ...machine(`arn:aws:states:::${integration}`, parameters) })).toEqual(expected);
  });

  test('one function in front that nobody stops keeps the endpoint open', () => {
    const second = {
      Second: { Type: 'AWS::Lambda::Function', Properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
    };
    expect(verdict(rule, { ...rule.compliant, ...second })).toEqual(['Tags']);
  });

  test('a function that changes the endpoint and that events alone start is no way in', () => {
    const statement = (Action: string[]) => ({ Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
    const second = (actions: string[], principal: string, url = {}) => ({
      SecondRole: { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyDocument: statement(actions) }] } },
      Second: { Type: 'AWS::Lambda::Function', Properties: { Role: { 'Fn::GetAtt': ['SecondRole', 'Arn'] } } },
      Start: {
        Type: 'AWS::Lambda::Permission',
        Properties: { FunctionName: { 'Fn::GetAtt': ['Second', 'Arn'] }, Principal: principal },
      },
      ...url,
    });
    const url = { Url: { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: { Ref: 'Second' } } } };
    const changes = ['sagemaker:InvokeEndpoint', 'sagemaker:UpdateEndpoint'];
    const judged = (...given: Parameters<typeof second>) => verdict(rule, { ...rule.compliant, ...second(...given) });
    expect(judged(changes, 'events.amazonaws.com')).toBe('compliant');
    expect(judged(changes.slice(0, 1), 'events.amazonaws.com')).toEqual(['Tags']);
    expect(judged(changes, 'apigateway.amazonaws.com')).toEqual(['Tags']);
    expect(judged(changes, 'events.amazonaws.com', url)).toEqual(['Tags']);
  });

  test('a flag counts where it is set at once and every function in front may read it', () => {
    const strategy = (DeploymentDurationInMinutes: number) => ({
      Strategy: {
        Type: 'AWS::AppConfig::DeploymentStrategy',
        Properties: { GrowthFactor: 100, DeploymentDurationInMinutes, FinalBakeTimeInMinutes: 0 },
      },
    });
    const reading = {
      Reading: {
        Type: 'AWS::IAM::RolePolicy',
        Properties: {
          RoleName: { Ref: 'Role' },
          PolicyDocument: {
            Statement: [{ Effect: 'Allow', Action: 'appconfig:GetLatestConfiguration', Resource: '*' }],
          },
        },
      },
    };
    expect(verdict(rule, { ...unstopped, ...reading, ...strategy(0) })).toBe('compliant');
    expect(verdict(rule, { ...unstopped, ...reading, ...strategy(10) })).toEqual(['Tags']);
    expect(verdict(rule, { ...unstopped, ...strategy(0) })).toEqual(['Tags']);
  });

  test('a function that calls Bedrock is stopped itself', () => {
    const bedrock = {
      ...roleFor('bedrock:InvokeModel'),
      ...functionWith({ Tags: tagged('prod'), FunctionName: 'gateway' }),
    };
    expect(verdict(rule, bedrock)).toEqual(['Tags']);
    expect(verdict(rule, { ...bedrock, Stop })).toBe('compliant');
  });
});

describe('FallbackPresent', () => {
  const rule = ruleOf('FallbackPresent');
  const nova = 'arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0';
  const calling = (Resource: unknown) => ({ ...roleFor('bedrock:InvokeModel', Resource), ...functionWith({}) });

  test.each([
    [nova, ['Role']],
    [[nova, 'arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-pro-v1:0'], 'compliant'],
    ['arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.amazon.nova-lite-v1:0', 'compliant'],
    ['arn:aws:bedrock:*::foundation-model/amazon.nova-lite-v1:0', 'compliant'],
    ['*', 'compliant'],
    ['arn:aws:bedrock:eu-west-1::foundation-model/amazon.titan-embed-text-v2:0', 'not applicable'],
  ])('a function that may call %j', (resources, expected) => {
    expect(verdict(rule, calling(resources))).toEqual(expected);
  });
});

describe('SloDefined', () => {
  const rule = ruleOf('SloDefined');

  test('names what nobody watches', () => {
    const { Alarm0, ...errorsOnly } = rule.compliant;
    expect(judge(rule, errorsOnly).violations.map(({ message }) => message)).toEqual([
      'found no alarm or objective on latency',
    ]);
  });

  test('reads metric mathematics and service level objectives', () => {
    const metric = { MetricName: 'ModelLatency', Dimensions: [{ Name: 'EndpointName', Value: 'credit' }] };
    const { Alarm0, ...errorsOnly } = rule.compliant;
    const alarm = { Type: 'AWS::CloudWatch::Alarm', Properties: { Metrics: [{ MetricStat: { Metric: metric } }] } };
    const objective = {
      Type: 'AWS::ApplicationSignals::ServiceLevelObjective',
      Properties: { Sli: { SliMetric: { MetricDataQueries: [{ MetricStat: { Metric: metric } }] } } },
    };
    expect(verdict(rule, { ...errorsOnly, Alarm: alarm })).toBe('compliant');
    expect(verdict(rule, { ...errorsOnly, Objective: objective })).toBe('compliant');
  });

  test('a guardrail is watched for what it stops', () => {
    const guardrail = { Guardrail: { Type: 'AWS::Bedrock::Guardrail', Properties: {} } };
    const Dimensions = [{ Name: 'GuardrailArn', Value: { 'Fn::GetAtt': ['Guardrail', 'GuardrailArn'] } }];
    const alarm = { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'InvocationsIntervened', Dimensions } };
    expect(verdict(rule, guardrail)).toEqual(['Tags']);
    expect(verdict(rule, { ...guardrail, Alarm: alarm })).toBe('compliant');
  });
});

test('StateMachineDataUnlogged concerns personal data only', () => {
  const log = { LoggingConfiguration: { IncludeExecutionData: true } };
  expect(changedVerdict('StateMachineDataUnlogged', 'Machine', log)).toEqual([
    'LoggingConfiguration.IncludeExecutionData',
  ]);
  expect(changedVerdict('StateMachineDataUnlogged', 'Machine', { ...log, Tags: TAGS })).toBe('not applicable');
});

test('rules for AI systems say nothing of stacks without one', () => {
  const silent = APPLICATION_RULES.filter(({ scope }) => scope === 'ai');
  const plain = {
    Function: { Type: 'AWS::Lambda::Function', Properties: { Runtime: 'python3.8' } },
    Queue: { Type: 'AWS::SQS::Queue', Properties: {} },
    Method: { Type: 'AWS::ApiGateway::Method', Properties: { HttpMethod: 'POST', AuthorizationType: 'NONE' } },
    Project: { Type: 'AWS::CodeBuild::Project', Properties: {} },
  };
  expect(silent.map((rule) => verdict(rule, plain))).toEqual(silent.map(() => 'not applicable'));
});
