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
  const worlds = graph.worlds();
  return rules.map((rule) => evaluate(rule, worlds, tierOf));
}

function evaluate(rule: Rule, worlds: readonly TemplateGraph[], tierOf: TierOf): RuleResult {
  const violations: RuleFinding[] = [];
  const unresolvable: RuleFinding[] = [];
  const compliant: GraphResource[] = [];
  let notApplicable = 0;
  for (const resource of worlds[0].ofType(...rule.appliesTo)) {
    const verdict = judge(rule, resource, worlds);
    if (verdict === undefined) {
      notApplicable += 1;
    } else if (verdict.length === 0) {
      compliant.push(resource);
    }
    for (const violation of verdict ?? []) {
      const finding = { ...violation, rule, resource, level: levelOf(rule, violation, tierOf(resource)) };
      (violation.unresolved ? unresolvable : violations).push(finding);
    }
  }
  return { rule, violations, unresolvable, compliant, notApplicable };
}

/**
 * The verdict over every outcome of conditions; a finding that several outcomes share is told once. What rests on no
 * assumption is the same in every world, and is judged in one.
 */
function judge(rule: Rule, resource: GraphResource, [graph, ...others]: readonly TemplateGraph[]): Verdict {
  const { value: verdict, assumed } = graph.track(() => verdictOf(rule, resource, graph));
  if (!assumed) {
    return verdict;
  }
  return others.reduce((all, world) => {
    const other = world.withLogicalId(resource.stack, resource.logicalId);
    return other ? joined(all, verdictOf(rule, other, world)) : all;
  }, verdict);
}

function verdictOf(rule: Rule, resource: GraphResource, graph: TemplateGraph): Verdict {
  return rule.scope === 'any' || concernsAi(resource, graph) ? rule.check(resource, graph) : undefined;
}

function joined(one: Verdict, other: Verdict): Verdict {
  if (one === undefined || other === undefined || other.length === 0) {
    return one ?? other;
  }
  const told = new Set(one.map(textOfViolation));
  return [...one, ...other.filter((violation) => !told.has(textOfViolation(violation)))];
}

function textOfViolation({ property, message }: Violation): string {
  return `${property}\u0000${message}`;
}

/**
 * What nobody classified is judged as high impact. What only a deployment knows is a warning, unless the resource says
 * that it is of high impact: there, what cannot be proven is as bad as what is broken.
 */
function levelOf({ level }: Rule, { unresolved }: Violation, tier: Tier | undefined): Level {
  return unresolved && tier !== 'high' ? 'warning' : level[tier ?? 'high'];
}
