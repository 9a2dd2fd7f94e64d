import { keepsKeyItself } from '../../../../runtime/instance-storage';
import { type GraphResource, type JobDefinition, jobDefinitions, Opaque, textOf } from '../../../analysis';
import { asList, unresolved, violation } from '../../expect';
import type { Verdict, Violation } from '../../rule';
import { PIPELINE_BODY } from './pipeline-definition';

/** One thing that a rule asks of what the API call of a job gets. */
export interface JobParameter {
  /** Dotted path within the call; for a tuning job, within each of its training job definitions. */
  readonly path: string;
  readonly expected: 'true' | 'not true' | 'a value' | 'a customer managed key';
  /** Not asked where this part of the call is absent. @default - always asked */
  readonly partOf?: string;
  /** Path of the instance type, for volume keys: types with local storage accept none. @default - asked of every type */
  readonly instances?: string;
}

/** What a rule asks, by kind of job. A kind that is not named is not judged. */
export type JobParameters = Readonly<Record<string, readonly JobParameter[]>>;

/** What a rule claims of settings of jobs, wherever their definitions may stand: in a state machine or in a pipeline. */
export function inDefinitions(...settings: readonly string[]): string[] {
  return ['Definition', 'DefinitionString', PIPELINE_BODY].flatMap((definition) =>
    settings.map((setting) => `${definition}.${setting}`),
  );
}

/** Where a resource has the definition that starts its jobs. */
function definitionPath({ type, properties }: GraphResource): string {
  if (type === 'AWS::SageMaker::Pipeline') {
    return PIPELINE_BODY;
  }
  return properties.DefinitionString === undefined && properties.Definition !== undefined
    ? 'Definition'
    : 'DefinitionString';
}

/** Judges the jobs that a state machine or pipeline starts. It does not apply to what starts none of these kinds. */
export function judgeJobs(resource: GraphResource, asked: JobParameters): Verdict {
  const property = definitionPath(resource);
  const jobs = jobDefinitions(resource);
  if (jobs instanceof Opaque) {
    return [unresolved(property, jobs)];
  }
  const judged = jobs.filter(({ kind }) => Object.hasOwn(asked, kind));
  return judged.length === 0 ? undefined : judged.flatMap((job) => faults(job, asked[job.kind], property));
}

function faults({ kind, name, parameters }: JobDefinition, asked: readonly JobParameter[], property: string) {
  if (parameters === undefined) {
    return [unresolved(property, new Opaque(`${name}: the input of the state is the ${kind}`))];
  }
  return callsOf(kind, parameters).flatMap((call) =>
    asked.flatMap((parameter) => fault(call, parameter, property, name)),
  );
}

/** The parts of a call that each describe a job: a tuning job has one training job definition, or several. */
function callsOf(kind: string, parameters: unknown): unknown[] {
  if (kind !== 'HyperParameterTuningJob') {
    return [parameters];
  }
  const definitions = [
    ...asList(parameterAt(parameters, 'TrainingJobDefinition')),
    ...asList(parameterAt(parameters, 'TrainingJobDefinitions')),
  ];
  return definitions.length === 0 ? [{}] : definitions;
}

function fault(call: unknown, asked: JobParameter, property: string, name: string): Violation[] {
  const { path, expected, partOf, instances } = asked;
  const absent = partOf !== undefined && parameterAt(call, partOf) === undefined;
  if (absent || (instances !== undefined && keepsKeyItself(parameterAt(call, instances)))) {
    return [];
  }
  const found = parameterAt(call, path);
  if (isDecidedLater(found)) {
    const needsProof = expected === 'true' || expected === 'not true';
    return needsProof ? [unresolved(property, new Opaque(`${name}: ${path} is decided when the job starts`))] : [];
  }
  const wording = `${name}: found ${show(found)} as ${path}, expected ${expected}`;
  return meets(found, expected) ? [] : [violation(property, wording)];
}

function meets(found: unknown, expected: JobParameter['expected']): boolean {
  const present = found !== undefined && found !== null && found !== '' && asList(found).length > 0;
  switch (expected) {
    case 'true':
      return textOf(found) === 'true';
    case 'not true':
      return textOf(found) !== 'true';
    case 'a value':
      return present;
    case 'a customer managed key':
      return present && !textOf(found).includes('alias/aws/');
  }
}

/** A parameter whose name ends in `.$` is read from the state's input, and so is all that it holds. */
function parameterAt(parameters: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, key) => (isDecidedLater(at) ? at : (member(at, key) ?? member(at, `${key}.$`))), parameters);
}

function member(value: unknown, name: string): unknown {
  const holds = value !== null && typeof value === 'object' && Object.hasOwn(value, name);
  return holds ? (value as Record<string, unknown>)[name] : undefined;
}

/** A path, expression or placeholder of Step Functions, a parameter of a pipeline, or what only a deployment knows. */
function isDecidedLater(value: unknown): boolean {
  return (
    value instanceof Opaque ||
    (typeof value === 'string' && /^(\$|\{%)/.test(value)) ||
    member(value, 'Get') !== undefined
  );
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : textOf(JSON.stringify(value)).slice(0, 80);
}
