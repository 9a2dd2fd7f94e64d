import { Opaque, perResource, textOf, workflowDefinition } from '../../../analysis';
import { asList, valueAt } from '../../expect';

/** Where a pipeline has its definition. */
export const PIPELINE_BODY = 'PipelineDefinition.PipelineDefinitionBody';

/** A step of a SageMaker pipeline. */
export interface PipelineStep {
  readonly name: string;
  /** Such as `Training`, `RegisterModel` or `Condition`. */
  readonly type: string;
  readonly arguments: unknown;
  /** The step as the definition has it, without the branches of a Condition. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Names of the steps that end before this one starts: those it names, and those whose results it reads. */
  readonly after: readonly string[];
  /** Names of the Conditions in whose branches it stands, outermost first. */
  readonly within: readonly string[];
}

/** What a SageMaker pipeline says of itself. */
export interface PipelineDefinition {
  /** Every step, those in the branches of Conditions included. */
  readonly steps: readonly PipelineStep[];
  /** The parameters that a start of the pipeline may set, by name. */
  readonly parameters: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}

/** Deeper than any definition that SageMaker accepts. */
const MAX_DEPTH = 100;

/** The definition of a pipeline, read once; `Opaque` where the template does not hold it. */
export const pipelineDefinition = perResource((properties) => read(valueAt(properties, PIPELINE_BODY)));

function read(body: unknown): PipelineDefinition | Opaque {
  const definition = workflowDefinition(body);
  if (definition instanceof Opaque) {
    return definition;
  }
  const { Steps, Parameters } = asRecord(definition);
  const parameters = records(Parameters).map((parameter) => [textOf(parameter.Name), parameter] as const);
  return { steps: stepsIn(Steps, [], 0), parameters: new Map(parameters) };
}

function stepsIn(list: unknown, within: readonly string[], depth: number): PipelineStep[] {
  return depth > MAX_DEPTH ? [] : records(list).flatMap((step) => stepAndBranches(step, within, depth));
}

function stepAndBranches(step: Record<string, unknown>, within: readonly string[], depth: number): PipelineStep[] {
  const { IfSteps, ElseSteps, ...rest } = asRecord(step.Arguments);
  const body = { ...step, Arguments: rest };
  const name = textOf(step.Name);
  const after = [...asList(step.DependsOn).map(textOf), ...stepsRead(body, 0)];
  const branches = [IfSteps, ElseSteps].flatMap((branch) => stepsIn(branch, [...within, name], depth + 1));
  return [{ name, type: textOf(step.Type), arguments: rest, body, after, within }, ...branches];
}

/** Names of the steps whose results a value refers to: `{"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"}`. */
function stepsRead(value: unknown, depth: number): string[] {
  if (value === null || typeof value !== 'object' || depth > MAX_DEPTH) {
    return [];
  }
  return Object.entries(value).flatMap(([key, item]) => {
    const [, name] = key === 'Get' && typeof item === 'string' ? (/^Steps\.([^.[]+)/.exec(item) ?? []) : [];
    return name === undefined ? stepsRead(item, depth + 1) : [name];
  });
}

function asRecord(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
}

function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter((item) => item !== null && typeof item === 'object') : [];
}
