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
  const outcomes = outcomesByType(graph);
  return rules.map((rule) => evaluate(rule, outcomes, tierOf));
}

/** A resource as it is in one outcome of conditions. */
interface Outcome {
  readonly resource: GraphResource;
  readonly world: TemplateGraph;
}

/** Resources of a type, each with its outcomes; the first is the one that findings name. */
type Outcomes = (type: string) => readonly (readonly Outcome[])[];

/** Looks the outcomes of each type up once, however many rules judge it. */
function outcomesByType(graph: TemplateGraph): Outcomes {
  const worlds = graph.worlds();
  const known = new Map<string, readonly (readonly Outcome[])[]>();
  return (type) => {
    const found =
      known.get(type) ??
      graph.ofType(type).map(({ stack, logicalId }) =>
        worlds.flatMap((world) => {
          const resource = world.withLogicalId(stack, logicalId);
          return resource ? [{ resource, world }] : [];
        }),
      );
    known.set(type, found);
    return found;
  };
}

function evaluate(rule: Rule, outcomes: Outcomes, tierOf: TierOf): RuleResult {
  const violations: RuleFinding[] = [];
  const unresolvable: RuleFinding[] = [];
  const compliant: GraphResource[] = [];
  let notApplicable = 0;
  for (const own of rule.appliesTo.flatMap(outcomes)) {
    const verdict = judge(rule, own);
    const [{ resource }] = own;
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

/** The verdict over every outcome of conditions; a finding that several outcomes share is told once. */
function judge(rule: Rule, outcomes: readonly Outcome[]): Verdict {
  const [first, ...others] = outcomes;
  const verdict = verdictOf(rule, first);
  // A rule that reads nothing but the resource says the same of the same resource.
  const more = others.filter(({ resource }) => !(rule.isLocal && resource === first.resource));
  return more.reduce((all, outcome) => joined(all, verdictOf(rule, outcome)), verdict);
}

function verdictOf(rule: Rule, { resource, world }: Outcome): Verdict {
  return rule.scope === 'any' || concernsAi(resource, world) ? rule.check(resource, world) : undefined;
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
