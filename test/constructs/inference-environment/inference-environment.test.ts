import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal } from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { type InferenceEnvironmentProps, OutputContext, WorkloadRole } from '../../../constructs';
import { InferenceEnvironmentExample } from '../../../examples/inference-environment';
import { nagErrors } from '../../support/nag';
import { appWithFlags, Surroundings } from './stacks';

const MODEL_ID = 'amazon.nova-lite-v1:0';
const PROFILE = { inferenceProfileId: `eu.${MODEL_ID}`, regions: ['eu-west-1', 'eu-central-1'] };

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

function statementsOf(template: Template, role: string): Statement[] {
  return Object.values(template.findResources('AWS::IAM::ManagedPolicy'))
    .filter(({ Properties }) => JSON.stringify(Properties.Roles ?? []).includes(role))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

function actionsOf(template: Template, role: string): string[] {
  return [...new Set(statementsOf(template, role).flatMap(({ Action }) => Action))].sort();
}

function bedrock(props: Parameters<Surroundings['bedrockModel']>[0] = {}): Template {
  const stack = new Surroundings();
  stack.serve(stack.bedrockModel(props));
  return Template.fromStack(stack);
}

const OWN_LOG = ['logs:CreateLogStream', 'logs:PutLogEvents', 'sqs:SendMessage'];
const STATE = ['appconfig:GetLatestConfiguration', 'appconfig:StartConfigurationSession', 'dynamodb:UpdateItem'];
const KEYS = ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:GenerateMac'];

describe('the gateway', () => {
  const stack = new Surroundings();
  stack.serve(stack.endpointModel());
  const template = Template.fromStack(stack);

  test('runs in the VPC with bounded concurrency, and ends before API Gateway does', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      VpcConfig: Match.objectLike({ SubnetIds: Match.anyValue() }),
      ReservedConcurrentExecutions: 20,
      Timeout: 29,
      KmsKeyArn: Match.anyValue(),
    });
  });

  test('may call one endpoint, write records, make pseudonyms, count, look at the flag, and nothing else', () => {
    expect(actionsOf(template, 'GatewayRole')).toEqual(
      [...OWN_LOG, ...KEYS, ...STATE, 's3:PutObject', 'sagemaker:InvokeEndpoint'].sort(),
    );
    expect(statementsOf(template, 'GatewayRole')).toContainEqual(
      expect.objectContaining({
        Action: 'sagemaker:InvokeEndpoint',
        Resource: 'arn:aws:sagemaker:eu-west-1:111122223333:endpoint/dev-scoring',
      }),
    );
  });

  test('knows the endpoint only once a model is approved', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          ENDPOINT_NAME: { 'Fn::If': ['HasModel', 'dev-scoring', ''] },
          SYSTEM: 'scoring',
          RECORDS_BUCKET: 'evidence',
        }),
      },
    });
  });

  test('a guardrail in front of an endpoint may be applied with its key', () => {
    const guarded = new Surroundings();
    guarded.serve(guarded.endpointModel({ guardrail: guarded.guardrail() }));
    const guardedTemplate = Template.fromStack(guarded);
    expect(actionsOf(guardedTemplate, 'GatewayRole')).toContain('bedrock:ApplyGuardrail');
    guardedTemplate.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({ GUARDRAIL: Match.anyValue(), GUARDRAIL_VERSION: Match.anyValue() }),
      },
    });
  });
});

describe('what the gateway keeps', () => {
  const RECORDS = { 'kms:EncryptionContext:system': 'scoring', 'kms:EncryptionContext:purpose': 'inference-record' };
  const stack = new Surroundings();
  const inference = stack.serve(stack.bedrockModel(), {
    bodyRetention: Duration.days(7),
    requestsPerMinute: 9,
    tokensPerDay: 99,
  });
  inference.grantReadBodies(
    new WorkloadRole(stack, 'BreakGlass', {
      assumedBy: new AccountPrincipal('111122223333'),
      description: 'Inquiries',
    }),
  );
  const template = Template.fromStack(stack);
  const [recordKey] = Object.keys(
    template.findResources('AWS::KMS::Alias', { Properties: { AliasName: 'alias/palisade/dev/scoring/records' } }),
  ).map((alias) => template.findResources('AWS::KMS::Alias')[alias].Properties.TargetKeyId);
  const onRecordKey = (role: string) =>
    statementsOf(template, role).filter(({ Resource }) => JSON.stringify(Resource) === JSON.stringify(recordKey));

  test('is in a bucket with a key of its own, and has an end', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          Match.objectLike({ ExpirationInDays: 7, NoncurrentVersionExpiration: { NoncurrentDays: 1 } }),
        ]),
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: { KMSMasterKeyID: recordKey, SSEAlgorithm: 'aws:kms' },
          },
        ],
      },
    });
  });

  test('is written by the gateway, which cannot read it', () => {
    expect(onRecordKey('GatewayRole').map(({ Action }) => Action)).toEqual([
      'kms:GenerateDataKey',
      'kms:GenerateDataKey',
    ]);
    expect(onRecordKey('GatewayRole')).toContainEqual(
      expect.objectContaining({ Condition: { StringEquals: RECORDS } }),
    );
  });

  test('is read by whom it is granted to, for this AI system', () => {
    expect(onRecordKey('BreakGlass').map(({ Action }) => Action)).toEqual(['kms:Decrypt', 'kms:Decrypt']);
    expect(onRecordKey('BreakGlass')).toContainEqual(expect.objectContaining({ Condition: { StringEquals: RECORDS } }));
    expect(statementsOf(template, 'BreakGlass').map(({ Action }) => Action)).toContain('s3:GetObject');
  });

  test('counts in a table that is encrypted, can be restored, and forgets', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema: [{ AttributeName: 'counter', KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
      SSESpecification: {
        SSEEnabled: true,
        KMSMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^KeysInference'), 'Arn'] },
      },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          BODIES_BUCKET: Match.anyValue(),
          LIMITS_TABLE: Match.anyValue(),
          REQUESTS_PER_MINUTE: '9',
          STOP_FLAG: Match.anyValue(),
          TOKENS_PER_DAY: '99',
        }),
      },
    });
  });
});

describe('a Bedrock model', () => {
  const template = bedrock();
  const arn = (region: string) => `arn:aws:bedrock:${region}::foundation-model/${MODEL_ID}`;
  const profileArn = `arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.${MODEL_ID}`;
  const invokes = (of: Template) =>
    statementsOf(of, 'GatewayRole').filter(({ Action }) => Action.includes('bedrock:InvokeModel'));
  const guarded = { 'bedrock:GuardrailIdentifier': expect.anything() };

  test('is this one model, with this version of the guardrail, and denied without', () => {
    expect(invokes(template)).toEqual([
      expect.objectContaining({ Effect: 'Deny', Resource: '*', Condition: { StringNotEquals: guarded } }),
      expect.objectContaining({ Effect: 'Allow', Resource: arn('eu-west-1'), Condition: { StringEquals: guarded } }),
    ]);
    template.resourceCountIs('AWS::SageMaker::Endpoint', 0);
  });

  test('through a profile, it is reached in the named Regions and by the profile alone', () => {
    const profile = bedrock(PROFILE);
    expect(invokes(profile).slice(1)).toEqual([
      expect.objectContaining({ Resource: profileArn, Condition: { StringEquals: guarded } }),
      expect.objectContaining({
        Resource: [arn('eu-central-1'), arn('eu-west-1')],
        Condition: { StringEquals: { ...guarded, 'bedrock:InferenceProfileArn': profileArn } },
      }),
    ]);
    profile.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ MODEL_ID: PROFILE.inferenceProfileId, MAXIMUM_TOKENS: '1024' }) },
    });
  });

  test('those that are asked when it does not answer stand behind the same guardrail, and past its profile', () => {
    const fallback = { fallbackModelIds: ['amazon.nova-micro-v1:0'] };
    const micro = 'arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-micro-v1:0';
    expect(invokes(bedrock(fallback)).slice(1)).toEqual([
      expect.objectContaining({ Resource: [arn('eu-west-1'), micro], Condition: { StringEquals: guarded } }),
    ]);
    const beside = bedrock({ ...PROFILE, ...fallback });
    expect(invokes(beside)).toContainEqual(
      expect.objectContaining({ Resource: [profileArn, micro], Condition: { StringEquals: guarded } }),
    );
    beside.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ FALLBACK_MODEL_IDS: 'amazon.nova-micro-v1:0' }) },
    });
  });

  test.each([
    { inferenceProfileId: PROFILE.inferenceProfileId },
    { regions: ['eu-west-1'] },
    { ...PROFILE, inferenceProfileId: `global.${MODEL_ID}` },
  ])('is refused when nobody says where it runs: %p', (props) => {
    expect(() => bedrock(props)).toThrow(expect.objectContaining({ code: 'PALISADE-I003' }));
  });
});

describe('the environment', () => {
  test('alarms on errors and slowness, to the topic', () => {
    const stack = new Surroundings();
    stack.serve(stack.bedrockModel(), {
      alarmTopic: new sns.Topic(stack, 'Topic'),
      latencyAlarm: Duration.seconds(3),
      rateLimit: 5,
      burstLimit: 7,
      gatewayConcurrency: 3,
    });
    const template = Template.fromStack(stack);
    for (const [MetricName, Threshold] of [
      ['5XXError', 5],
      ['Errors', 0],
      ['Latency', 3000],
    ]) {
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        MetricName,
        Threshold,
        AlarmActions: [Match.anyValue()],
      });
    }
    template.hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 3 });
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      MethodSettings: [Match.objectLike({ ThrottlingRateLimit: 5, ThrottlingBurstLimit: 7 })],
    });
  });

  test('takes a latency below a second', () => {
    const stack = new Surroundings();
    stack.serve(stack.bedrockModel(), { latencyAlarm: Duration.millis(250) });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'Latency',
      ExtendedStatistic: 'p95',
      Threshold: 250,
    });
  });

  test.each<Partial<InferenceEnvironmentProps>>([
    { rateLimit: 0 },
    { burstLimit: 1.5 },
    { gatewayConcurrency: -1 },
    { requestsPerMinute: 0 },
    { tokensPerDay: 0.5 },
    { latencyAlarm: Duration.seconds(0) },
    { latencyAlarm: Duration.seconds(29) },
  ])('refuses %p', (props) => {
    const stack = new Surroundings();
    const model = stack.bedrockModel();
    expect(() => stack.serve(model, props)).toThrow(expect.objectContaining({ code: 'PALISADE-I004' }));
  });

  test('says what answers may hold', () => {
    const stack = new Surroundings();
    stack.serve(stack.bedrockModel(), {
      allowedLinkHosts: ['docs.example.com', '*.example.org'],
      outputContext: OutputContext.HTML,
      allowUncertainInput: true,
      untrustedArguments: ['search', 'book.flight'],
    });
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          ALLOWED_LINKS: 'docs.example.com,*.example.org',
          OUTPUT_CONTEXT: 'html',
          UNCERTAIN: 'allow',
          UNTRUSTED_ARGUMENTS: 'search,book.flight',
        }),
      },
    });
  });

  test.each(['https://a.example', '*', 'a.example,b.example', ''])('takes no links to %j', (host) => {
    const stack = new Surroundings();
    const model = stack.bedrockModel();
    expect(() => stack.serve(model, { allowedLinkHosts: [host] })).toThrow(
      expect.objectContaining({ code: 'PALISADE-I022' }),
    );
  });

  test.each([Duration.hours(36), Duration.days(0)])('keeps bodies for whole days, not for %p', (bodyRetention) => {
    const stack = new Surroundings();
    const model = stack.bedrockModel();
    expect(() => stack.serve(model, { bodyRetention })).toThrow(expect.objectContaining({ code: 'PALISADE-I020' }));
  });

  /** The test's own VPC, and what an alarm without a topic lacks, are not counted. */
  const findings = (build: (stack: Surroundings) => void) => {
    const app = appWithFlags();
    build(new Surroundings(app));
    return nagErrors(app).filter(
      (finding) => !/ Stack\/(Vpc|ApiEndpoint|Group|Verified)\/|CloudWatchAlarmAction/.test(finding),
    );
  };

  const API = [
    'AwsSolutions-COG4 Stack/Inference/PrivateApi/Api/Default/invoke/POST/Resource',
    'AwsSolutions-IAM5[Resource::<InferenceBodiesBucket5D90C4E8.Arn>/bodies/scoring/*] Stack/Inference/GatewayRole/Permissions/Resource',
    'NIST.800.53.R5-DynamoDBInBackupPlan Stack/Inference/Limits/Table/Resource',
    'NIST.800.53.R5-S3BucketReplicationEnabled Stack/AccessLogs/Resource',
    'NIST.800.53.R5-S3BucketReplicationEnabled Stack/Inference/Bodies/Bucket/Resource',
    'NIST.800.53.R5-S3DefaultEncryptionKMS Stack/AccessLogs/Resource',
    'AwsSolutions-IAM5[Resource::*] Stack/NetworkInterfaces/Resource',
    'AwsSolutions-IAM5[Resource::*] Stack/WorkloadBoundary/Resource',
    'AwsSolutions-IAM5[Resource::arn:aws:s3:::evidence/records/scoring/*] Stack/Inference/GatewayRole/Permissions/Resource',
    'NIST.800.53.R5-APIGWCacheEnabledAndEncrypted Stack/Inference/PrivateApi/Api/DeploymentStage.live/Resource',
  ];

  test('with Bedrock, passes cdk-nag but for what is accepted', () => {
    const chat = ['model/{modelId}/converse/POST', 'v1/chat/completions/POST', 'v1/models/GET'].map(
      (way) => `AwsSolutions-COG4 Stack/Inference/PrivateApi/Api/Default/${way}/Resource`,
    );
    expect(findings((stack) => stack.serve(stack.bedrockModel(PROFILE)))).toEqual([...API, ...chat].sort());
  });

  test('with SageMaker, passes cdk-nag but for what is accepted', () => {
    expect(findings((stack) => stack.serve(stack.endpointModel({ guardrail: stack.guardrail() })))).toEqual(
      [
        ...API,
        'AwsSolutions-IAM5[Resource::*] Stack/Inference/Endpoint/Role/Permissions/Resource',
        'AwsSolutions-IAM5[Resource::<InferenceEndpointCapturesF5721404.Arn>/captures/*] Stack/Inference/Endpoint/Role/Permissions/Resource',
        'AwsSolutions-IAM5[Resource::arn:aws:ec2:eu-west-1:111122223333:network-interface/*] Stack/Inference/Endpoint/Role/Permissions/Resource',
        'NIST.800.53.R5-S3BucketReplicationEnabled Stack/Inference/Endpoint/Captures/Resource',
      ].sort(),
    );
  });

  test('the example synthesizes', () => {
    Template.fromStack(new InferenceEnvironmentExample(appWithFlags())).resourceCountIs('AWS::ApiGateway::RestApi', 1);
  });
});
