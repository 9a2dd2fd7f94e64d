import { type StackTemplate, TemplateGraph, type TemplateResource } from '../../../lib/analysis';
import { evaluateRules, RULES, type Rule } from '../../../lib/compliance';
import { generic, type Mutant, mutantsOf } from './catalogue';

/** What became of one mutant. */
export interface Outcome {
  readonly mutant: Mutant;
  /** Rules that judged the resource compliant and claim the property: one of them must find the mutant. */
  readonly expected: readonly string[];
  /** Rules with a finding that the unmutated platform has not. */
  readonly found: readonly string[];
}

/** Runs mutants of an assembly, one at a time, and says which rules find each. */
export function outcomes(templates: readonly StackTemplate[], perKind: number): Outcome[] {
  const original = new TemplateGraph(templates);
  const results = evaluateRules(original, RULES);
  const known = new Set(results.flatMap(findingKeys));
  const compliant = new Map(results.map(({ rule, compliant: own }) => [rule, new Set(own.map(({ path }) => path))]));
  const seen = new Map<string, number>();
  return templates.flatMap((template) =>
    Object.entries(template.template.Resources ?? {}).flatMap(([logicalId, resource]) => {
      const path = original.withLogicalId(template.stack, logicalId)?.path ?? '';
      return mutantsOf(logicalId, resource)
        .filter((mutant) => isNew(seen, mutant, perKind))
        .map((mutant) => {
          const graph = new TemplateGraph(
            templates.map((other) => (other === template ? withMutant(other, mutant) : other)),
          );
          const found = evaluateRules(graph, RULES)
            .filter((result) => findingKeys(result).some((key) => !known.has(key)))
            .map(({ rule }) => rule.id);
          return { mutant, expected: claimants(mutant, path, compliant), found };
        });
    }),
  );
}

/** The same change on the same kind of resource is tried a few times only. */
function isNew(seen: Map<string, number>, { type, property, change }: Mutant, perKind: number): boolean {
  const key = [type, generic(property.split('.')), change].join(' ');
  seen.set(key, (seen.get(key) ?? 0) + 1);
  return (seen.get(key) ?? 0) <= perKind;
}

function findingKeys({ violations, unresolvable }: ReturnType<typeof evaluateRules>[number]): string[] {
  return [...violations, ...unresolvable].map(({ rule, resource, property, message }) =>
    [rule.id, resource.path, property, message].join(' | '),
  );
}

function claimants(
  { type, property }: Mutant,
  path: string,
  compliant: ReadonlyMap<Rule, ReadonlySet<string>>,
): string[] {
  const name = generic(property.split('.'));
  return [...compliant]
    .filter(
      ([rule, paths]) =>
        paths.has(path) && rule.appliesTo.includes(type) && rule.claims.some((claim) => covers(claim, name)),
    )
    .map(([rule]) => rule.id);
}

/** A claim covers the property itself, what is below it, and what holds it. */
function covers(claim: string, property: string): boolean {
  return claim === property || property.startsWith(`${claim}.`) || claim.startsWith(`${property}.`);
}

function withMutant(template: StackTemplate, { logicalId, resource }: Mutant): StackTemplate {
  const { [logicalId]: _, ...others } = template.template.Resources as Record<string, TemplateResource>;
  return {
    ...template,
    template: { ...template.template, Resources: resource ? { ...others, [logicalId]: resource } : others },
  };
}
