import { Opaque, textOf } from './opaque';
import { intrinsicOf } from './values';

/** How deep the search for names goes; what nests deeper counts as not fixed. */
const MAX_DEPTH = 100;

/** What an expression of the Conditions section needs to be decided. */
export interface ConditionScope {
  /** Outcome of another condition, by name; undefined where nothing decides it before deployment. */
  readonly outcomeOf: (condition: string) => boolean | undefined;
  /** Whether the value of a parameter or pseudo parameter is the same in every deployment. */
  readonly isFixed: (name: string) => boolean;
  readonly resolve: (value: unknown) => unknown;
}

/**
 * The outcome of a condition's expression, or undefined where only a deployment decides it. A parameter's default
 * decides nothing: whoever deploys may give another value.
 */
export function outcome(expression: unknown, scope: ConditionScope, depth = 0): boolean | undefined {
  const [name, argument] = functionOf(expression);
  const operands = Array.isArray(argument) ? argument : [];
  const outcomes = () => operands.map((operand) => outcome(operand, scope, depth + 1));
  if (depth > MAX_DEPTH) {
    return undefined;
  }
  switch (name) {
    case 'Condition':
      return scope.outcomeOf(String(argument));
    case 'Fn::Not':
      return opposite(outcomes()[0]);
    case 'Fn::And':
      return every(outcomes());
    case 'Fn::Or':
      return opposite(every(outcomes().map(opposite)));
    case 'Fn::Equals':
      return equal(operands, scope);
    default:
      return undefined;
  }
}

function functionOf(expression: unknown): readonly [name?: string, argument?: unknown] {
  if (expression === null || typeof expression !== 'object') {
    return [];
  }
  const condition = Object.hasOwn(expression, 'Condition')
    ? (expression as { Condition: unknown }).Condition
    : undefined;
  return typeof condition === 'string' ? ['Condition', condition] : (intrinsicOf(expression) ?? []);
}

function opposite(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

/** One that is false decides; else one that is not known leaves it open. */
function every(outcomes: readonly (boolean | undefined)[]): boolean | undefined {
  if (outcomes.includes(false)) {
    return false;
  }
  return outcomes.length === 0 || outcomes.includes(undefined) ? undefined : true;
}

/** CloudFormation compares texts. */
function equal(operands: readonly unknown[], { isFixed, resolve }: ConditionScope): boolean | undefined {
  if (operands.length !== 2 || !operands.every((operand) => restsOn(operand, isFixed))) {
    return undefined;
  }
  const [left, right] = operands.map(resolve);
  return left instanceof Opaque || right instanceof Opaque ? undefined : textOf(left) === textOf(right);
}

/** Whether a value rests on nothing but names that are fixed. */
export function restsOn(value: unknown, isFixed: (name: string) => boolean, depth = 0): boolean {
  if (value === null || typeof value !== 'object') {
    return true;
  }
  const [name, argument] = intrinsicOf(value) ?? [];
  if (depth > MAX_DEPTH || name === 'Fn::GetAtt' || name === 'Fn::GetAZs' || name === 'Fn::ImportValue') {
    return false;
  }
  if (name === 'Ref') {
    return typeof argument === 'string' && isFixed(argument);
  }
  const names = name === 'Fn::Sub' ? variablesOf(argument) : [];
  return names.every(isFixed) && Object.values(value).every((item) => restsOn(item, isFixed, depth + 1));
}

/** Names in the pattern of an `Fn::Sub` that its own variables do not explain. */
export function variablesOf(argument: unknown): string[] {
  const [pattern, variables] = Array.isArray(argument) ? argument : [argument, undefined];
  const names = typeof pattern === 'string' ? [...pattern.matchAll(/\$\{([^!}][^}]*)\}/g)].map(([, name]) => name) : [];
  const isOwn = (name: string) => variables !== null && typeof variables === 'object' && Object.hasOwn(variables, name);
  return names.filter((name) => !isOwn(name));
}
