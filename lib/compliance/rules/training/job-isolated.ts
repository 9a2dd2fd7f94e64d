import { keepsKeyItself } from '../../../../runtime/instance-storage';
import { JOB_STARTERS, type JobDefinition, jobDefinitions, Opaque } from '../../../analysis';
import { rule } from '../../define-rule';
import { asList, unresolved, valueAt, violation } from '../../expect';
import { ALWAYS_ERROR, type Violation } from '../../rule';

/** What each kind of job must say: the path of a parameter, and the value, or only that there is one. */
const REQUIRED: Readonly<Record<string, readonly Requirement[]>> = {
  TrainingJob: training(''),
  HyperParameterTuningJob: training('TrainingJobDefinition.'),
  ProcessingJob: [
    { path: 'NetworkConfig.EnableNetworkIsolation', value: true },
    { path: 'NetworkConfig.EnableInterContainerTrafficEncryption', value: true },
    { path: 'NetworkConfig.VpcConfig.Subnets' },
    { path: 'NetworkConfig.VpcConfig.SecurityGroupIds' },
    {
      path: 'ProcessingResources.ClusterConfig.VolumeKmsKeyId',
      instances: 'ProcessingResources.ClusterConfig.InstanceType',
    },
    { path: 'ProcessingOutputConfig.KmsKeyId' },
  ],
  TransformJob: [
    { path: 'TransformResources.VolumeKmsKeyId', instances: 'TransformResources.InstanceType' },
    { path: 'TransformOutput.KmsKeyId' },
  ],
};

interface Requirement {
  readonly path: string;
  /** @default - any value */
  readonly value?: true;
  /** Where the instance type stands, for volume keys that some types do not accept. @default - needed whatever the type */
  readonly instances?: string;
}

function training(prefix: string): Requirement[] {
  return [
    { path: `${prefix}EnableNetworkIsolation`, value: true },
    { path: `${prefix}EnableInterContainerTrafficEncryption`, value: true },
    { path: `${prefix}VpcConfig.Subnets` },
    { path: `${prefix}VpcConfig.SecurityGroupIds` },
    { path: `${prefix}ResourceConfig.VolumeKmsKeyId`, instances: `${prefix}ResourceConfig.InstanceType` },
    { path: `${prefix}OutputDataConfig.KmsKeyId` },
  ];
}

/**
 * Jobs that a state machine or a SageMaker pipeline starts are isolated and encrypted. CloudFormation has no type for
 * them, so their definitions are read where they stand. A transform job has its isolation from its model.
 */
export const trainingJobIsolated = rule({
  id: 'TrainingJobIsolated',
  appliesTo: JOB_STARTERS,
  level: ALWAYS_ERROR,
  annexA: ['A.4.5', 'A.7.2'],
  crosswalk: { nist80053: ['SC-7', 'SC-8', 'SC-28'], atlas: ['AML.T0024', 'AML.T0025'], owasp: ['LLM02:2025'] },
  why: 'A training job outside the network perimeter, or with unencrypted volumes, exposes the data it learns from.',
  fix: 'Give the task EnableNetworkIsolation, EnableInterContainerTrafficEncryption, VpcConfig and both KMS keys.',
  claims: ['DefinitionString', 'PipelineDefinition'],
  beyondGuard: 'job definitions stand as text inside the definition',
  check: (resource) => {
    const jobs = jobDefinitions(resource);
    if (jobs instanceof Opaque) {
      return [unresolved('DefinitionString', jobs)];
    }
    return jobs.length === 0 ? undefined : jobs.flatMap(faults);
  },
  compliant: {
    ...machine({
      EnableNetworkIsolation: true,
      EnableInterContainerTrafficEncryption: true,
      VpcConfig: { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
      ResourceConfig: { InstanceType: 'ml.m5.xlarge', VolumeKmsKeyId: 'key' },
      OutputDataConfig: { KmsKeyId: 'key' },
    }),
    ...pipeline({
      NetworkConfig: {
        EnableNetworkIsolation: true,
        EnableInterContainerTrafficEncryption: true,
        VpcConfig: { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
      },
      ProcessingResources: { ClusterConfig: { InstanceType: 'ml.m5.xlarge', VolumeKmsKeyId: 'key' } },
      ProcessingOutputConfig: { KmsKeyId: 'key' },
    }),
  },
  nonCompliant: { ...machine({ EnableNetworkIsolation: false }), ...pipeline({}) },
});

function machine(Parameters: object) {
  const Resource = 'arn:aws:states:::sagemaker:createTrainingJob.sync';
  const DefinitionString = JSON.stringify({
    StartAt: 'Train',
    States: { Train: { Type: 'Task', Resource, Parameters, End: true } },
  });
  return { Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { DefinitionString } } };
}

function pipeline(Arguments: object) {
  const PipelineDefinitionBody = JSON.stringify({ Steps: [{ Name: 'Prepare', Type: 'Processing', Arguments }] });
  return {
    Pipeline: { Type: 'AWS::SageMaker::Pipeline', Properties: { PipelineDefinition: { PipelineDefinitionBody } } },
  };
}

function faults({ kind, name, parameters }: JobDefinition): Violation[] {
  return REQUIRED[kind].flatMap(({ path, value, instances }) => {
    const found = parameterAt(parameters, path);
    if (instances !== undefined && keepsKeyItself(parameterAt(parameters, instances))) {
      return [];
    }
    if (value !== undefined && isDecidedLater(found)) {
      return [unresolved('DefinitionString', new Opaque(`${name}: ${path} is decided when the ${kind} starts`))];
    }
    const holds = value === undefined ? isPresent(found) : found === value;
    return holds ? [] : [violation('DefinitionString', `${name}: ${path} of the ${kind} is not ${value ?? 'set'}`)];
  });
}

/** A parameter whose name ends in `.$` is read from the state's input. */
function parameterAt(parameters: unknown, path: string): unknown {
  const [last] = path.split('.').slice(-1);
  const parent = path.includes('.') ? valueAt(parameters, path.slice(0, -last.length - 1)) : parameters;
  return valueAt(parent, last) ?? pathOf(parent, `${last}.$`);
}

/** Such a name holds a dot of its own. */
function pathOf(parent: unknown, name: string): unknown {
  return parent !== null && typeof parent === 'object' ? (parent as Record<string, unknown>)[name] : undefined;
}

/** A path or JSONata expression of Step Functions, or a parameter of a pipeline. */
function isDecidedLater(value: unknown): boolean {
  return (typeof value === 'string' && /^(\$|\{%)/.test(value)) || valueAt(value, 'Get') !== undefined;
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== '' && asList(value).length > 0;
}
