import type { GraphResource, TemplateGraph } from '../analysis';
import { concernsAi } from './conditions';
import type { Level, Rule, Tier, Verdict, Violation } from './rule';
import { tierOf as statedTierOf } from './tags';

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

/** Says how much the AI system of a resource can harm; undefined where nobody said. */
export type TierOf = (resource: GraphResource) => Tier | undefined;

/**
 * Runs every rule on every resource of its types. The same graph gives the same results in the same order.
 *
 * A resource whose properties depend on a condition is judged for both outcomes, and must comply in both.
 *
 * @param tierOf @default - by the tag `ai:impact`; a resource without it counts as high impact
 */
export function evaluateRules(
  graph: TemplateGraph,
  rules: readonly Rule[],
  tierOf: TierOf = statedTierOf,
): RuleResult[] {
  return rules.map((rule) => evaluate(graph, rule, tierOf));
}

function evaluate(graph: TemplateGraph, rule: Rule, tierOf: TierOf): RuleResult {
  const verdicts = graph
    .ofType(...rule.appliesTo)
    .map((resource) => ({ resource, verdict: judge(graph, rule, resource) }));
  const findings = verdicts.flatMap(({ resource, verdict }) =>
    (verdict ?? []).map((violation) => ({
      ...violation,
      rule,
      resource,
      level: levelOf(rule, violation, tierOf(resource)),
    })),
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
    const concerned = resource && (rule.scope === 'any' || concernsAi(resource, world));
    const verdict = concerned ? rule.check(resource, world) : undefined;
    return verdict ? [verdict] : [];
  });
  const told = new Map(verdicts.flat().map((item) => [`${item.property}\u0000${item.message}`, item]));
  return verdicts.length === 0 ? undefined : [...told.values()];
}

/**
 * What nobody classified is judged as high impact. What only a deployment knows is a warning, unless the resource says
 * that it is of high impact: there, what cannot be proven is as bad as what is broken.
 */
function levelOf({ level }: Rule, { unresolved }: Violation, tier: Tier | undefined): Level {
  return unresolved && tier !== 'high' ? 'warning' : level[tier ?? 'high'];
}
