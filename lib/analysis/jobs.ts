import { workflowDefinition } from './json-text';
import { perResource } from './memoized';
import { Opaque, textOf } from './opaque';
import type { GraphResource } from './template-graph';

/** A SageMaker job that a state machine or a pipeline starts. CloudFormation has no type for it. */
export interface JobDefinition {
  /** `TrainingJob`, `ProcessingJob`, `TransformJob` or `HyperParameterTuningJob`. */
  readonly kind: string;
  /** Name of the state or step. */
  readonly name: string;
  /** What the job's API call gets. */
  readonly parameters: unknown;
}

/** Resource types whose definitions may start jobs. */
export const JOB_STARTERS = ['AWS::SageMaker::Pipeline', 'AWS::StepFunctions::StateMachine'];

/** Both forms of a Step Functions task: `states:::sagemaker:` and the SDK's, `states:::aws-sdk:sagemaker:`. */
const START_JOB = /:sagemaker:create(Training|Processing|Transform|HyperParameterTuning)Job(?:\.|$)/i;

/** Deeper than any definition that Step Functions accepts. */
const MAX_DEPTH = 200;

const STEP_KINDS: Readonly<Record<string, string>> = {
  Processing: 'ProcessingJob',
  Training: 'TrainingJob',
  Transform: 'TransformJob',
  Tuning: 'HyperParameterTuningJob',
};

/** Jobs that a state machine or pipeline starts; `Opaque` where its definition is not in the template. Read once. */
export const jobDefinitions = perResource((properties, type): readonly JobDefinition[] | Opaque => {
  const definition = workflowDefinition(
    type === 'AWS::SageMaker::Pipeline' ? pipelineBody(properties) : machineBody(properties),
  );
  return definition instanceof Opaque ? definition : jobsIn('definition', definition, 0);
});

function machineBody({ DefinitionString, Definition }: GraphResource['properties']): unknown {
  return DefinitionString ?? Definition;
}

function pipelineBody({ PipelineDefinition }: GraphResource['properties']): unknown {
  return (PipelineDefinition as { PipelineDefinitionBody?: unknown } | undefined)?.PipelineDefinitionBody;
}

/** Jobs at any depth: branches of Parallel, processors of Map and steps of a Condition hold states of their own. */
function jobsIn(name: string, value: unknown, depth: number): JobDefinition[] {
  if (value === null || typeof value !== 'object' || value instanceof Opaque || depth > MAX_DEPTH) {
    return [];
  }
  const own = value as Record<string, unknown>;
  const job = taskJob(name, own) ?? stepJob(own);
  const nested = Object.entries(own).flatMap(([key, item]) =>
    jobsIn(Array.isArray(value) ? name : key, item, depth + 1),
  );
  return job ? [job, ...nested] : nested;
}

function taskJob(name: string, { Resource, Parameters, Arguments }: Record<string, unknown>) {
  const [, noun] = typeof Resource === 'string' ? (START_JOB.exec(Resource) ?? []) : [];
  const kind = Object.values(STEP_KINDS).find((job) => job.toLowerCase() === `${noun}job`.toLowerCase());
  return kind ? { kind, name, parameters: Parameters ?? Arguments } : undefined;
}

function stepJob({ Type, Name, Arguments }: Record<string, unknown>) {
  const kind =
    Arguments !== undefined && Object.hasOwn(STEP_KINDS, textOf(Type)) ? STEP_KINDS[textOf(Type)] : undefined;
  return kind ? { kind, name: textOf(Name), parameters: Arguments } : undefined;
}
