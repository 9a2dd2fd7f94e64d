import type { Rule } from '../../../../lib/compliance';
import { TRAINING_RULES } from '../../../../lib/compliance/rules/training';
import { sageMakerAlgorithmImagePinned } from '../../../../lib/compliance/rules/training/algorithm-image-pinned';
import { sageMakerClusterHardened } from '../../../../lib/compliance/rules/training/cluster-hardened';
import { sageMakerClusterMaintained } from '../../../../lib/compliance/rules/training/cluster-maintained';
import { sageMakerIamJobGuardConditions } from '../../../../lib/compliance/rules/training/iam-job-guard-conditions';
import { sageMakerPipelineBounded } from '../../../../lib/compliance/rules/training/pipeline-bounded';
import { sageMakerPipelineManualApproval } from '../../../../lib/compliance/rules/training/pipeline-manual-approval';
import { sageMakerPipelineQualityGate } from '../../../../lib/compliance/rules/training/pipeline-quality-gate';
import { sageMakerProcessingJobCmk } from '../../../../lib/compliance/rules/training/processing-job-cmk';
import { sageMakerTrainingEncryption } from '../../../../lib/compliance/rules/training/training-encryption';
import { sageMakerTrainingNetworkIsolation } from '../../../../lib/compliance/rules/training/training-network-isolation';
import { sageMakerTrainingNoRemoteDebug } from '../../../../lib/compliance/rules/training/training-no-remote-debug';
import { guardJudge } from '../../../support/guard';
import { changed, describeRules, judge, verdict } from '../../../support/rules';

describeRules(TRAINING_RULES);

const BODY = 'PipelineDefinition.PipelineDefinitionBody';
const VpcConfig = { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] };

const machineOf = (Properties: object) => ({ Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties } });

/** A state machine that starts a job in a branch. */
const starting = (Parameters: object | undefined, call = 'createTrainingJob.sync', service = 'sagemaker') => {
  const Train = { Type: 'Task', Resource: `arn:aws:states:::${service}:${call}`, Parameters };
  const States = { Fork: { Type: 'Parallel', Branches: [{ States: { Train } }] } };
  return machineOf({ DefinitionString: JSON.stringify({ States }) });
};

const pipelineOf = (PipelineDefinitionBody: unknown) => ({
  Pipeline: { Type: 'AWS::SageMaker::Pipeline', Properties: { PipelineDefinition: { PipelineDefinitionBody } } },
});

const withSteps = (Steps: object[], Parameters: object[] = []) => pipelineOf(JSON.stringify({ Steps, Parameters }));

describe('a job of a state machine', () => {
  const isolated = { EnableNetworkIsolation: true, VpcConfig };

  test('is found in a branch, and through the SDK integration', () => {
    const open = { ...isolated, EnableNetworkIsolation: false };
    const rule = sageMakerTrainingNetworkIsolation;
    expect(verdict(rule, starting(isolated))).toBe('compliant');
    expect(verdict(rule, starting(open))).toEqual(['DefinitionString']);
    expect(verdict(rule, starting(open, 'createTrainingJob', 'aws-sdk:sagemaker'))).toEqual(['DefinitionString']);
  });

  test.each([
    ['a parameter comes from the input', { VpcConfig, 'EnableNetworkIsolation.$': '$.isolated' }],
    ['a parameter is a JSONata expression', { VpcConfig, EnableNetworkIsolation: '{% $isolated %}' }],
    ['a parameter is a substitution', { VpcConfig, EnableNetworkIsolation: '${' + 'Isolated}' }],
    ['all parameters are the input', undefined],
  ])('is neither broken nor proven where %s', (_, parameters) => {
    expect(verdict(sageMakerTrainingNetworkIsolation, starting(parameters))).toEqual(['unresolved DefinitionString']);
  });

  test('may take its VPC and its keys from the input, whole or in part', () => {
    const network = { EnableNetworkIsolation: true, 'VpcConfig.$': '$.network' };
    expect(verdict(sageMakerTrainingNetworkIsolation, starting(network))).toBe('compliant');
    const encryption = {
      EnableInterContainerTrafficEncryption: true,
      ResourceConfig: { InstanceType: 'ml.m5.large', 'VolumeKmsKeyId.$': '$.key' },
      'OutputDataConfig.$': '$.output',
    };
    expect(verdict(sageMakerTrainingEncryption, starting(encryption))).toBe('compliant');
  });

  test('needs a volume key unless its instances keep their own, and AWS cannot be the owner', () => {
    const on = (ResourceConfig: object) =>
      verdict(
        sageMakerTrainingEncryption,
        starting({
          EnableInterContainerTrafficEncryption: true,
          OutputDataConfig: { KmsKeyId: 'key' },
          ResourceConfig,
        }),
      );
    expect(on({ InstanceType: 'ml.p4d.24xlarge' })).toBe('compliant');
    expect(on({ InstanceType: 'ml.m5.large' })).toEqual(['DefinitionString']);
    expect(on({ InstanceType: 'ml.m5.large', VolumeKmsKeyId: 'alias/aws/ebs' })).toEqual(['DefinitionString']);
  });

  test.each([
    ['createTrainingJob', 3, 3],
    ['createHyperParameterTuningJob', 3, 3],
    ['createProcessingJob', 3, 2],
    ['createTransformJob', 0, 2],
  ])('that calls %s must say %i things of its network and %i of its keys', (call, network, keys) => {
    const count = (rule: Rule) => judge(rule, starting({}, call)).violations.length;
    expect([count(sageMakerTrainingNetworkIsolation), count(sageMakerTrainingEncryption)]).toEqual([network, keys]);
  });

  test('is judged in each training job definition of a tuning job', () => {
    const tuning = (...TrainingJobDefinitions: object[]) =>
      starting({ TrainingJobDefinitions }, 'createHyperParameterTuningJob');
    const open = { ...isolated, EnableNetworkIsolation: false };
    expect(verdict(sageMakerTrainingNetworkIsolation, tuning(isolated, isolated))).toBe('compliant');
    expect(judge(sageMakerTrainingNetworkIsolation, tuning(isolated, open)).violations).toMatchObject([
      { message: 'Train: found false as EnableNetworkIsolation, expected true' },
    ]);
  });

  test('is judged in a definition that is an object', () => {
    const States = { Train: { Resource: 'arn:aws:states:::sagemaker:createTrainingJob', Parameters: isolated } };
    expect(verdict(sageMakerTrainingNetworkIsolation, machineOf({ Definition: { States } }))).toBe('compliant');
    expect(verdict(sageMakerTrainingEncryption, machineOf({ Definition: { States } }))).toEqual(
      Array(3).fill('Definition'),
    );
  });

  test('that starts no job is not judged; one whose definition is elsewhere cannot be', () => {
    const rule = sageMakerTrainingNetworkIsolation;
    expect(verdict(rule, machineOf({ DefinitionString: '{"States":{}}' }))).toBe('not applicable');
    expect(verdict(rule, machineOf({ DefinitionS3Location: { Bucket: 'b' } }))).toEqual([
      'unresolved DefinitionString',
    ]);
  });

  test('whose debugging the input decides is not called closed', () => {
    const RemoteDebugConfig = { 'EnableRemoteDebug.$': '$.debug' };
    expect(verdict(sageMakerTrainingNoRemoteDebug, starting({ RemoteDebugConfig }))).toEqual([
      'unresolved DefinitionString',
    ]);
    expect(verdict(sageMakerTrainingNoRemoteDebug, starting({}))).toBe('compliant');
  });
});

describe('a job of a pipeline', () => {
  test('is found in the branch of a Condition', () => {
    const Train = { Name: 'Train', Type: 'Training', Arguments: { EnableNetworkIsolation: true } };
    const steps = [{ Name: 'If', Type: 'Condition', Arguments: { IfSteps: [Train], ElseSteps: [] } }];
    expect(verdict(sageMakerTrainingNetworkIsolation, withSteps(steps))).toEqual([BODY, BODY]);
  });

  test('has no output key to name where it has no output', () => {
    const prepare = (more: object) =>
      withSteps([
        {
          Name: 'Prepare',
          Type: 'Processing',
          Arguments: {
            NetworkConfig: { EnableInterContainerTrafficEncryption: true },
            ProcessingResources: { ClusterConfig: { VolumeKmsKeyId: 'key' } },
            ...more,
          },
        },
      ]);
    expect(verdict(sageMakerTrainingEncryption, prepare({}))).toBe('compliant');
    expect(verdict(sageMakerTrainingEncryption, prepare({ ProcessingOutputConfig: { Outputs: [] } }))).toEqual([BODY]);
  });

  test('is bounded as a tuning job, and not at all as a transform job', () => {
    const bounded = (step: object) => {
      const { Pipeline } = withSteps([step]);
      const ParallelismConfiguration = { MaxParallelExecutionSteps: 2 };
      return { Pipeline: { ...Pipeline, Properties: { ...Pipeline.Properties, ParallelismConfiguration } } };
    };
    const tuning = (TrainingJobDefinition: object) => ({
      Name: 'Tune',
      Type: 'Tuning',
      Arguments: { TrainingJobDefinition },
    });
    const StoppingCondition = { MaxRuntimeInSeconds: 60 };
    expect(verdict(sageMakerPipelineBounded, bounded(tuning({ StoppingCondition })))).toBe('compliant');
    expect(verdict(sageMakerPipelineBounded, bounded(tuning({})))).toEqual([BODY]);
    expect(verdict(sageMakerPipelineBounded, bounded({ Name: 'T', Type: 'Transform', Arguments: {} }))).toBe(
      'compliant',
    );
  });

  test('cannot be judged in a definition that lies in S3 or is no JSON', () => {
    const rules = [sageMakerTrainingNetworkIsolation, sageMakerPipelineQualityGate, sageMakerPipelineManualApproval];
    for (const rule of rules) {
      expect(verdict(rule, pipelineOf(undefined))).toEqual([`unresolved ${BODY}`]);
      expect(verdict(rule, pipelineOf('{'))).toEqual([`unresolved ${BODY}`]);
    }
  });
});

describe('the gates of a pipeline', () => {
  const check = { Name: 'CheckData', Type: 'QualityCheck' };
  const train = { Name: 'Train', Type: 'Training', DependsOn: ['CheckData'] };
  const evaluate = { Name: 'Evaluate', Type: 'Processing', Arguments: { Uri: { Get: 'Steps.Train.ModelArtifacts' } } };
  const register = {
    Name: 'Register',
    Type: 'RegisterModel',
    Arguments: { Uri: { Get: 'Steps.Train.ModelArtifacts' } },
  };
  const report = { 'Std:JsonGet': { PropertyFile: { Get: 'Steps.Evaluate.PropertyFiles.Report' }, Path: 'mse' } };
  const decide = (IfSteps: object[], more = {}) => ({
    Name: 'Decide',
    Type: 'Condition',
    Arguments: { Conditions: [{ LeftValue: report }], IfSteps, ElseSteps: [] },
    ...more,
  });
  const verdictOf = (...steps: object[]) => {
    const { violations, compliant } = judge(sageMakerPipelineQualityGate, withSteps(steps));
    return compliant.length > 0 ? 'compliant' : violations.map(({ message }) => message.split(':')[0]);
  };

  test('stand before training and before registration', () => {
    expect(verdictOf(check, train, evaluate, decide([register]))).toBe('compliant');
  });

  test.each([
    ['no check of the data', [{ ...train, DependsOn: [] }, evaluate, decide([register])], ['Train']],
    ['a check that is skipped', [{ ...check, SkipCheck: true }, train, evaluate, decide([register])], ['Train']],
    [
      'a check that only reports',
      [{ ...check, FailOnViolation: false }, train, evaluate, decide([register])],
      ['Train'],
    ],
    ['a check beside the path', [check, { ...train, DependsOn: [] }, evaluate, decide([register])], ['Train']],
    ['a check of the data alone', [check, train, register], ['Register']],
    [
      'a Condition that it only waits for',
      [check, train, evaluate, decide([]), { ...register, DependsOn: ['Decide'] }],
      ['Register'],
    ],
    [
      'a Condition that looks at nothing that was trained',
      [check, train, { ...decide([register]), Arguments: { Conditions: [], IfSteps: [register] } }],
      ['Register'],
    ],
  ])('are missing with %s', (_, steps, expected) => {
    expect(verdictOf(...steps)).toEqual(expected);
  });

  test('may be a check step after training, and a Condition that decides over an earlier step', () => {
    const clarify = { Name: 'Bias', Type: 'ClarifyCheck', DependsOn: ['Train'] };
    expect(verdictOf(check, train, clarify, { ...register, DependsOn: ['Bias'] })).toBe('compliant');
    const pack = { Name: 'Pack', Type: 'Model', Arguments: {} };
    expect(verdictOf(check, train, evaluate, decide([pack]), { ...register, DependsOn: ['Pack'] })).toBe('compliant');
  });

  test('of a model that is trained elsewhere need not look at training, and steps may wait in a circle', () => {
    expect(verdictOf(check, { Name: 'Register', Type: 'RegisterModel', DependsOn: ['CheckData'] })).toBe('compliant');
    expect(
      verdictOf({ ...train, DependsOn: ['Other'] }, { Name: 'Other', Type: 'Processing', DependsOn: ['Train'] }),
    ).toEqual(['Train']);
    expect(verdict(sageMakerPipelineQualityGate, withSteps([evaluate]))).toBe('not applicable');
  });
});

describe('the approval of a pipeline', () => {
  const registering = (ModelApprovalStatus: unknown, ...parameters: object[]) =>
    verdict(
      sageMakerPipelineManualApproval,
      withSteps([{ Name: 'Register', Type: 'RegisterModel', Arguments: { ModelApprovalStatus } }], parameters),
    );
  const parameter = { Get: 'Parameters.Status' };

  test('is pending without a status', () => {
    expect(registering(undefined)).toBe('compliant');
    expect(registering('Rejected')).toBe('compliant');
  });

  test('is with whoever starts it, where the status is a parameter', () => {
    expect(registering(parameter, { Name: 'Status', DefaultValue: 'PendingManualApproval' })).toEqual([
      `unresolved ${BODY}`,
    ]);
    expect(registering(parameter, { Name: 'Status', DefaultValue: 'Approved' })).toEqual([BODY]);
    expect(registering(parameter, { Name: 'Status', EnumValues: ['PendingManualApproval', 'Rejected'] })).toBe(
      'compliant',
    );
    expect(registering({ Get: 'Steps.Judge.OutputParameters.Status' })).toEqual([`unresolved ${BODY}`]);
  });
});

describe('the guard of a job', () => {
  const allow = { Effect: 'Allow', Action: 'sagemaker:CreateTransformJob', Resource: '*' };
  const deny = (Condition: object, more = {}) => ({ ...allow, Effect: 'Deny', Condition, ...more });
  const missing = (key: string) => deny({ Null: { [`sagemaker:${key}`]: 'true' } });
  const guards = [missing('VolumeKmsKeyArn'), missing('OutputKmsKeyArn')];
  const policyOf = (Statement: object[], more = {}) => ({
    Policy: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: { Statement }, ...more } },
  });
  const verdictOf = (template: object) => verdict(sageMakerIamJobGuardConditions, template);
  const open = ['PolicyDocument.Statement.0'];

  test.each([
    ['each key', guards, 'compliant'],
    ['one key only', [guards[0]], open],
    [
      'both keys in one condition, which must both be missing',
      [deny({ Null: { 'sagemaker:VolumeKmsKeyArn': 'true', 'sagemaker:OutputKmsKeyArn': 'true' } })],
      open,
    ],
    [
      'the wrong key, which a missing key is too',
      [deny({ ArnNotEquals: { 'sagemaker:VolumeKmsKeyArn': 'arn' } }), guards[1]],
      'compliant',
    ],
    [
      'the wrong key where there is one',
      [deny({ 'ForAnyValue:ArnNotEquals': { 'sagemaker:VolumeKmsKeyArn': 'arn' } }), guards[1]],
      open,
    ],
    [
      'some callers',
      [
        deny({ Null: { 'sagemaker:VolumeKmsKeyArn': 'true' }, StringEquals: { 'aws:PrincipalTag/team': 'a' } }),
        guards[1],
      ],
      open,
    ],
    [
      'other resources',
      [{ ...guards[0], Resource: 'arn:aws:sagemaker:eu-west-1:111122223333:transform-job/a' }, guards[1]],
      open,
    ],
    ['another action', [{ ...guards[0], Action: 'sagemaker:CreateTrainingJob' }, guards[1]], open],
    ['everything', [deny({})], 'compliant'],
  ])('that denies %s', (_, denials, expected) => {
    expect(verdictOf(policyOf([allow, ...denials]))).toEqual(expected);
  });

  test('on a switch stops the wrong value and the missing one', () => {
    const create = { Action: 'sagemaker:CreateModel' };
    const vpc = deny({ Null: { 'sagemaker:VpcSubnets': 'true', 'sagemaker:VpcSecurityGroupIds': 'true' } }, create);
    const model = (condition: object) => verdictOf(policyOf([{ ...allow, ...create }, vpc, deny(condition, create)]));
    expect(model({ Bool: { 'sagemaker:NetworkIsolation': 'false' } })).toEqual(open);
    expect(model({ Null: { 'sagemaker:NetworkIsolation': true } })).toEqual(open);
    expect(model({ BoolIfExists: { 'sagemaker:NetworkIsolation': false } })).toBe('compliant');
    expect(model({ StringNotEquals: { 'sagemaker:NetworkIsolation': 'true' } })).toBe('compliant');
  });

  test('may be in the Allow itself', () => {
    const only = (Condition: object) => verdictOf(policyOf([{ ...allow, Condition }]));
    expect(only({ Null: { 'sagemaker:VolumeKmsKeyArn': 'false', 'sagemaker:OutputKmsKeyArn': 'false' } })).toBe(
      'compliant',
    );
    expect(only({ ArnEquals: { 'sagemaker:VolumeKmsKeyArn': 'a', 'sagemaker:OutputKmsKeyArn': 'a' } })).toBe(
      'compliant',
    );
    expect(only({ ArnEqualsIfExists: { 'sagemaker:VolumeKmsKeyArn': 'a', 'sagemaker:OutputKmsKeyArn': 'a' } })).toEqual(
      open,
    );
  });

  test('may be in another policy of the role, for every role that has the Allow', () => {
    const role = (Properties: object) => ({ Type: 'AWS::IAM::Role', Properties });
    const guard = (Roles: object[]) => policyOf(guards, { Roles }).Policy;
    const both = { A: role({}), B: role({}), ...policyOf([allow], { Roles: [{ Ref: 'A' }, { Ref: 'B' }] }) };
    expect(verdictOf({ ...both, Guard: guard([{ Ref: 'A' }, { Ref: 'B' }]) })).toBe('compliant');
    expect(verdictOf({ ...both, Guard: guard([{ Ref: 'A' }]) })).toEqual(open);
  });

  test('may be in the boundary, as a Deny or as what it does not allow', () => {
    const Policies = [{ PolicyName: 'Jobs', PolicyDocument: { Statement: [allow] } }];
    const bounded = (...Statement: object[]) => ({
      Role: { Type: 'AWS::IAM::Role', Properties: { Policies, PermissionsBoundary: { Ref: 'Policy' } } },
      ...policyOf(Statement),
    });
    const inline = ['Policies.0.PolicyDocument.Statement.0'];
    expect(verdictOf(bounded(allow, ...guards))).toBe('compliant');
    expect(verdictOf(bounded({ ...allow, Action: 's3:GetObject' }))).toBe('compliant');
    expect(verdictOf(bounded(allow))).toEqual(inline);
    expect(verdictOf(bounded({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }))).toEqual(inline);
  });

  test('may be in a policy that the assembly does not hold, unless AWS wrote it', () => {
    const Policies = [{ PolicyName: 'Jobs', PolicyDocument: { Statement: [allow] } }];
    const having = (arn: string) =>
      verdictOf({ Role: { Type: 'AWS::IAM::Role', Properties: { Policies, ManagedPolicyArns: [arn] } } });
    expect(having('arn:aws:iam::111122223333:policy/guard')).toEqual([
      'unresolved Policies.0.PolicyDocument.Statement.0',
    ]);
    expect(having('arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess')).toEqual(['Policies.0.PolicyDocument.Statement.0']);
  });

  test('is asked of what the Allow can start', () => {
    const on = (Resource: string) => verdictOf(policyOf([{ ...allow, Action: 'sagemaker:*', Resource }]));
    expect(on('arn:aws:sagemaker:eu-west-1:111122223333:endpoint/a')).toBe('not applicable');
    expect(on('arn:aws:sagemaker:*:*:transform-*')).toEqual(open);
    expect(on('*')).toEqual(open);
  });

  test('is not asked of a policy that only bounds roles', () => {
    const Role = { Type: 'AWS::IAM::Role', Properties: { PermissionsBoundary: { Ref: 'Policy' } } };
    expect(verdictOf({ Role, ...policyOf([allow]) })).toBe('not applicable');
  });
});

describe('a processing job', () => {
  const job = (Properties: object) => ({ Job: { Type: 'AWS::SageMaker::ProcessingJob', Properties } });
  const cluster = (ClusterConfig: object) => job({ ProcessingResources: { ClusterConfig } });
  const volume = 'ProcessingResources.ClusterConfig.VolumeKmsKeyId';

  test('on instances with local storage has no volume key to name, in Guard too', () => {
    const byGuard = guardJudge([sageMakerProcessingJobCmk]);
    const [local, other] = ['ml.g5.xlarge', 'ml.m5.xlarge'].map((InstanceType) => cluster({ InstanceType }));
    expect(verdict(sageMakerProcessingJobCmk, local)).toBe('compliant');
    expect(verdict(sageMakerProcessingJobCmk, other)).toEqual([volume]);
    expect([local, other].map((template) => byGuard(template).length > 0)).toEqual([false, true]);
  });

  test.each(['Athena', 'Redshift'])('names a key for what it asks %s', (engine) => {
    const asking = (definition: object) =>
      changed(sageMakerProcessingJobCmk.compliant, 'Job', {
        ProcessingInputs: [{ DatasetDefinition: { [`${engine}DatasetDefinition`]: definition } }],
      });
    expect(verdict(sageMakerProcessingJobCmk, asking({ KmsKeyId: 'key' }))).toBe('compliant');
    expect(verdict(sageMakerProcessingJobCmk, asking({}))).toEqual([
      `ProcessingInputs.0.DatasetDefinition.${engine}DatasetDefinition.KmsKeyId`,
    ]);
  });

  test('names a key for its output, if it has any', () => {
    const writing = { ProcessingOutputConfig: { Outputs: [] } };
    expect(verdict(sageMakerProcessingJobCmk, changed(sageMakerProcessingJobCmk.compliant, 'Job', writing))).toEqual([
      'ProcessingOutputConfig.KmsKeyId',
    ]);
  });
});

describe('a cluster', () => {
  const group = (more: object) => ({ InstanceGroups: [{ InstanceStorageConfigs: [], ...more }] });

  test('has an encrypted volume in each group; storage of other kinds is judged elsewhere', () => {
    const cluster = (...configs: object[]) =>
      verdict(
        sageMakerClusterHardened,
        changed(sageMakerClusterHardened.compliant, 'Cluster', group({ InstanceStorageConfigs: configs })),
      );
    expect(cluster({ FsxLustreConfig: { DnsName: 'x' } })).toBe('compliant');
    expect(cluster()).toEqual(['InstanceGroups.0.InstanceStorageConfigs']);
    expect(cluster({ EbsVolumeConfig: { VolumeKmsKeyId: 'key' } }, { EbsVolumeConfig: { RootVolume: true } })).toEqual([
      'InstanceGroups.0.InstanceStorageConfigs.1.EbsVolumeConfig.VolumeKmsKeyId',
    ]);
  });

  test('tests accelerators, of which a controller has none', () => {
    const cluster = (InstanceType: string) =>
      changed(sageMakerClusterMaintained.compliant, 'Cluster', {
        InstanceGroups: [{ InstanceType, AutoPatchConfig: { PatchingStrategy: 'WhenIdle' } }],
      });
    expect(verdict(sageMakerClusterMaintained, cluster('ml.c5.xlarge'))).toBe('compliant');
    expect(verdict(sageMakerClusterMaintained, cluster('ml.trn1.32xlarge'))).toEqual([
      'InstanceGroups.0.OnStartDeepHealthChecks',
    ]);
  });
});

describe('the image of an algorithm', () => {
  const algorithm = (TrainingSpecification: object) => ({
    Algorithm: { Type: 'AWS::SageMaker::Algorithm', Properties: { TrainingSpecification } },
  });
  const hash = '0123456789abcdef'.repeat(4);

  test.each([
    ['repo/trainer', ['TrainingSpecification.TrainingImage']],
    [`repo/trainer:${hash}`, ['TrainingSpecification.TrainingImage']],
    [`repo/cdk-hnb659fds-container-assets-111122223333-eu-west-1:${hash}`, 'compliant'],
  ])('%s', (TrainingImage, expected) => {
    expect(verdict(sageMakerAlgorithmImagePinned, algorithm({ TrainingImage }))).toEqual(expected);
  });

  test('may have its digest beside it, and is not called pinned when only the deployment knows it', () => {
    expect(verdict(sageMakerAlgorithmImagePinned, algorithm({ TrainingImage: 'a:1', TrainingImageDigest: 'd' }))).toBe(
      'compliant',
    );
    expect(verdict(sageMakerAlgorithmImagePinned, algorithm({ TrainingImage: { 'Fn::Unheard': 1 } }))).toEqual([
      'unresolved TrainingSpecification.TrainingImage',
    ]);
  });
});
