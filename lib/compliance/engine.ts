import { type GraphResource, Opaque, type TemplateGraph } from '../analysis';
import { asList, propertyOf, valueAt } from './expect';
import type { Level, Rule, Tier, Verdict, Violation } from './rule';

/** A rule's violation by one resource. */
export interface RuleFinding extends Violation {
  readonly rule: Rule;
  readonly resource: GraphResource;
  readonly level: Level;
}

/** What one rule found, the good included: an auditor asks for evidence that a check ran and passed. */
export interface RuleResult {
  readonly rule: Rule;
  readonly violations: readonly RuleFinding[];
  /** Findings that rest on what only a deployment knows: neither broken nor proven. */
  readonly unresolvable: readonly RuleFinding[];
  /** Resources that the rule judged and found compliant. */
  readonly compliant: readonly GraphResource[];
  /** Number of resources of the rule's types that it does not concern. */
  readonly notApplicable: number;
}

/** Says how much the AI system of a resource can harm. */
export type TierOf = (resource: GraphResource) => Tier;

/** Tag that says how much the AI system of a resource can harm. */
const TIER_TAG = 'ai:impact';

/**
 * Runs every rule on every resource of its types. The same graph gives the same results in the same order.
 *
 * A resource whose properties depend on a condition is judged for both outcomes, and must comply in both.
 *
 * @param tierOf @default - by the tag `ai:impact`; a resource without it counts as high impact
 */
export function evaluateRules(graph: TemplateGraph, rules: readonly Rule[], tierOf: TierOf = tierByTag): RuleResult[] {
  return rules.map((rule) => evaluate(graph, rule, tierOf));
}

function evaluate(graph: TemplateGraph, rule: Rule, tierOf: TierOf): RuleResult {
  const verdicts = graph
    .ofType(...rule.appliesTo)
    .map((resource) => ({ resource, verdict: judge(graph, rule, resource) }));
  const findings = verdicts.flatMap(({ resource, verdict }) =>
    (verdict ?? []).map((violation) => ({ ...violation, rule, resource, level: rule.level[tierOf(resource)] })),
  );
  return {
    rule,
    violations: findings.filter(({ unresolved }) => !unresolved),
    unresolvable: findings.filter(({ unresolved }) => unresolved),
    compliant: verdicts.filter(({ verdict }) => verdict?.length === 0).map(({ resource }) => resource),
    notApplicable: verdicts.filter(({ verdict }) => verdict === undefined).length,
  };
}

/** The verdict over every outcome of conditions; a finding that several outcomes share is told once. */
function judge(graph: TemplateGraph, rule: Rule, { stack, logicalId }: GraphResource): Verdict {
  const verdicts = graph.worlds().flatMap((world) => {
    const resource = world.withLogicalId(stack, logicalId);
    const verdict = resource && rule.check(resource, world);
    return verdict ? [verdict] : [];
  });
  const told = new Map(verdicts.flat().map((item) => [`${item.property}\u0000${item.message}`, item]));
  return verdicts.length === 0 ? undefined : [...told.values()];
}

/** A resource without the tag is judged as high impact: what nobody classified gets no discount. */
function tierByTag(resource: GraphResource): Tier {
  const tags = propertyOf(resource, 'Tags');
  const tag = asList(tags instanceof Opaque ? [] : tags).find((item) => valueAt(item, 'Key') === TIER_TAG);
  const value = valueAt(tag, 'Value');
  return value === 'minimal' || value === 'limited' ? value : 'high';
}
