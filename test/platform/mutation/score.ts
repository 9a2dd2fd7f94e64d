import { type StackTemplate, TemplateGraph, type TemplateResource } from '../../../lib/analysis';
import { evaluateRules, type RuleResult } from '../../../lib/compliance/engine';
import type { Rule } from '../../../lib/compliance/rule';
import { RULES } from '../../../lib/compliance/rules';
import { type Mutant, mutantsOf } from './catalogue';
import { generic } from './trees';

/** What became of one mutant. */
export interface Outcome {
  readonly mutant: Mutant;
  /** Rules that judged the resource compliant and claim what was changed: one of them must find the mutant. */
  readonly expected: readonly string[];
  /** Rules with a finding that the unmutated assembly has not: among those expected; all others only if none of these. */
  readonly found: readonly string[];
}

/** What the rules say of an assembly before anything is changed. */
interface Original {
  readonly graph: TemplateGraph;
  readonly rules: readonly Rule[];
  readonly findings: ReadonlySet<string>;
  readonly compliant: ReadonlyMap<Rule, ReadonlySet<string>>;
}

interface Options {
  /** How often the same change on the same type, with the same rules to find it, is tried. @default - always */
  readonly perKind?: number;
  /** Mutants that are always tried, beside those of their kind. @default - none */
  readonly isSpecial?: (mutant: Mutant) => boolean;
  /** @default RULES */
  readonly rules?: readonly Rule[];
}

/** Runs mutants of an assembly, one at a time, and says which rules find each. */
export function outcomes(
  templates: readonly StackTemplate[],
  { perKind, isSpecial, rules = RULES }: Options = {},
): Outcome[] {
  const original = judged(new TemplateGraph(templates), rules);
  const isNew = counter(perKind ?? Number.POSITIVE_INFINITY);
  return templates.flatMap((template) =>
    Object.entries(template.template.Resources ?? {}).flatMap(([logicalId, resource]) =>
      mutantsOf(template.stack, logicalId, resource)
        .filter((mutant) => isDeployable(mutant, original))
        .map((mutant) => ({ mutant, claimants: claimantsOf(mutant, original) }))
        .filter(({ mutant, claimants }) => isSpecial?.(mutant) || isNew(mutant, claimants))
        .map(({ mutant, claimants }) => outcome(mutant, claimants, original, mutated(templates, template, mutant))),
    ),
  );
}

function judged(graph: TemplateGraph, rules: readonly Rule[]): Original {
  const results = evaluateRules(graph, rules);
  return {
    graph,
    rules,
    findings: new Set(results.flatMap(findingKeys)),
    compliant: new Map(results.map(({ rule, compliant }) => [rule, new Set(compliant.map(({ path }) => path))])),
  };
}

function findingKeys({ rule, violations, unresolvable }: RuleResult): string[] {
  return [...violations, ...unresolvable].map(({ resource, property, message }) =>
    [rule.id, resource.path, property, message].join(' | '),
  );
}

function counter(most: number): (mutant: Mutant, claimants: readonly Rule[]) => boolean {
  const seen = new Map<string, number>();
  return ({ type, property, change }, claimants) => {
    const kind = [type, generic(property.split('.')), change, ...claimants.map(({ id }) => id)].join(' ');
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    return (seen.get(kind) ?? 0) <= most;
  };
}

/** CloudFormation itself refuses a template that refers to a resource which is not there. */
function isDeployable({ stack, logicalId, resource }: Mutant, { graph }: Original): boolean {
  const dropped = resource === undefined ? graph.withLogicalId(stack, logicalId) : undefined;
  return dropped === undefined || graph.referencedBy(dropped).length === 0;
}

/** Asking the expected rules first spares most mutants all others. */
function outcome(mutant: Mutant, claimants: readonly Rule[], original: Original, graph: TemplateGraph): Outcome {
  const found = foundBy(graph, claimants, original);
  const others = original.rules.filter((rule) => !claimants.includes(rule));
  return {
    mutant,
    expected: claimants.map(({ id }) => id),
    found: found.length > 0 ? found : foundBy(graph, others, original),
  };
}

function foundBy(graph: TemplateGraph, rules: readonly Rule[], { findings }: Original): string[] {
  return evaluateRules(graph, rules)
    .filter((result) => findingKeys(result).some((key) => !findings.has(key)))
    .map(({ rule }) => rule.id);
}

/** A resource that protects others is claimed by its type, by rules that judge these. */
function claimantsOf({ stack, logicalId, type, property, touches }: Mutant, { graph, compliant }: Original): Rule[] {
  const path = graph.withLogicalId(stack, logicalId)?.path ?? '';
  return [...compliant]
    .filter(([rule, paths]) => (property === type ? paths.size > 0 : paths.has(path) && rule.appliesTo.includes(type)))
    .map(([rule]) => rule)
    .filter(({ claims }) => claims.some((claim) => touches.some((touched) => covers(claim, touched))));
}

/** A claim covers the property, what is below it, and what holds it: but no whole policy, which may be worse than none. */
function covers(claim: string, property: string): boolean {
  const holds = claim.startsWith(`${property}.`) && !/(^|\.)Statement\./.test(claim);
  return claim === property || holds || (claim.endsWith('.*') ? isItem(property, claim) : isBelow(property, claim));
}

/** `FiltersConfig.*` is any filter as a whole. */
function isItem(property: string, claim: string): boolean {
  const list = claim.slice(0, -1);
  return property.startsWith(list) && !property.slice(list.length).includes('.');
}

/** `aws:PrincipalTag` is any condition key of this kind. */
function isBelow(property: string, claim: string): boolean {
  return property.startsWith(claim) && /[.:/]/.test(property.charAt(claim.length));
}

function mutated(
  templates: readonly StackTemplate[],
  template: StackTemplate,
  { logicalId, resource }: Mutant,
): TemplateGraph {
  const { [logicalId]: _, ...others } = template.template.Resources as Record<string, TemplateResource>;
  const Resources = resource ? { ...others, [logicalId]: resource } : others;
  return new TemplateGraph(
    templates.map((other) => (other === template ? { ...other, template: { ...other.template, Resources } } : other)),
  );
}
