import type { MinimalTemplate, Rule } from '../../../../lib/compliance';
import { ENDPOINTS_RULES } from '../../../../lib/compliance/rules/endpoints';
import { guardJudge } from '../../../support/guard';
import { changed, describeRules, judge, verdict } from '../../../support/rules';

describeRules(ENDPOINTS_RULES);

const ruleOf = (id: string) => ENDPOINTS_RULES.find((rule) => rule.id === `SageMaker${id}`) as Rule;
const config = (Properties: object) => ({ Config: { Type: 'AWS::SageMaker::EndpointConfig', Properties } });
const tags = (entries: Record<string, string>) => Object.entries(entries).map(([Key, Value]) => ({ Key, Value }));

const SERVERLESS = { ProductionVariants: [{ ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5 } }] };
const ASYNC = { AsyncInferenceConfig: { OutputConfig: { S3OutputPath: 's3://answers' } } };

const byGuard = guardJudge(ENDPOINTS_RULES);

/** Guard finds the rule's fault in the template if and only if our check does. */
function expectAgreement(rule: Rule, resources: MinimalTemplate): void {
  const found = byGuard(resources).some((name) => name.split('_')[0] === rule.id);
  expect(found).toBe(judge(rule, resources).violations.length > 0);
}

describe('the key of an endpoint', () => {
  const rule = ruleOf('EndpointConfigCmk');
  const types = (...all: unknown[]) => config({ ProductionVariants: all.map((InstanceType) => ({ InstanceType })) });

  test('is not asked of instances that encrypt their storage themselves, if all do', () => {
    expect(verdict(rule, types('ml.g5.xlarge'))).toBe('not applicable');
    expect(verdict(rule, types('ml.g5.xlarge', 'ml.m5.large'))).toEqual(['KmsKeyId']);
    const InstancePools = [{ InstanceType: 'ml.g5.xlarge' }, { InstanceType: 'ml.g6.xlarge' }];
    expect(verdict(rule, config({ ProductionVariants: [{ InstancePools }] }))).toBe('not applicable');
  });

  test('is not asked of serverless variants, which have no volume', () => {
    expect(verdict(rule, config(SERVERLESS))).toBe('not applicable');
  });

  test('cannot be judged while the instance type is a parameter, unless a key is there', () => {
    expect(verdict(rule, types({ Ref: 'InstanceType' }))).toEqual(['unresolved KmsKeyId']);
    expect(verdict(rule, types({ Ref: 'InstanceType' }, 'ml.m5.large'))).toEqual(['KmsKeyId']);
    expect(verdict(rule, changed(types({ Ref: 'InstanceType' }), 'Config', { KmsKeyId: { Ref: 'Key' } }))).toBe(
      'compliant',
    );
  });

  test("is not AWS's own", () => {
    expect(verdict(rule, config({ KmsKeyId: 'alias/aws/sagemaker' }))).toEqual(['KmsKeyId']);
  });
});

describe('data capture', () => {
  const rule = ruleOf('EndpointDataCapture');
  const { DataCaptureConfig } = rule.compliant.Config.Properties as { DataCaptureConfig: object };
  const capture = (change: object, more: object = {}) =>
    config({ DataCaptureConfig: { ...DataCaptureConfig, ...change }, ...more });
  const OPTIONS = 'DataCaptureConfig.CaptureOptions';
  const SAMPLING = 'DataCaptureConfig.InitialSamplingPercentage';

  test.each([
    ['high', 99, [SAMPLING]],
    ['high', 100, 'compliant'],
    ['limited', 10, 'compliant'],
    ['limited', 9, [SAMPLING]],
  ])('of a system of %s impact at %i %% is %j', (tier, InitialSamplingPercentage, expected) => {
    expect(verdict(rule, capture({ InitialSamplingPercentage }, { Tags: tags({ 'ai:impact': tier }) }))).toEqual(
      expected,
    );
  });

  test('covers both directions', () => {
    expect(verdict(rule, capture({ CaptureOptions: [{ CaptureMode: 'Input' }] }))).toEqual([OPTIONS]);
    expect(verdict(rule, capture({ CaptureOptions: [{ CaptureMode: 'InputAndOutput' }] }))).toBe('compliant');
    expect(verdict(rule, capture({ CaptureOptions: [{ CaptureMode: { Ref: 'Mode' } }] }))).toEqual([
      `unresolved ${OPTIONS}`,
    ]);
  });

  test('is asked neither of serverless endpoints, which cannot, nor of asynchronous ones, whose requests lie in S3', () => {
    expect(verdict(rule, config(SERVERLESS))).toBe('not applicable');
    expect(verdict(rule, config(ASYNC))).toBe('not applicable');
    expect(verdict(rule, config({}))).not.toBe('not applicable');
  });
});

describe('the variants of an endpoint', () => {
  test('are two instances or serverless, for Guard too', () => {
    const rule = ruleOf('EndpointRedundant');
    const two = { InitialInstanceCount: 2 };
    for (const [variants, expected] of [
      [[two, ...SERVERLESS.ProductionVariants], 'compliant'],
      [[two, { InitialInstanceCount: 1 }], ['ProductionVariants.1.InitialInstanceCount']],
    ] as const) {
      expect(verdict(rule, config({ ProductionVariants: variants }))).toEqual(expected);
      expectAgreement(rule, config({ ProductionVariants: variants }));
    }
    const Tags = tags({ 'ai:stage': 'dev' });
    expect(verdict(rule, config({ ProductionVariants: [{ InitialInstanceCount: 1 }], Tags }))).toBe('not applicable');
  });

  test('are closed to sessions, shadows included, and dump memory under a key only', () => {
    const rule = ruleOf('EndpointNoSsm');
    const closed = { InstanceType: 'ml.m5.large' };
    const dumping = (CoreDumpConfig: object) => config({ ProductionVariants: [{ CoreDumpConfig }] });
    expect(verdict(rule, config({ ProductionVariants: [closed] }))).toBe('compliant');
    expect(
      verdict(rule, config({ ProductionVariants: [closed], ShadowProductionVariants: [{ EnableSSMAccess: true }] })),
    ).toEqual(['ShadowProductionVariants.0.EnableSSMAccess']);
    expect(verdict(rule, dumping({ KmsKeyId: 'key' }))).toBe('compliant');
    expect(verdict(rule, dumping({}))).toEqual(['ProductionVariants.0.CoreDumpConfig.KmsKeyId']);
    expectAgreement(rule, dumping({}));
  });

  test('that name their model take network and role from it', () => {
    const rule = ruleOf('InferenceComponentIsolation');
    const mixed = { ProductionVariants: [{ ModelName: 'model' }, {}] };
    expect(verdict(rule, config({ ProductionVariants: [{ ModelName: 'model' }] }))).toBe('not applicable');
    expect(verdict(rule, config(mixed))).toEqual(['EnableNetworkIsolation', 'VpcConfig', 'ExecutionRoleArn']);
    expectAgreement(rule, config({ ProductionVariants: [{ ModelName: 'model' }] }));
    expectAgreement(rule, config(mixed));
  });
});

describe('an update', () => {
  const rule = ruleOf('EndpointAutoRollback');
  const ALARMS = 'DeploymentConfig.AutoRollbackConfiguration.Alarms';
  const ROUTING = 'DeploymentConfig.BlueGreenUpdatePolicy.TrafficRoutingConfiguration.Type';
  const deploy = (DeploymentConfig: object, more: object = {}) =>
    changed(rule.compliant, 'Endpoint', { DeploymentConfig, ...more });
  const rollback = (...names: unknown[]) => ({
    AutoRollbackConfiguration: { Alarms: names.map((AlarmName) => ({ AlarmName })) },
    RollingUpdatePolicy: { MaximumBatchSize: { Type: 'CAPACITY_PERCENT', Value: 10 } },
  });

  test('is rolling, canary or linear, not all at once, which is the default', () => {
    expect(verdict(rule, deploy(rollback({ Ref: 'Alarm' })))).toBe('compliant');
    const { AutoRollbackConfiguration } = rollback({ Ref: 'Alarm' });
    expect(verdict(rule, deploy({ AutoRollbackConfiguration }))).toEqual([ROUTING]);
    expect(verdict(rule, deploy({}))).toEqual([ROUTING, ALARMS]);
  });

  test('is watched on this endpoint: an alarm on another one takes nothing back', () => {
    const dimension = (Value: unknown) => [{ Name: 'EndpointName', Value }];
    const watching = (properties: object) => changed(deploy(rollback({ Ref: 'Alarm' })), 'Alarm', properties);
    expect(verdict(rule, watching({ Dimensions: dimension('another-endpoint') }))).toEqual([ALARMS]);
    expect(verdict(rule, watching({ Dimensions: [] }))).toEqual([ALARMS]);
    expect(verdict(rule, watching({ Dimensions: [{ Name: 'VariantName', Value: 'scoring' }] }))).toEqual([ALARMS]);
    const Metrics = [{ Id: 'rate', MetricStat: { Metric: { Dimensions: dimension('scoring') } } }];
    const expression = changed(deploy(rollback({ Ref: 'Alarm' })), 'Alarm', { Dimensions: undefined, Metrics });
    expect(verdict(rule, JSON.parse(JSON.stringify(expression)))).toBe('compliant');
  });

  test('is watched through a name that only a deployment knows, if both take it from there', () => {
    const Ref = 'Name';
    const named = changed(deploy(rollback({ Ref: 'Alarm' }), { EndpointName: { Ref } }), 'Alarm', {
      Dimensions: [{ Name: 'EndpointName', Value: { Ref } }],
    });
    expect(verdict(rule, named)).toBe('compliant');
  });

  test('may name its alarms as they are called; what an alarm elsewhere watches cannot be judged', () => {
    const named = changed(deploy(rollback('errors')), 'Alarm', { AlarmName: 'errors' });
    expect(verdict(rule, named)).toBe('compliant');
    expect(verdict(rule, deploy(rollback('elsewhere')))).toEqual([`unresolved ${ALARMS}.0.AlarmName`]);
    expect(verdict(rule, deploy(rollback('elsewhere', { Ref: 'Alarm' })))).toBe('compliant');
  });

  test('of a serverless or staging endpoint is its own affair', () => {
    const Config = config(SERVERLESS).Config;
    const linked = changed(rule.nonCompliant, 'Endpoint', {
      EndpointConfigName: { 'Fn::GetAtt': ['Config', 'EndpointConfigName'] },
    });
    expect(verdict(rule, { ...linked, Config })).toBe('not applicable');
    const Tags = tags({ 'ai:stage': 'staging' });
    expect(verdict(rule, changed(rule.nonCompliant, 'Endpoint', { Tags }))).toBe('not applicable');
  });
});

describe('an endpoint is monitored', () => {
  const rule = ruleOf('EndpointMonitored');
  const schedule = (change: object, properties: object = {}) => ({
    Type: 'AWS::SageMaker::MonitoringSchedule',
    Properties: { MonitoringScheduleConfig: { MonitoringType: 'DataQuality', ...change }, ...properties },
  });
  const endpoint = (entries: Record<string, string> = {}) => ({
    Endpoint: { Type: 'AWS::SageMaker::Endpoint', Properties: { EndpointName: 'scoring', Tags: tags(entries) } },
  });
  const every = (ScheduleExpression: unknown) => ({ ScheduleConfig: { ScheduleExpression } });
  const named = { EndpointName: 'scoring' };

  test('by a schedule that names it, defines its job in place, or names a definition', () => {
    const inline = { MonitoringJobDefinition: { MonitoringInputs: [{ EndpointInput: { EndpointName: 'scoring' } }] } };
    const arn = { EndpointName: { Ref: 'Endpoint' } };
    for (const Schedule of [schedule({}, named), schedule(inline), schedule({}, arn)]) {
      expect(verdict(rule, { ...endpoint(), Schedule })).toBe('compliant');
    }
    const literal = changed(rule.compliant, 'Job', { JobDefinitionName: 'daily' });
    const Schedule = schedule({ MonitoringJobDefinitionName: 'daily' });
    expect(verdict(rule, { ...literal, Schedule })).toBe('compliant');
  });

  test.each([
    ['cron(0 * ? * * *)', 'compliant'],
    ['cron(0 12 ? * * *)', 'compliant'],
    ['cron(0 0/6 ? * * *)', 'compliant'],
    [undefined, 'compliant'],
    ['NOW', ['EndpointName']],
    ['cron(0 12 ? * MON *)', ['EndpointName']],
    [{ Ref: 'When' }, ['unresolved EndpointName']],
  ])('at least daily: %j is %j', (expression, expected) => {
    const Schedule = schedule(expression === undefined ? {} : every(expression), named);
    expect(verdict(rule, { ...endpoint(), Schedule })).toEqual(expected);
  });

  describe('by a function of the owner', () => {
    const own = (ScheduleExpression: string, Resource: string, more: object = {}) => ({
      Endpoint: {
        Type: 'AWS::SageMaker::Endpoint',
        Properties: {
          EndpointName: 'scoring',
          EndpointConfigName: { Ref: 'Config' },
          Tags: tags({ 'ai:impact': 'high' }),
        },
      },
      Config: {
        Type: 'AWS::SageMaker::EndpointConfig',
        Properties: { DataCaptureConfig: { DestinationS3Uri: 's3://captures/scoring' } },
      },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          Policies: [
            { PolicyName: 'p', PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource }] } },
          ],
        },
      },
      Monitor: { Type: 'AWS::Lambda::Function', Properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
      Daily: {
        Type: 'AWS::Events::Rule',
        Properties: { ScheduleExpression, Targets: [{ Arn: { 'Fn::GetAtt': ['Monitor', 'Arn'] } }], ...more },
      },
    });
    const captures = 'arn:aws:s3:::captures/*';

    test.each([
      ['daily, on the captures', own('rate(1 day)', captures), 'compliant'],
      ['at an hour of each day', own('cron(0 3 * * ? *)', captures), 'compliant'],
      ['weekly', own('rate(7 days)', captures), ['EndpointName']],
      ['on Mondays', own('cron(0 3 ? * MON *)', captures), ['EndpointName']],
      ['daily, on another bucket', own('rate(1 day)', 'arn:aws:s3:::other/*'), ['EndpointName']],
      ['never, because it is off', own('rate(1 day)', captures, { State: 'DISABLED' }), ['EndpointName']],
    ])('%s', (_, resources, expected) => {
      expect(verdict(rule, resources)).toEqual(expected);
    });
  });

  test('while the schedule runs', () => {
    const Schedule = schedule({}, { ...named, MonitoringScheduleStatus: 'Stopped' });
    expect(verdict(rule, { ...endpoint(), Schedule })).toEqual(['EndpointName']);
  });

  test('in all four ways if it is of high impact, and told once what is missing', () => {
    const kinds = ['DataQuality', 'ModelQuality', 'ModelBias', 'ModelExplainability'];
    const all = Object.fromEntries(
      kinds.map((MonitoringType) => [MonitoringType, schedule({ MonitoringType }, named)]),
    );
    const high = endpoint({ 'ai:impact': 'high' });
    expect(verdict(rule, { ...high, ...all })).toBe('compliant');
    expect(judge(rule, { ...high, DataQuality: all.DataQuality }).violations.map(({ message }) => message)).toEqual([
      'found no schedule that monitors ModelQuality, ModelBias, ModelExplainability of this endpoint at least daily',
    ]);
    expect(verdict(rule, { ...endpoint({ 'ai:impact': 'limited' }), ModelBias: all.ModelBias })).toEqual([
      'EndpointName',
    ]);
  });

  test('by the type of the definition, whatever the schedule calls it', () => {
    const Job = {
      Type: 'AWS::SageMaker::ModelBiasJobDefinition',
      Properties: { ModelBiasJobInput: { EndpointInput: { EndpointName: 'scoring' } } },
    };
    expect(verdict(rule, { ...rule.compliant, Job })).toEqual(['EndpointName']);
  });

  test('or not: a definition that the assembly does not make decides', () => {
    const Schedule = schedule({ MonitoringJobDefinitionName: 'made-elsewhere' });
    expect(verdict(rule, { ...endpoint(), Schedule })).toEqual(['unresolved EndpointName']);
  });

  test('if it answers in real time, in production', () => {
    const bound = changed(endpoint(), 'Endpoint', { EndpointConfigName: { Ref: 'Config' } });
    expect(verdict(rule, { ...bound, ...config(SERVERLESS) })).toBe('not applicable');
    expect(verdict(rule, { ...bound, ...config(ASYNC) })).toBe('not applicable');
    expect(verdict(rule, endpoint({ 'ai:stage': 'dev' }))).toBe('not applicable');
    expect(verdict(rule, endpoint())).toEqual(['EndpointName']);
  });
});

describe('a monitoring job', () => {
  const NetworkConfig = {
    EnableInterContainerTrafficEncryption: true,
    VpcConfig: { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
  };
  const job = (type: string, Properties: object) => ({ Job: { Type: `AWS::SageMaker::${type}`, Properties } });
  const inline = (MonitoringJobDefinition: object) =>
    job('MonitoringSchedule', { MonitoringScheduleConfig: { MonitoringJobDefinition } });
  const INLINE = 'MonitoringScheduleConfig.MonitoringJobDefinition';

  test('is isolated, except one that asks the model for explanations', () => {
    const rule = ruleOf('MonitoringIsolated');
    for (const type of ['DataQuality', 'ModelBias', 'ModelQuality']) {
      expect(verdict(rule, job(`${type}JobDefinition`, { NetworkConfig }))).toEqual([
        'NetworkConfig.EnableNetworkIsolation',
      ]);
    }
    expect(verdict(rule, job('ModelExplainabilityJobDefinition', { NetworkConfig }))).toBe('compliant');
    expect(verdict(rule, job('ModelExplainabilityJobDefinition', {}))).toEqual(['NetworkConfig']);
  });

  test('that a schedule defines in place is judged there', () => {
    expect(verdict(ruleOf('MonitoringIsolated'), inline({ NetworkConfig }))).toEqual([
      `${INLINE}.NetworkConfig.EnableNetworkIsolation`,
    ]);
    expect(verdict(ruleOf('MonitoringBaseline'), inline({}))).toHaveLength(2);
    expect(verdict(ruleOf('MonitoringCmk'), inline({}))).toHaveLength(2);
    expectAgreement(ruleOf('MonitoringCmk'), inline({}));
    expectAgreement(ruleOf('MonitoringIsolated'), inline({ NetworkConfig }));
  });

  test('needs no volume key on instances that keep their own; its report always does', () => {
    const rule = ruleOf('MonitoringCmk');
    const on = (InstanceType: unknown, output: object) =>
      job('ModelQualityJobDefinition', {
        JobResources: { ClusterConfig: { InstanceType } },
        ModelQualityJobOutputConfig: output,
      });
    expect(verdict(rule, on('ml.g5.xlarge', { KmsKeyId: 'key' }))).toBe('compliant');
    expect(verdict(rule, on('ml.g5.xlarge', {}))).toEqual(['ModelQualityJobOutputConfig.KmsKeyId']);
    expect(verdict(rule, on('ml.m5.xlarge', { KmsKeyId: 'key' }))).toEqual([
      'JobResources.ClusterConfig.VolumeKmsKeyId',
    ]);
    expect(verdict(rule, on({ Ref: 'InstanceType' }, { KmsKeyId: 'key' }))).toEqual([
      'unresolved JobResources.ClusterConfig.VolumeKmsKeyId',
    ]);
    expectAgreement(rule, on('ml.g5.xlarge', { KmsKeyId: 'key' }));
    expectAgreement(rule, on('ml.m5.xlarge', { KmsKeyId: 'key' }));
  });

  test('compares with constraints, or with what a baselining job found', () => {
    const rule = ruleOf('MonitoringBaseline');
    const baselined = (kind: string, baseline: object) =>
      job(`${kind}JobDefinition`, { [`${kind}BaselineConfig`]: baseline });
    expect(verdict(rule, baselined('DataQuality', { BaseliningJobName: 'baseline' }))).toBe('compliant');
    expect(verdict(rule, baselined('ModelBias', { ConstraintsResource: { S3Uri: 's3://c' } }))).toBe('compliant');
    expect(verdict(rule, baselined('ModelBias', {}))).toEqual(['ModelBiasBaselineConfig.ConstraintsResource.S3Uri']);
    expectAgreement(rule, baselined('DataQuality', { BaseliningJobName: 'baseline' }));
  });
});

describe('a feature group', () => {
  const group = (Properties: object) => ({ Group: { Type: 'AWS::SageMaker::FeatureGroup', Properties } });
  const online = { OnlineStoreConfig: { EnableOnlineStore: true } };

  test('needs a key for each store that it uses', () => {
    const rule = ruleOf('FeatureGroupCmk');
    expect(verdict(rule, group({ OnlineStoreConfig: { EnableOnlineStore: false } }))).toBe('not applicable');
    expect(verdict(rule, group({ ...online, OfflineStoreConfig: {} }))).toEqual([
      'OnlineStoreConfig.SecurityConfig.KmsKeyId',
      'OfflineStoreConfig.S3StorageConfig.KmsKeyId',
    ]);
    expectAgreement(rule, group(online));
    expectAgreement(rule, group({ OnlineStoreConfig: { EnableOnlineStore: 'true' } }));
    expectAgreement(rule, group({}));
  });

  test('lets personal data expire in the online store, where SageMaker can do it', () => {
    const rule = ruleOf('FeatureGroupTtl');
    const Tags = tags({ 'ai:data-class': 'confidential personal' });
    expect(verdict(rule, group({ ...online, Tags }))).toHaveLength(2);
    expect(verdict(rule, group({ OfflineStoreConfig: {}, Tags }))).toBe('not applicable');
    expect(verdict(rule, group({ ...online, Tags: tags({ 'ai:data-class': 'public' }) }))).toBe('not applicable');
  });
});

test('an experiment on instances that keep their key needs one for what it stores only', () => {
  const rule = ruleOf('InferenceExperimentCmk');
  const experiment = (InstanceType: string, more: object) => ({
    Experiment: {
      Type: 'AWS::SageMaker::InferenceExperiment',
      Properties: {
        ModelVariants: [{ InfrastructureConfig: { RealTimeInferenceConfig: { InstanceType } } }],
        ...more,
      },
    },
  });
  expect(verdict(rule, experiment('ml.g5.xlarge', {}))).toBe('compliant');
  expect(verdict(rule, experiment('ml.m5.large', {}))).toEqual(['KmsKey']);
  expect(verdict(rule, experiment('ml.g5.xlarge', { DataStorageConfig: {} }))).toEqual(['DataStorageConfig.KmsKey']);
  expectAgreement(rule, experiment('ml.g5.xlarge', {}));
  expectAgreement(rule, experiment('ml.m5.large', {}));
});

describe('people who review', () => {
  const rule = ruleOf('WorkteamPrivate');
  const workforce = (Properties: object) => ({ Workforce: { Type: 'AWS::SageMaker::Workforce', Properties } });
  const team = (...MemberDefinitions: object[]) => ({
    Team: { Type: 'AWS::SageMaker::Workteam', Properties: { MemberDefinitions } },
  });

  test('come from known networks', () => {
    for (const [Cidrs, expected] of [
      [['192.0.2.0/24'], 'compliant'],
      [['192.0.2.0/24', '0.0.0.0/0'], ['SourceIpConfig.Cidrs']],
      [['::/0'], ['SourceIpConfig.Cidrs']],
    ] as const) {
      expect(verdict(rule, workforce({ SourceIpConfig: { Cidrs } }))).toEqual(expected);
      expectAgreement(rule, workforce({ SourceIpConfig: { Cidrs } }));
    }
    expect(verdict(rule, workforce({ WorkforceVpcConfig: { VpcId: 'vpc-1' } }))).toBe('compliant');
    expectAgreement(rule, workforce({ WorkforceVpcConfig: { VpcId: 'vpc-1' } }));
    expect(verdict(rule, workforce({ SourceIpConfig: { Cidrs: { Ref: 'Networks' } } }))).toEqual([
      'unresolved SourceIpConfig.Cidrs',
    ]);
  });

  test('are groups of an identity provider', () => {
    const cognito = { CognitoMemberDefinition: { CognitoUserGroup: 'reviewers' } };
    expect(verdict(rule, team(cognito))).toBe('compliant');
    expect(verdict(rule, team(cognito, {}))).toEqual(['MemberDefinitions.1.CognitoMemberDefinition.CognitoUserGroup']);
    expect(verdict(rule, team())).toEqual(['MemberDefinitions']);
  });
});

describe('an MLflow server', () => {
  const rule = ruleOf('MlflowArtifactStore');
  const app = (Properties: object) => ({ App: { Type: 'AWS::SageMaker::MlflowApp', Properties } });

  test('keeps artifacts in a versioned bucket with a key; a bucket elsewhere cannot be judged', () => {
    const at = 'ArtifactStoreUri';
    const encrypted = (KMSMasterKeyID?: string) =>
      changed(rule.compliant, 'Bucket', {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { KMSMasterKeyID } }],
        },
      });
    expect(verdict(rule, rule.nonCompliant)).toEqual([at, at]);
    expect(verdict(rule, encrypted('alias/aws/s3'))).toEqual([at]);
    expect(
      verdict(rule, changed(rule.compliant, 'Bucket', { VersioningConfiguration: { Status: 'Suspended' } })),
    ).toEqual([at]);
    expect(verdict(rule, app({ ArtifactStoreUri: 's3://elsewhere/runs' }))).toEqual([`unresolved ${at}`]);
    expect(verdict(rule, app({ ArtifactStoreUri: { Ref: 'Uri' } }))).toEqual([`unresolved ${at}`]);
  });

  test('registers no model by itself, in either of its forms', () => {
    const registering = changed(rule.compliant, 'Server', { AutomaticModelRegistration: true });
    expect(verdict(rule, registering)).toEqual(['AutomaticModelRegistration']);
    const { Bucket } = rule.compliant;
    const ArtifactStoreUri = (rule.compliant.Server.Properties as { ArtifactStoreUri: object }).ArtifactStoreUri;
    const mode = (ModelRegistrationMode: string) => ({ ...app({ ArtifactStoreUri, ModelRegistrationMode }), Bucket });
    expect(verdict(rule, mode('AutoModelRegistrationEnabled'))).toEqual(['ModelRegistrationMode']);
    expect(verdict(rule, mode('AutoModelRegistrationDisabled'))).toBe('compliant');
  });
});
