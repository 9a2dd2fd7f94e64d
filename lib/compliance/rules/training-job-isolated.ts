import { Opaque } from '../../analysis';
import { asList, unresolved, violation } from '../expect';
import { ALWAYS_ERROR, type Rule, type Violation } from '../rule';

const TRAINING_TASK = /:sagemaker:createTrainingJob(\.|$)/;

/** What a training job must say, by the path of its parameter. */
const REQUIRED: readonly {
  readonly path: string;
  readonly holds: (value: unknown) => boolean;
  readonly expected: string;
}[] = [
  { path: 'EnableNetworkIsolation', holds: (value) => value === true, expected: 'true' },
  { path: 'EnableInterContainerTrafficEncryption', holds: (value) => value === true, expected: 'true' },
  { path: 'VpcConfig.Subnets', holds: isPresent, expected: 'subnets' },
  { path: 'VpcConfig.SecurityGroupIds', holds: isPresent, expected: 'security groups' },
  { path: 'ResourceConfig.VolumeKmsKeyId', holds: isPresent, expected: 'a key' },
  { path: 'OutputDataConfig.KmsKeyId', holds: isPresent, expected: 'a key' },
];

/**
 * Training jobs that a state machine starts are isolated and encrypted. CloudFormation has no type for a training job,
 * so its definition is read where it stands.
 */
export const trainingJobIsolated: Rule = {
  id: 'TrainingJobIsolated',
  appliesTo: ['AWS::StepFunctions::StateMachine'],
  level: ALWAYS_ERROR,
  annexA: ['A.4.5', 'A.7.2'],
  crosswalk: { nist80053: ['SC-7', 'SC-8', 'SC-28'], atlas: ['AML.T0024', 'AML.T0025'], owasp: ['LLM02:2025'] },
  why: 'A training job outside the network perimeter, or with unencrypted volumes, exposes the data it learns from.',
  fix: 'Give the task EnableNetworkIsolation, EnableInterContainerTrafficEncryption, VpcConfig and both KMS keys.',
  check: ({ properties }) => {
    const definition = parse(properties.DefinitionString ?? properties.Definition);
    if (definition instanceof Opaque) {
      return [unresolved('DefinitionString', definition)];
    }
    const tasks = trainingTasks(definition);
    return tasks.length === 0 ? undefined : tasks.flatMap(missing);
  },
  compliant: machine({
    EnableNetworkIsolation: true,
    EnableInterContainerTrafficEncryption: true,
    VpcConfig: { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
    ResourceConfig: { VolumeKmsKeyId: 'key' },
    OutputDataConfig: { KmsKeyId: 'key' },
  }),
  nonCompliant: machine({ EnableNetworkIsolation: false }),
};

function machine(Parameters: object) {
  const Resource = 'arn:aws:states:::sagemaker:createTrainingJob.sync';
  const DefinitionString = JSON.stringify({
    StartAt: 'Train',
    States: { Train: { Type: 'Task', Resource, Parameters, End: true } },
  });
  return { Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { DefinitionString } } };
}

function parse(definition: unknown): unknown {
  if (typeof definition !== 'string') {
    return definition ?? new Opaque('no definition in the template');
  }
  try {
    return JSON.parse(definition);
  } catch {
    return new Opaque('definition that is not JSON');
  }
}

/** Tasks at any depth: branches of Parallel and processors of Map hold states of their own. */
function trainingTasks(definition: unknown): Record<string, unknown>[] {
  if (definition === null || typeof definition !== 'object') {
    return [];
  }
  const own = definition as Record<string, unknown>;
  const nested = Object.values(own).flatMap((value) => asList(value).flatMap(trainingTasks));
  return typeof own.Resource === 'string' && TRAINING_TASK.test(own.Resource) ? [own, ...nested] : nested;
}

function missing({ Parameters, Arguments }: Record<string, unknown>): Violation[] {
  const parameters = Parameters ?? Arguments;
  return REQUIRED.filter(({ path, holds }) => !holds(parameterAt(parameters, path))).map(({ path, expected }) =>
    violation('DefinitionString', `createTrainingJob: ${path} is not set to ${expected}`),
  );
}

/** A parameter whose name ends in `.$` is read from the state's input. */
function parameterAt(parameters: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => {
    const object = (value ?? {}) as Record<string, unknown>;
    return object[key] ?? object[`${key}.$`];
  }, parameters);
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== '' && asList(value).length > 0;
}
