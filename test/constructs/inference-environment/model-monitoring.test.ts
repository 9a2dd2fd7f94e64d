import { type App, Duration, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { type MonitoringProps, type Outcomes, ProblemType, Purpose, WorkloadRole } from '../../../constructs';
import { evaluateRules, RULES } from '../../../lib/compliance';
import { graphFrom } from '../../support/graph';
import { nagErrors } from '../../support/nag';
import { appWithFlags, ENV, Surroundings } from './stacks';

const OUTCOMES: Outcomes = {
  problemType: ProblemType.BINARY_CLASSIFICATION,
  probabilityThreshold: 0.5,
  delay: Duration.days(60),
};
const KINDS = ['DataQuality', 'ModelQuality', 'ModelBias', 'ModelExplainability'];

function monitored(props: Partial<MonitoringProps> = {}, tier = 'high', app: App = appWithFlags()): Surroundings {
  const stack = new Surroundings(app);
  Tags.of(stack).add('ai:impact', tier);
  const { network } = stack;
  const alarmTopic = new sns.Topic(stack, 'Topic', { masterKey: stack.keys.key(Purpose.LOGS) });
  stack.serve(stack.endpointModel({ monitoring: { network, ...props } }), { alarmTopic });
  return stack;
}

interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  Condition?: string;
}
type Resources = Record<string, Resource>;

const full = Template.fromStack(monitored({ outcomes: OUTCOMES }));
const resources = full.toJSON().Resources as Resources;
const ofType = (type: string) => Object.values(resources).filter(({ Type }) => Type === `AWS::SageMaker::${type}`);
const definitionOf = (kind: string) => ofType(`${kind}JobDefinition`)[0].Properties;

/** What the rules on monitoring say of a template. */
function findings(template: object): string[] {
  const rules = RULES.filter(({ id }) => /^SageMaker(EndpointMonitored|Monitoring)/.test(id));
  expect(rules).toHaveLength(4);
  return evaluateRules(graphFrom(template), rules).flatMap(({ violations, unresolvable }) =>
    [...violations, ...unresolvable].map(({ rule, property }) => `${rule.id} ${property}`),
  );
}

/** The template without what lies at a path below the properties of the one resource of a type. */
function without(type: string, path: string): object {
  const template = JSON.parse(JSON.stringify(full.toJSON()));
  const [resource] = Object.values(template.Resources as Resources).filter(({ Type }) => Type === type);
  const keys = path.split('.');
  const last = keys.pop() as string;
  const holder = keys.reduce((at, key) => at[key] as Record<string, unknown>, resource.Properties);
  expect(holder).toHaveProperty(last);
  delete holder[last];
  return template;
}

describe('the rules', () => {
  test('find nothing, for high impact with outcomes and for limited impact without', () => {
    expect(findings(full.toJSON())).toEqual([]);
    expect(findings(Template.fromStack(monitored({}, 'limited')).toJSON())).toEqual([]);
  });

  test('find that high impact lacks three kinds without outcomes', () => {
    expect(findings(Template.fromStack(monitored()).toJSON())).toEqual(['SageMakerEndpointMonitored EndpointName']);
  });

  test.each(KINDS)('find that the schedule for %s is gone', (kind) => {
    const kept = Object.entries(resources).filter(
      ([, { Type, Properties }]) =>
        Type !== 'AWS::SageMaker::MonitoringSchedule' ||
        (Properties.MonitoringScheduleConfig as { MonitoringType: string }).MonitoringType !== kind,
    );
    expect(kept).toHaveLength(Object.keys(resources).length - 1);
    expect(findings({ ...full.toJSON(), Resources: Object.fromEntries(kept) })).toEqual([
      'SageMakerEndpointMonitored EndpointName',
    ]);
  });

  const protections = KINDS.flatMap((kind): [string, string, string][] => [
    [kind, 'NetworkConfig.EnableInterContainerTrafficEncryption', 'SageMakerMonitoringIsolated'],
    [kind, 'NetworkConfig.VpcConfig.Subnets', 'SageMakerMonitoringIsolated'],
    [kind, 'NetworkConfig.VpcConfig.SecurityGroupIds', 'SageMakerMonitoringIsolated'],
    [kind, 'JobResources.ClusterConfig.VolumeKmsKeyId', 'SageMakerMonitoringCmk'],
    [kind, `${kind}JobOutputConfig.KmsKeyId`, 'SageMakerMonitoringCmk'],
    [kind, `${kind}BaselineConfig.ConstraintsResource`, 'SageMakerMonitoringBaseline'],
  ]);
  const isolated = KINDS.slice(0, 3).map((kind): [string, string, string] => [
    kind,
    'NetworkConfig.EnableNetworkIsolation',
    'SageMakerMonitoringIsolated',
  ]);

  test.each([
    ...protections,
    ...isolated,
    ['DataQuality', 'DataQualityBaselineConfig.StatisticsResource', 'SageMakerMonitoringBaseline'],
  ])('find that %s lost %s', (kind, path, rule) => {
    expect(findings(without(`AWS::SageMaker::${kind}JobDefinition`, path))).toEqual([
      expect.stringMatching(new RegExp(`^${rule} `)),
    ]);
  });
});

describe('jobs', () => {
  test('run each day, one after another, on the definition of their kind', () => {
    const schedules = ofType('MonitoringSchedule').map(({ Properties }) => Properties);
    expect(
      schedules.map(({ EndpointName, MonitoringScheduleConfig }) => [EndpointName, MonitoringScheduleConfig]),
    ).toEqual(
      KINDS.map((MonitoringType, index) => [
        'dev-scoring',
        {
          MonitoringType,
          MonitoringJobDefinitionName: definitionOf(MonitoringType).JobDefinitionName,
          ScheduleConfig: { ScheduleExpression: `cron(0 ${index + 1} ? * * *)` },
        },
      ]),
    );
  });

  test('have names that SageMaker takes', () => {
    const names = [
      ...ofType('MonitoringSchedule').map(({ Properties }) => Properties.MonitoringScheduleName),
      ...KINDS.map((kind) => definitionOf(kind).JobDefinitionName),
    ];
    expect(new Set(names).size).toBe(8);
    expect(names.filter((name) => !/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/.test(String(name)))).toEqual([]);
  });

  test('get another name when anything of them changes, and only then: SageMaker updates no definition', () => {
    const names = (stack: Surroundings) =>
      KINDS.map(
        (kind) =>
          Object.values(Template.fromStack(stack).findResources(`AWS::SageMaker::${kind}JobDefinition`))[0].Properties
            .JobDefinitionName,
      );
    const before = names(monitored({ outcomes: OUTCOMES }));
    expect(names(monitored({ outcomes: OUTCOMES }))).toEqual(before);
    const later = names(monitored({ outcomes: { ...OUTCOMES, delay: Duration.days(30) } }));
    expect(before.map((name, index) => name === later[index])).toEqual([true, false, false, true]);
    const tagged = monitored({ outcomes: OUTCOMES });
    Tags.of(tagged).add('ai:owner', 'somebody.else@example.com');
    expect(names(tagged).filter((name) => before.includes(name))).toEqual([]);
  });

  test('are bounded in number, type and time', () => {
    for (const kind of KINDS) {
      expect(definitionOf(kind)).toMatchObject({
        JobResources: { ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.xlarge', VolumeSizeInGB: 20 } },
        StoppingCondition: { MaxRuntimeInSeconds: 14_400 },
      });
    }
  });

  test('run images of AWS in the same Region', () => {
    const uris = KINDS.map((kind) => JSON.stringify(definitionOf(kind)[`${kind}AppSpecification`]));
    for (const [index, uri] of uris.entries()) {
      expect(uri).toMatch(
        index < 2
          ? /468650794304\.dkr\.ecr\.eu-west-1\.".*\/sagemaker-model-monitor-analyzer"/
          : /131013547314\.dkr\.ecr\.eu-west-1\.".*\/sagemaker-clarify-processing:1\.0"/,
      );
    }
  });

  test('wait until what came true is known', () => {
    const input = { StartTimeOffset: '-P61D', EndTimeOffset: '-P60D' };
    for (const kind of ['ModelQuality', 'ModelBias']) {
      expect(definitionOf(kind)[`${kind}JobInput`]).toMatchObject({
        EndpointInput: { ...input, ProbabilityAttribute: '0', ProbabilityThresholdAttribute: 0.5 },
        GroundTruthS3Input: { S3Uri: { 'Fn::Join': ['', ['s3://', expect.anything(), '/ground-truth']] } },
      });
    }
  });

  test('take the answer itself where there is no threshold', () => {
    const outcomes = { problemType: ProblemType.REGRESSION, delay: Duration.days(1) };
    Template.fromStack(monitored({ outcomes })).hasResourceProperties('AWS::SageMaker::ModelQualityJobDefinition', {
      ModelQualityAppSpecification: { ProblemType: 'Regression' },
      ModelQualityJobInput: {
        EndpointInput: { InferenceAttribute: '0', ProbabilityAttribute: Match.absent(), StartTimeOffset: '-P2D' },
      },
    });
  });

  test('exist with the endpoint only, and what stays refers to none of them', () => {
    const conditional = Object.entries(resources).filter(([, { Condition }]) => Condition === 'HasModel');
    const types = conditional.map(([, { Type }]) => Type);
    expect(types.filter((type) => type.endsWith('JobDefinition'))).toHaveLength(4);
    expect(types.filter((type) => type.endsWith('MonitoringSchedule'))).toHaveLength(4);
    const others = JSON.stringify(Object.values(resources).filter(({ Condition }) => Condition === undefined));
    expect(conditional.filter(([id]) => others.includes(`"${id}"`))).toEqual([]);
  });

  test('are gone before their endpoint is deleted', () => {
    const [[endpoint]] = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::SageMaker::Endpoint');
    full.allResources('AWS::SageMaker::MonitoringSchedule', { DependsOn: Match.arrayWith([endpoint]) });
  });
});

describe('the role', () => {
  const policies = Object.values(
    full.findResources('AWS::IAM::ManagedPolicy', {
      Properties: { Roles: [{ Ref: Match.stringLikeRegexp('^InferenceEndpointMonitoringRole') }] },
    }),
  );
  const statements: { Action: string | string[]; Resource: unknown; Condition?: object }[] = policies.flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );
  const about = (action: string) => statements.filter(({ Action }) => [Action].flat().includes(action));

  test('is for SageMaker of this account', () => {
    full.hasResourceProperties('AWS::IAM::Role', {
      Description: 'Monitors the model',
      PermissionsBoundary: Match.anyValue(),
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: 'sagemaker.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
          }),
        ],
      },
    });
  });

  test('reads captures, baselines and truth, writes reports, and changes none of what it judges by', () => {
    const prefixes = (action: string) => JSON.stringify(about(action)).match(/[a-z-]+(?=\/\*")/g);
    expect(prefixes('s3:GetObject')).toEqual(['baselines', 'captures', 'ground-truth', 'monitoring']);
    expect(prefixes('s3:PutObject')).toEqual(['monitoring']);
    expect(about('s3:ListBucket')[0].Condition).toEqual({
      StringLike: { 's3:prefix': ['captures/*', 'baselines/*', 'ground-truth/*', 'monitoring/*'] },
    });
    expect(about('s3:DeleteObject')).toEqual([]);
  });

  test('asks the model on endpoints of Clarify only, of the type that serves it', () => {
    const shadows = [
      'arn:aws:sagemaker:eu-west-1:111122223333:endpoint-config/sagemaker-clarify-*',
      'arn:aws:sagemaker:eu-west-1:111122223333:endpoint/sagemaker-clarify-*',
    ];
    for (const action of ['CreateEndpoint', 'DeleteEndpoint', 'InvokeEndpoint', 'CreateEndpointConfig']) {
      expect(about(`sagemaker:${action}`).map(({ Resource }) => Resource)).toEqual([shadows]);
    }
    expect(about('sagemaker:CreateEndpointConfig')[0].Condition).toEqual({
      'ForAllValues:StringEquals': { 'sagemaker:InstanceTypes': ['ml.m5.large'] },
    });
  });

  test('touches no endpoint when nothing is explained', () => {
    const [policy, ...more] = Object.values(
      Template.fromStack(monitored({}, 'limited')).findResources('AWS::IAM::ManagedPolicy', {
        Properties: { Roles: [{ Ref: Match.stringLikeRegexp('^InferenceEndpointMonitoringRole') }] },
      }),
    );
    expect(more).toEqual([]);
    expect(JSON.stringify(policy)).not.toContain('"sagemaker:');
  });
});

describe('findings', () => {
  test('of jobs of this role are told, whether the job failed or found violations', () => {
    full.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.sagemaker'],
        'detail-type': ['SageMaker Processing Job State Change'],
        detail: {
          RoleArn: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^InferenceEndpointMonitoringRole'), 'Arn'] }],
          $or: [
            { ProcessingJobStatus: ['Failed', 'Stopped'] },
            { ExitMessage: [{ prefix: 'CompletedWithViolations' }] },
          ],
        },
      },
      Targets: [
        Match.objectLike({
          Arn: { Ref: Match.stringLikeRegexp('^Topic') },
          RoleArn: Match.anyValue(),
          DeadLetterConfig: Match.anyValue(),
        }),
      ],
    });
  });

  test('are told by a role that may publish to this topic with its key', () => {
    full.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      Roles: [{ Ref: Match.stringLikeRegexp('PublisherRole') }],
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Action: 'sns:Publish', Resource: { Ref: Match.stringLikeRegexp('^Topic') } }),
          Match.objectLike({
            Action: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext'],
            Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^KeysLogs'), 'Arn'] },
          }),
        ],
      },
    });
  });
});

describe('what the model is compared with', () => {
  test.each([
    ['baselines', 'grantWriteBaselines'],
    ['ground-truth', 'grantWriteGroundTruth'],
  ] as const)('is written under %s, by whom it is granted, and with the key', (prefix, grant) => {
    const stack = new Surroundings();
    const { endpoint } = stack.serve(stack.endpointModel({ monitoring: { network: stack.network } }));
    const assumedBy = new iam.ServicePrincipal('lambda.amazonaws.com');
    endpoint?.monitoring?.[grant](new WorkloadRole(stack, 'Writer', { assumedBy, description: 'Writes' }));
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::ManagedPolicy', {
      Roles: [{ Ref: Match.stringLikeRegexp('^Writer') }],
      PolicyDocument: {
        Statement: [
          Match.objectLike({
            Action: 's3:PutObject',
            Resource: { 'Fn::Join': ['', [Match.anyValue(), `/${prefix}/*`]] },
          }),
          Match.objectLike({ Action: 'kms:GenerateDataKey' }),
        ],
      },
    });
  });

  test('stays, while personal data ends with the captures', () => {
    full.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          ...['captures/', 'ground-truth/', 'monitoring/'].map((Prefix) =>
            Match.objectLike({ Prefix, ExpirationInDays: 90, NoncurrentVersionExpiration: { NoncurrentDays: 1 } }),
          ),
          Match.objectLike({ Prefix: 'baselines/', ExpirationInDays: Match.absent() }),
        ]),
      },
    });
  });
});

describe('refuses', () => {
  const build = (outcomes: Partial<Outcomes>) => () => monitored({ outcomes: { ...OUTCOMES, ...outcomes } });

  test.each<Partial<Outcomes>>([
    { delay: Duration.days(0) },
    { delay: Duration.hours(36) },
    { delay: Duration.days(89) },
    { probabilityThreshold: 1.1 },
    { probabilityThreshold: Number.NaN },
    { problemType: ProblemType.REGRESSION },
  ])('outcomes that no capture can be compared with: %p', (outcomes) => {
    expect(build(outcomes)).toThrow(expect.objectContaining({ code: 'PALISADE-I006' }));
  });

  test('no longer delay when captures are kept longer', () => {
    const stack = new Surroundings();
    const monitoring = { network: stack.network, outcomes: { ...OUTCOMES, delay: Duration.days(300) } };
    expect(() => stack.serve(stack.endpointModel({ monitoring, captureRetention: Duration.days(302) }))).not.toThrow();
  });

  test('a type whose volume takes no key', () => {
    expect(() => monitored({ instanceType: 'ml.m5d.xlarge' })).toThrow(
      expect.objectContaining({ code: 'PALISADE-I001' }),
    );
  });

  test('a Region whose images are not known', () => {
    const stack = new Surroundings(appWithFlags(), 'scoring', { ...ENV, region: 'eu-south-2' });
    expect(() => stack.serve(stack.endpointModel({ monitoring: { network: stack.network } }))).toThrow(
      expect.objectContaining({ code: 'PALISADE-I005' }),
    );
  });
});

test('passes cdk-nag but for what is accepted', () => {
  const app = appWithFlags();
  monitored({ outcomes: OUTCOMES }, 'high', app);
  const own = nagErrors(app).filter((finding) => finding.includes('/Endpoint/Monitoring/'));
  const role = 'Stack/Inference/Endpoint/Monitoring/Role';
  const objects = (prefix: string) =>
    `AwsSolutions-IAM5[Resource::<InferenceEndpointCapturesF5721404.Arn>/${prefix}/*] ${role}/Permissions/Resource`;
  const arn = (text: string) => `AwsSolutions-IAM5[Resource::arn:aws:${text}]`;
  expect(own).toEqual(
    [
      `AwsSolutions-IAM5[Resource::*] ${role}/Permissions/Resource`,
      ...['baselines', 'captures', 'ground-truth', 'monitoring'].map(objects),
      `${arn('ec2:eu-west-1:111122223333:network-interface/*')} ${role}/Permissions/Resource`,
      `${arn('logs:eu-west-1:111122223333:log-group:/aws/sagemaker/ProcessingJobs:*')} ${role}/Permissions/Resource`,
      `${arn('sagemaker:eu-west-1:111122223333:endpoint-config/sagemaker-clarify-*')} ${role}/ShadowEndpoint/Resource`,
      `${arn('sagemaker:eu-west-1:111122223333:endpoint/sagemaker-clarify-*')} ${role}/ShadowEndpoint/Resource`,
    ].sort(),
  );
});
