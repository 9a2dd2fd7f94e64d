import { ProductionVariantInstanceType } from '@aws-sdk/client-sagemaker';
import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import type { EndpointModelProps } from '../../../constructs';
import { LOCAL_STORAGE_FAMILIES } from '../../../runtime/instance-storage';
import { appWithFlags, PACKAGE, Surroundings } from './stacks';

function templateOf(props: Partial<EndpointModelProps> = {}, system = 'scoring'): Template {
  const stack = new Surroundings(appWithFlags(), system);
  stack.serve(stack.endpointModel(props));
  return Template.fromStack(stack);
}

const KEY = { 'Fn::GetAtt': [Match.stringLikeRegexp('^KeysInference'), 'Arn'] };
const template = templateOf();

describe('default form', () => {
  test('the container has no network, in isolated subnets, and is made after the approval was verified', () => {
    template.hasResource('AWS::SageMaker::Model', {
      Properties: {
        EnableNetworkIsolation: true,
        PrimaryContainer: { ModelPackageName: PACKAGE },
        VpcConfig: { Subnets: Match.anyValue(), SecurityGroupIds: [Match.anyValue()] },
      },
      DependsOn: Match.arrayWith([
        Match.stringLikeRegexp('^InferenceEndpointRolePermissions'),
        Match.stringLikeRegexp('^Verified'),
      ]),
    });
  });

  test('volumes and captures are under the key', () => {
    template.hasResourceProperties('AWS::SageMaker::EndpointConfig', {
      KmsKeyId: KEY,
      DataCaptureConfig: {
        EnableCapture: true,
        InitialSamplingPercentage: 100,
        KmsKeyId: KEY,
        CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }],
        DestinationS3Uri: { 'Fn::Join': ['', ['s3://', Match.anyValue(), '/captures']] },
      },
      ProductionVariants: [Match.objectLike({ InstanceType: 'ml.m5.large', InitialInstanceCount: 2 })],
    });
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: { LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ ExpirationInDays: 90 })]) } },
    });
  });

  test('what a deployment replaced stays, so that a rollback has something to go back to, till the stack goes', () => {
    for (const type of ['AWS::SageMaker::Model', 'AWS::SageMaker::EndpointConfig']) {
      template.hasResource(type, { UpdateReplacePolicy: 'Retain', DeletionPolicy: 'Delete' });
    }
  });

  test('a new model is a canary that two alarms roll back', () => {
    template.hasResourceProperties('AWS::SageMaker::Endpoint', {
      EndpointName: 'dev-scoring',
      DeploymentConfig: {
        BlueGreenUpdatePolicy: {
          TrafficRoutingConfiguration: {
            Type: 'CANARY',
            CanarySize: { Type: 'INSTANCE_COUNT', Value: 1 },
            WaitIntervalInSeconds: 600,
          },
        },
        AutoRollbackConfiguration: {
          Alarms: [
            { AlarmName: { Ref: Match.stringLikeRegexp('ServerErrors') } },
            { AlarmName: { Ref: Match.stringLikeRegexp('Latency') } },
          ],
        },
      },
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'Invocation5XXErrors',
      Dimensions: [
        { Name: 'EndpointName', Value: 'dev-scoring' },
        { Name: 'VariantName', Value: 'AllTraffic' },
      ],
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ModelLatency',
      ExtendedStatistic: 'p95',
      Threshold: 5_000_000,
    });
  });

  test('scales with the calls, and never below two', () => {
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
      MinCapacity: 2,
      MaxCapacity: 4,
      ResourceId: 'endpoint/dev-scoring/variant/AllTraffic',
    });
  });

  test('without an approved model nothing of it exists, and all that stays refers to none of it', () => {
    const conditional = Object.entries(
      template.toJSON().Resources as Record<string, { Condition?: string; Type: string }>,
    )
      .filter(([, { Condition }]) => Condition === 'HasModel')
      .map(([id, { Type }]) => ({ id, Type }));
    expect(conditional.map(({ Type }) => Type).sort()).toEqual([
      'AWS::ApplicationAutoScaling::ScalableTarget',
      'AWS::ApplicationAutoScaling::ScalingPolicy',
      'AWS::CloudWatch::Alarm',
      'AWS::CloudWatch::Alarm',
      'AWS::SageMaker::Endpoint',
      'AWS::SageMaker::EndpointConfig',
      'AWS::SageMaker::Model',
    ]);
    const others = Object.values(template.toJSON().Resources as Record<string, { Condition?: string }>).filter(
      ({ Condition }) => Condition !== 'HasModel',
    );
    for (const { id } of conditional) {
      expect(JSON.stringify(others)).not.toContain(`"${id}"`);
    }
  });

  test('its log has a key and an end, because SageMaker would give it neither', () => {
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/aws/sagemaker/Endpoints/dev-scoring',
      KmsKeyId: Match.anyValue(),
      RetentionInDays: 180,
    });
  });

  test('its log masks what containers print of persons: found and masked are the same kinds', () => {
    const [log] = Object.values(
      template.findResources('AWS::Logs::LogGroup', { Properties: { DataProtectionPolicy: Match.anyValue() } }),
    );
    const [found, masked] = log.Properties.DataProtectionPolicy.Statement;
    const kinds = JSON.stringify(masked.DataIdentifier);
    expect(log.Properties.LogGroupName).toBe('/aws/sagemaker/Endpoints/dev-scoring');
    expect(masked.Operation).toEqual({ Deidentify: { MaskConfig: {} } });
    expect(found.DataIdentifier).toEqual(masked.DataIdentifier);
    for (const kind of ['Name', 'EmailAddress', 'BankAccountNumber-DE', 'CreditCardNumber', 'Ssn-US']) {
      expect(kinds).toContain(`data-identifier/${kind}"`);
    }
    expect(kinds).not.toMatch(/LatLong|ZipCode|PostalCode/);
  });

  test('the role is for SageMaker of this account, and starts nothing', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      Description: 'Serves the model',
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: 'sagemaker.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
          }),
        ],
      },
    });
    const [policy] = Object.values(
      template.findResources('AWS::IAM::ManagedPolicy', {
        Properties: { Roles: [{ Ref: Match.stringLikeRegexp('^InferenceEndpointRole') }] },
      }),
    );
    const text = JSON.stringify(policy.Properties.PolicyDocument);
    expect(text).not.toMatch(/"(sagemaker|iam|lambda|states):/);
    expect(text).not.toMatch(/logs:CreateLogGroup/);
  });

  test('volumes are encrypted by grants for AWS resources only', () => {
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: 'VolumeGrantsByGrantedRoles',
            Action: 'kms:CreateGrant',
            Condition: {
              Bool: { 'kms:GrantIsForAWSResource': 'true' },
              StringEquals: Match.objectLike({ 'aws:PrincipalTag/palisade:key/dev/scoring/inference': 'use' }),
            },
          }),
        ]),
      },
    });
  });
});

describe('customised form', () => {
  test('numbers are as given', () => {
    const custom = templateOf({
      instanceType: 'ml.c6i.xlarge',
      minimumInstances: 3,
      maximumInstances: 9,
      invocationsPerInstance: 60,
      capturePercent: 10,
      captureRetention: Duration.days(7),
      latencyAlarm: Duration.millis(200),
      canaryTime: Duration.minutes(20),
    });
    custom.hasResourceProperties('AWS::SageMaker::EndpointConfig', {
      ProductionVariants: [Match.objectLike({ InstanceType: 'ml.c6i.xlarge', InitialInstanceCount: 3 })],
      DataCaptureConfig: Match.objectLike({ InitialSamplingPercentage: 10 }),
    });
    custom.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 3, MaxCapacity: 9 });
    custom.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'ModelLatency', Threshold: 200_000 });
    custom.hasResourceProperties('AWS::SageMaker::Endpoint', {
      DeploymentConfig: Match.objectLike({
        BlueGreenUpdatePolicy: Match.objectLike({
          TrafficRoutingConfiguration: Match.objectLike({ WaitIntervalInSeconds: 1200 }),
        }),
      }),
    });
  });

  test('images are pulled from the named repositories', () => {
    const stack = new Surroundings();
    stack.serve(stack.endpointModel({ repositories: [stack.repository()] }));
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::ManagedPolicy', {
      Roles: [{ Ref: Match.stringLikeRegexp('^InferenceEndpointRole') }],
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['ecr:BatchGetImage']) })]),
      },
    });
  });

  test('a long name is cut to the 63 characters of SageMaker and stays its own', () => {
    const names = ['a', 'b'].map((last) => {
      const [endpoint] = Object.values(
        templateOf({}, `x${'a'.repeat(38)}${last}`).findResources('AWS::SageMaker::Endpoint'),
      );
      return endpoint.Properties.EndpointName as string;
    });
    expect(new Set(names).size).toBe(2);
    expect(Math.max(...names.map(({ length }) => length))).toBeLessThanOrEqual(63);
  });
});

describe('bad input', () => {
  test.each([...LOCAL_STORAGE_FAMILIES.map((family) => `ml.${family}.xlarge`), 'm5.large', 'ml.m5', ''])(
    'refuses %p, whose volumes no CMK encrypts',
    (instanceType) => {
      expect(() => templateOf({ instanceType })).toThrow(expect.objectContaining({ code: 'PALISADE-I001' }));
    },
  );

  /** Families of SageMaker hosting with EBS storage only, which take a CMK. */
  const EBS_ONLY =
    'c4 c5 c6g c6gn c6i c6in c7g c7i c8g inf1 inf2 m4 m5 m6g m6i m7i m8g p2 p3 r5 r6g r6i r7i r8g t2'.split(' ');

  test('every family that SageMaker hosts on is known to take a key, or refused', () => {
    const families = new Set(Object.values(ProductionVariantInstanceType).map((type) => type.split('.')[1]));
    const known = [...LOCAL_STORAGE_FAMILIES, ...EBS_ONLY];
    expect([...families].filter((family) => !known.includes(family))).toEqual([]);
    expect(EBS_ONLY.filter((family) => LOCAL_STORAGE_FAMILIES.includes(family))).toEqual([]);
  });

  test.each<Partial<EndpointModelProps>>([
    { canaryTime: Duration.seconds(0) },
    { canaryTime: Duration.seconds(299) },
    { canaryTime: Duration.seconds(3601) },
    { canaryTime: Duration.millis(300_500) },
    { latencyAlarm: Duration.seconds(0) },
    { latencyAlarm: Duration.seconds(60) },
    { minimumInstances: 1 },
    { minimumInstances: 2.5 },
    { minimumInstances: 5, maximumInstances: 4 },
    { capturePercent: 0 },
    { capturePercent: 101 },
    { capturePercent: 0.5 },
  ])('refuses %p', (props) => {
    expect(() => templateOf(props)).toThrow(expect.objectContaining({ code: 'PALISADE-I002' }));
  });
});
