import { memoizedByText, textOf } from '../../../analysis';
import { asList } from '../../expect';
import { actionCovers, type Statement } from '../../statements';

/** What a policy must see to in a request that starts compute. */
export interface Demand {
  /** Condition keys without their prefix; each of them tells. */
  readonly keys: readonly string[];
  /** Values that must not pass; `undefined` stands for a request that does not say. */
  readonly unsafe: readonly (string | undefined)[];
}

const ISOLATION: Demand = { keys: ['NetworkIsolation'], unsafe: [undefined, 'false'] };
const TRAFFIC: Demand = { keys: ['InterContainerTrafficEncryption'], unsafe: [undefined, 'false'] };
/** A VpcConfig has subnets and security groups, or is no VpcConfig. */
const VPC: Demand = { keys: ['VpcSubnets', 'VpcSecurityGroupIds'], unsafe: [undefined] };
/** The shorter keys are deprecated; a policy that asks for them stops every request, which is safe. */
const VOLUME: Demand = { keys: ['VolumeKmsKeyArn', 'VolumeKmsKey'], unsafe: [undefined] };
const OUTPUT: Demand = { keys: ['OutputKmsKeyArn', 'OutputKmsKey'], unsafe: [undefined] };
const ROOT: Demand = { keys: ['RootAccess'], unsafe: [undefined, 'Enabled'] };
const INTERNET: Demand = { keys: ['DirectInternetAccess'], unsafe: [undefined, 'Enabled'] };

const JOB = [ISOLATION, TRAFFIC, VPC, VOLUME, OUTPUT];
const NOTEBOOK = [INTERNET, ROOT, VPC, VOLUME];
const AUTO_ML = [TRAFFIC, VPC, VOLUME, OUTPUT];

/** An action that starts compute. */
export interface Starter {
  readonly action: string;
  /** What it starts, as in the ARN. */
  readonly resource: string;
  readonly demands: readonly Demand[];
}

/**
 * Actions that start compute, with as many demands as they have condition keys for (Service Authorization Reference,
 * Amazon SageMaker, September 2026).
 */
const STARTERS: readonly Starter[] = [
  { action: 'sagemaker:CreateAutoMLJob', resource: 'automl-job', demands: AUTO_ML },
  { action: 'sagemaker:CreateAutoMLJobV2', resource: 'automl-job', demands: AUTO_ML },
  { action: 'sagemaker:CreateHyperParameterTuningJob', resource: 'hyper-parameter-tuning-job', demands: JOB },
  { action: 'sagemaker:CreateModel', resource: 'model', demands: [ISOLATION, VPC] },
  { action: 'sagemaker:CreateNotebookInstance', resource: 'notebook-instance', demands: NOTEBOOK },
  { action: 'sagemaker:CreateProcessingJob', resource: 'processing-job', demands: JOB },
  { action: 'sagemaker:CreateTrainingJob', resource: 'training-job', demands: JOB },
  { action: 'sagemaker:CreateTransformJob', resource: 'transform-job', demands: [VOLUME, OUTPUT] },
];

/** The condition keys by which these demands are met, without those that are deprecated. */
export const CONDITION_KEYS = [ISOLATION, TRAFFIC, VPC, VOLUME, OUTPUT, ROOT, INTERNET]
  .flatMap(({ keys }) => keys)
  .filter((key) => !/KmsKey$/.test(key))
  .map((key) => `sagemaker:${key}`);

/** What an Allow lets somebody start. */
export function startedBy(allow: Statement): Starter[] {
  const named = allow.effect === 'Allow' ? new Set(allow.actions.flatMap(startersNamed)) : NONE;
  return named.size > 0 ? STARTERS.filter((starter) => named.has(starter) && startable(allow, starter)) : [];
}

const NONE: ReadonlySet<Starter> = new Set();

/** Whether a statement is about an action. */
export function concerns({ actions }: Statement, starter: Starter): boolean {
  return actions.some((pattern) => startersNamed(pattern).includes(starter));
}

/** The same few patterns stand in thousands of statements; each is read once. */
const startersNamed = memoizedByText((pattern): readonly Starter[] =>
  STARTERS.filter(({ action }) => actionCovers(pattern, action)),
);

/** Whether a statement names what the action starts: `sagemaker:*` on an endpoint starts no job. */
function startable({ inverted, resources }: Statement, starter: Starter): boolean {
  return inverted || resources.some((resource) => mayName(resource, starter));
}

function mayName(resource: string, starter: Starter): boolean {
  const [arn, , service = '', , , ...rest] = resource.split(':');
  const [type] = rest.join(':').split('/');
  return arn !== 'arn' || (actionCovers(service, 'sagemaker') && actionCovers(type, starter.resource));
}

/** Whether the conditions of an Allow keep out every request that does not meet the demand. */
export function allowsOnly({ conditions }: Statement, { keys, unsafe }: Demand): boolean {
  const asked = tests(conditions).filter(({ key }) => keys.includes(key));
  return unsafe.every((value) => asked.some((test) => !holds(test, value)));
}

/**
 * Whether Deny statements stop, on every resource of the Allow, every request for this that does not meet the demand.
 * One with a condition on something else stops only some of them.
 */
export function denied(statements: readonly Statement[], allow: Statement, starter: Starter, demand: Demand): boolean {
  const denials = statements
    .filter(
      (denial) => denial.effect === 'Deny' && concerns(denial, starter) && coversResources(denial, allow, starter),
    )
    .map(({ conditions }) => tests(conditions))
    .filter((asked) => asked.every(({ key }) => demand.keys.includes(key)));
  return demand.unsafe.every((value) => denials.some((asked) => asked.every((test) => holds(test, value))));
}

function coversResources(denial: Statement, allow: Statement, starter: Starter): boolean {
  const covered = (resource: string) => denial.resources.some((pattern) => actionCovers(pattern, resource));
  const started = allow.resources.filter((resource) => mayName(resource, starter));
  return !denial.inverted && (denial.resources.includes('*') || (!allow.inverted && started.every(covered)));
}

interface ConditionTest {
  readonly operator: string;
  readonly key: string;
  readonly expected: readonly string[];
}

function tests(conditions: Statement['conditions']): ConditionTest[] {
  return Object.entries(conditions).flatMap(([operator, block]) =>
    Object.entries(block).map(([key, values]) => ({
      operator,
      key: key.replace(/^sagemaker:/i, ''),
      expected: asList(values).map(textOf),
    })),
  );
}

/** Whether a condition holds for a request in which its key has this value, by the rules of IAM's operators. */
function holds({ operator, expected }: ConditionTest, value: string | undefined): boolean {
  if (operator === 'Null') {
    return expected.includes('true') === (value === undefined);
  }
  const negated = /Not/.test(operator);
  if (value === undefined) {
    return /IfExists$|^ForAllValues:/.test(operator) || (negated && !operator.startsWith('ForAnyValue:'));
  }
  return expected.some((pattern) => actionCovers(pattern, value)) !== negated;
}
