import { type GraphResource, Opaque, type TemplateGraph } from '../analysis';
import { asList, propertyOf } from './expect';
import type { Level, Rule, Tier, Violation } from './rule';

/** A rule's violation by one resource. */
export interface RuleFinding extends Violation {
  readonly rule: Rule;
  readonly resource: GraphResource;
  readonly level: Level;
}

/** What one rule found, the good included: an auditor asks for evidence that a check ran and passed. */
export interface RuleResult {
  readonly rule: Rule;
  readonly findings: readonly RuleFinding[];
  /** Resources that the rule judged and found compliant. */
  readonly compliant: readonly GraphResource[];
  /** Number of resources of the rule's types that it does not concern. */
  readonly notApplicable: number;
}

/** Tag that says how much the AI system of a resource can harm. */
const TIER_TAG = 'ai:impact';

/** Runs every rule on every resource of its types. The same graph gives the same results in the same order. */
export function evaluateRules(graph: TemplateGraph, rules: readonly Rule[]): RuleResult[] {
  return rules.map((rule) => evaluate(graph, rule));
}

function evaluate(graph: TemplateGraph, rule: Rule): RuleResult {
  const verdicts = graph
    .ofType(...rule.appliesTo)
    .map((resource) => ({ resource, verdict: rule.check(resource, graph) }));
  return {
    rule,
    findings: verdicts.flatMap(({ resource, verdict }) =>
      (verdict ?? []).map((violation) => ({ ...violation, rule, resource, level: rule.level[tierOf(resource)] })),
    ),
    compliant: verdicts.filter(({ verdict }) => verdict?.length === 0).map(({ resource }) => resource),
    notApplicable: verdicts.filter(({ verdict }) => verdict === undefined).length,
  };
}

/** A resource without the tag is judged as high impact: what nobody classified gets no discount. */
function tierOf(resource: GraphResource): Tier {
  const tags = propertyOf(resource, 'Tags');
  const tag = asList(tags instanceof Opaque ? [] : tags).find((item) => (item as { Key?: unknown }).Key === TIER_TAG);
  const value = (tag as { Value?: unknown } | undefined)?.Value;
  return value === 'minimal' || value === 'limited' ? value : 'high';
}
