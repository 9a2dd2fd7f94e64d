import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { InferenceEnvironmentProps } from '../../../constructs';
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

  test('may call one endpoint, write records, make pseudonyms, and nothing else', () => {
    expect(actionsOf(template, 'GatewayRole')).toEqual(
      [...OWN_LOG, ...KEYS, 's3:PutObject', 'sagemaker:InvokeEndpoint'].sort(),
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
    { latencyAlarm: Duration.seconds(0) },
    { latencyAlarm: Duration.seconds(29) },
  ])('refuses %p', (props) => {
    const stack = new Surroundings();
    const model = stack.bedrockModel();
    expect(() => stack.serve(model, props)).toThrow(expect.objectContaining({ code: 'PALISADE-I004' }));
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
    'AwsSolutions-IAM5[Resource::*] Stack/NetworkInterfaces/Resource',
    'AwsSolutions-IAM5[Resource::*] Stack/WorkloadBoundary/Resource',
    'AwsSolutions-IAM5[Resource::arn:aws:s3:::evidence/records/scoring/*] Stack/Inference/GatewayRole/Permissions/Resource',
    'NIST.800.53.R5-APIGWCacheEnabledAndEncrypted Stack/Inference/PrivateApi/Api/DeploymentStage.live/Resource',
  ];

  test('with Bedrock, passes cdk-nag but for what is accepted', () => {
    expect(findings((stack) => stack.serve(stack.bedrockModel(PROFILE)))).toEqual(API);
  });

  test('with SageMaker, passes cdk-nag but for what is accepted', () => {
    expect(findings((stack) => stack.serve(stack.endpointModel({ guardrail: stack.guardrail() })))).toEqual(
      [
        ...API,
        'AwsSolutions-IAM5[Resource::*] Stack/Inference/Endpoint/Role/Permissions/Resource',
        'AwsSolutions-IAM5[Resource::<InferenceEndpointCapturesF5721404.Arn>/captures/*] Stack/Inference/Endpoint/Role/Permissions/Resource',
        'AwsSolutions-IAM5[Resource::arn:aws:ec2:eu-west-1:111122223333:network-interface/*] Stack/Inference/Endpoint/Role/Permissions/Resource',
        'NIST.800.53.R5-S3BucketReplicationEnabled Stack/AccessLogs/Resource',
        'NIST.800.53.R5-S3BucketReplicationEnabled Stack/Inference/Endpoint/Captures/Resource',
        'NIST.800.53.R5-S3DefaultEncryptionKMS Stack/AccessLogs/Resource',
      ].sort(),
    );
  });

  test('the example synthesizes', () => {
    Template.fromStack(new InferenceEnvironmentExample(appWithFlags())).resourceCountIs('AWS::ApiGateway::RestApi', 1);
  });
});
