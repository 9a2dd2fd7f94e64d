import type { GraphResource, TemplateGraph } from '../analysis';
import { type Condition, hasAiTag, isAiType } from './conditions';
import type { Requirement } from './requirements';
import type { GuardForm, Rule, Scope, Verdict, Violation } from './rule';

type Entry = Pick<Rule, 'id' | 'level' | 'annexA' | 'crosswalk' | 'why' | 'fix' | 'compliant' | 'nonCompliant'> & {
  /** @default 'any' */
  readonly scope?: Scope;
  /** @default false */
  readonly detects?: boolean;
  /** Conditions of the resource that must all hold for the rule to apply. @default - none */
  readonly appliesWhen?: readonly Condition[];
  /** @default - none */
  readonly configRules?: readonly string[];
};

/** A rule that asks things of a resource's own properties. It says the same in Guard's language. */
export interface RequirementRule extends Entry {
  /** What is asked of each type. */
  readonly requires: Readonly<Record<string, readonly Requirement[]>>;
}

/** A rule that looks beyond one resource, or into a document. */
export interface CheckRule extends Entry {
  readonly appliesTo: readonly string[];
  readonly claims: readonly string[];
  readonly check: (resource: GraphResource, graph: TemplateGraph) => Verdict;
  /** Why CloudFormation Guard cannot express it. */
  readonly beyondGuard: string;
}

/** Completes a rule. Adding a rule is writing its file with this, and naming it in its folder's index. */
export function rule(definition: RequirementRule | CheckRule): Rule {
  const { id, level, annexA, crosswalk, why, fix, compliant, nonCompliant, scope = 'any' } = definition;
  const { configRules = [], appliesWhen = [], detects = false } = definition;
  const core = 'requires' in definition ? fromRequirements(definition, scope) : fromCheck(definition);
  return {
    ...{ id, scope, detects, level, annexA, crosswalk, why, fix, configRules, compliant, nonCompliant },
    ...core,
    check: (resource, graph) =>
      appliesWhen.every((condition) => condition.holds(resource)) ? core.check(resource, graph) : undefined,
  };
}

type Core = Pick<Rule, 'appliesTo' | 'claims' | 'check' | 'guard'>;

function fromRequirements({ requires, appliesWhen = [] }: RequirementRule, scope: Scope): Core {
  const types = Object.keys(requires);
  const clauses = types.map((type) => [type, guardClauses(type, requires[type], appliesWhen, scope)]);
  return {
    appliesTo: types,
    claims: [...new Set(Object.values(requires).flatMap((asked) => asked.flatMap(({ claims }) => claims)))],
    check: ({ type, properties }) =>
      distinct(requires[type].flatMap((requirement) => requirement.judge(properties, ''))),
    guard: { clauses: Object.fromEntries(clauses) },
  };
}

function fromCheck({ appliesTo, claims, check, beyondGuard }: CheckRule): Core {
  const guard: GuardForm = { beyond: beyondGuard };
  return { appliesTo, claims, check, guard };
}

/** The clauses for one resource, within the conditions under which the rule applies. */
function guardClauses(
  type: string,
  asked: readonly Requirement[],
  conditions: readonly Condition[],
  scope: Scope,
): string {
  const body = asked.map((requirement) => requirement.guard('Properties.')).join('\n');
  const when = conditions.map((condition) => condition.guard(type));
  const tagged = scope === 'ai' && !isAiType(type) ? [hasAiTag(type)] : [];
  return [...tagged, ...when].reduceRight((block, condition) => `when ${condition} {\n${block}\n}`, body);
}

/** Requirements may ask the same of a property for different reasons; that is one finding. */
function distinct(violations: readonly Violation[]): readonly Violation[] {
  const isSame = (one: Violation) => (other: Violation) =>
    one.property === other.property && one.message === other.message;
  return violations.length < 2
    ? violations
    : violations.filter((violation, index) => violations.findIndex(isSame(violation)) === index);
}
