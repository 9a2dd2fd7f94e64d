/** What a training pipeline is made of. */
export interface PipelineParts {
  readonly partition: string;
  /** Start of every job's name; at most 22 characters. */
  readonly jobPrefix: string;
  readonly verifyFunctionArn: string;
  readonly qualityGateArn: string;
  readonly artifactScanArn: string;
  readonly evaluationGateArn: string;
  readonly registerFunctionArn: string;
  readonly executionRoleArn: string;
  /** `<repository URI>@<digest>`. */
  readonly image: string;
  readonly dataBucket: string;
  readonly trainingBucket: string;
  readonly keyArn: string;
  readonly subnetIds: string[];
  readonly securityGroupIds: string[];
  readonly instanceType: string;
  readonly instanceCount: number;
  readonly volumeSizeGib: number;
  readonly maximumRuntimeSeconds: number;
}

type State = Readonly<Record<string, unknown>>;

/** A task whose answer decides whether the run goes on. */
interface Gate {
  readonly task: string;
  readonly functionArn: string;
  readonly parameters: State;
  /** Where the answer is kept. */
  readonly answer: string;
  /** Member of the answer that must be true. */
  readonly passes: string;
  /** Error name of a run that was stopped here. */
  readonly stopped: string;
  readonly next: string;
}

const RETRY_FUNCTION = [
  {
    ErrorEquals: [
      'Lambda.ServiceException',
      'Lambda.AWSLambdaException',
      'Lambda.SdkClientException',
      'Lambda.TooManyRequestsException',
    ],
    IntervalSeconds: 2,
    MaxAttempts: 4,
    BackoffRate: 2,
    MaxDelaySeconds: 30,
    JitterStrategy: 'FULL',
  },
];

/** Only requests that started no job: a job that failed keeps its name, and is not run again by itself. */
const RETRY_TRAINING = [
  {
    ErrorEquals: ['SageMaker.ResourceLimitExceededException'],
    IntervalSeconds: 300,
    MaxAttempts: 6,
    BackoffRate: 1.5,
    MaxDelaySeconds: 1800,
  },
];

/** Longest wait of a job for capacity and start, beside its run, in seconds. */
const START_ALLOWANCE = 7200;
/** Lambda's limit of 15 minutes, and a margin. */
const FUNCTION_TIMEOUT = 960;

/**
 * The pipeline in Amazon States Language (JSONPath): verify seal, check quality, train, scan, evaluate, register.
 *
 * Each gate's answer is kept in the state; a gate that says no, or that fails, ends the run with an error name of its
 * own and the answer as its cause.
 */
export function pipelineDefinition(parts: PipelineParts): State {
  return {
    Comment: 'Sealed data to a model package that waits for approval',
    QueryLanguage: 'JSONPath',
    StartAt: 'VerifySeal',
    TimeoutSeconds: parts.maximumRuntimeSeconds + 2 * START_ALLOWANCE + 5 * FUNCTION_TIMEOUT,
    States: {
      ...gate({
        task: 'VerifySeal',
        functionArn: parts.verifyFunctionArn,
        parameters: { 'name.$': '$.dataset.name', 'version.$': '$.dataset.version' },
        answer: '$.seal',
        passes: 'verified',
        stopped: 'SealRejected',
        next: 'CheckQuality',
      }),
      ...gate({
        task: 'CheckQuality',
        functionArn: parts.qualityGateArn,
        parameters: { 'request.$': '$$.Execution.Input', 'prefix.$': '$.seal.prefix' },
        answer: '$.quality',
        passes: 'passed',
        stopped: 'QualityRejected',
        next: 'Train',
      }),
      Train: train(parts),
      TrainingFailed: fail('TrainingFailed', '$.training'),
      ...gate({
        task: 'ScanArtifact',
        functionArn: parts.artifactScanArn,
        parameters: { 'artifact.$': '$.training.artifact' },
        answer: '$.scan',
        passes: 'passed',
        stopped: 'ArtifactRejected',
        next: 'Evaluate',
      }),
      ...gate({
        task: 'Evaluate',
        functionArn: parts.evaluationGateArn,
        parameters: { 'trainingJob.$': '$.training.name' },
        answer: '$.evaluation',
        passes: 'passed',
        stopped: 'EvaluationRejected',
        next: 'Register',
      }),
      Register: register(parts),
      RegistrationFailed: fail('RegistrationFailed', '$.registration'),
      PendingApproval: { Type: 'Succeed', OutputPath: '$.registration' },
    },
  };
}

function gate(parts: Gate): Record<string, State> {
  const decision = `${parts.task}Decision`;
  const passed = `${parts.answer}.${parts.passes}`;
  return {
    [parts.task]: {
      Type: 'Task',
      Resource: parts.functionArn,
      Parameters: parts.parameters,
      ResultPath: parts.answer,
      TimeoutSeconds: FUNCTION_TIMEOUT,
      Retry: RETRY_FUNCTION,
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: parts.answer, Next: parts.stopped }],
      Next: decision,
    },
    [decision]: {
      Type: 'Choice',
      Choices: [
        {
          And: [
            { Variable: passed, IsPresent: true },
            { Variable: passed, BooleanEquals: true },
          ],
          Next: parts.next,
        },
      ],
      Default: parts.stopped,
    },
    [parts.stopped]: fail(parts.stopped, parts.answer),
  };
}

function train(parts: PipelineParts): State {
  return {
    Type: 'Task',
    Resource: `arn:${parts.partition}:states:::sagemaker:createTrainingJob.sync`,
    Parameters: {
      // One name per execution, so that a repeated request cannot start a second job.
      'TrainingJobName.$': `States.Format('${parts.jobPrefix}-{}', States.Hash($$.Execution.Id, 'SHA-1'))`,
      RoleArn: parts.executionRoleArn,
      AlgorithmSpecification: { TrainingImage: parts.image, TrainingInputMode: 'File' },
      'HyperParameters.$': '$.hyperparameters',
      Environment: {
        'PALISADE_COMMIT.$': '$.commit',
        'PALISADE_SEEDS.$': 'States.JsonToString($.seeds)',
      },
      InputDataConfig: [
        {
          ChannelName: 'training',
          DataSource: {
            S3DataSource: {
              S3DataType: 'S3Prefix',
              'S3Uri.$': `States.Format('s3://${parts.dataBucket}/{}', $.seal.prefix)`,
              S3DataDistributionType: 'FullyReplicated',
            },
          },
        },
      ],
      OutputDataConfig: { S3OutputPath: `s3://${parts.trainingBucket}/runs`, KmsKeyId: parts.keyArn },
      ResourceConfig: {
        InstanceType: parts.instanceType,
        InstanceCount: parts.instanceCount,
        VolumeSizeInGB: parts.volumeSizeGib,
        VolumeKmsKeyId: parts.keyArn,
      },
      VpcConfig: { Subnets: parts.subnetIds, SecurityGroupIds: parts.securityGroupIds },
      EnableNetworkIsolation: true,
      EnableInterContainerTrafficEncryption: true,
      StoppingCondition: { MaxRuntimeInSeconds: parts.maximumRuntimeSeconds },
    },
    ResultSelector: {
      'name.$': '$.TrainingJobName',
      'arn.$': '$.TrainingJobArn',
      'artifact.$': '$.ModelArtifacts.S3ModelArtifacts',
    },
    ResultPath: '$.training',
    TimeoutSeconds: parts.maximumRuntimeSeconds + START_ALLOWANCE,
    Retry: RETRY_TRAINING,
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.training', Next: 'TrainingFailed' }],
    Next: 'ScanArtifact',
  };
}

function register(parts: PipelineParts): State {
  return {
    Type: 'Task',
    Resource: parts.registerFunctionArn,
    Parameters: {
      'request.$': '$$.Execution.Input',
      'manifestRoot.$': '$.seal.manifestRoot',
      'pretrained.$': '$.quality.pretrained',
      'trainingJob.$': '$.training',
      'scan.$': '$.scan',
      'evaluation.$': '$.evaluation',
      'execution.$': '$$.Execution.Id',
    },
    ResultPath: '$.registration',
    TimeoutSeconds: FUNCTION_TIMEOUT,
    Retry: RETRY_FUNCTION,
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.registration', Next: 'RegistrationFailed' }],
    Next: 'PendingApproval',
  };
}

function fail(error: string, answer: string): State {
  return { Type: 'Fail', Error: `Palisade.${error}`, CausePath: `States.JsonToString(${answer})` };
}
