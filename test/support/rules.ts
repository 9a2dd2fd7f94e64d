import * as fc from 'fast-check';
import { evaluateRules, type RuleResult } from '../../lib/compliance/engine';
import type { MinimalTemplate, Rule } from '../../lib/compliance/rule';
import { graphFrom } from './graph';
import { guardFindings } from './guard';

/** What one rule says of the resources of one template. */
export function judge(rule: Rule, resources: object): RuleResult {
  return evaluateRules(graphFrom({ Resources: resources }), [rule])[0];
}

/** The same in short: the properties at fault, `unresolved ...` for those that nobody can judge yet, or the verdict. */
export function verdict(rule: Rule, resources: object): string | string[] {
  const { violations, unresolvable, compliant } = judge(rule, resources);
  const found = [
    ...violations.map(({ property }) => property),
    ...unresolvable.map(({ property }) => `unresolved ${property}`),
  ];
  const clean = compliant.length > 0 ? 'compliant' : 'not applicable';
  return found.length > 0 ? found : clean;
}

/** A copy of the template with properties of one resource replaced. */
export function changed(template: MinimalTemplate, id: string, properties: object): MinimalTemplate {
  return { ...template, [id]: { ...template[id], Properties: { ...template[id].Properties, ...properties } } };
}

/**
 * The tests that every rule must pass: its two templates, a property override, a condition, a value that only a
 * deployment knows, properties of any shape and each property of the compliant template. Guard's agreement with all rules
 * is `guard-agreement.test.ts`.
 */
export function describeRules(rules: readonly Rule[]): void {
  describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (_, rule) => {
    test('accepts its compliant template, as a positive result', () => {
      const { violations, unresolvable, compliant } = judge(rule, rule.compliant);
      expect([...violations, ...unresolvable].map(({ message }) => message)).toEqual([]);
      expect(compliant.length).toBeGreaterThan(0);
    });

    test('finds its non-compliant template, at its level for high impact', () => {
      const { violations, compliant } = judge(rule, rule.nonCompliant);
      expect(violations.length).toBeGreaterThan(0);
      expect(
        violations.every(
          ({ level, property, message }) => level === rule.level.high && property !== '' && message !== '',
        ),
      ).toBe(true);
      expect(compliant.filter(({ type }) => type === violations[0].resource.type)).toEqual([]);
    });

    test('finds its fault behind a property override: it reads the template, not the construct', () => {
      const overridden = Object.fromEntries(
        Object.entries(rule.compliant).map(([id, resource]) => [
          id,
          rule.nonCompliant[id] ? { ...rule.nonCompliant[id], Metadata: { 'aws:cdk:path': `app/${id}` } } : resource,
        ]),
      );
      expect(judge(rule, { ...overridden, ...rule.nonCompliant }).violations.length).toBeGreaterThan(0);
    });

    test('finds a fault that a condition brings in', () => {
      const conditional = Object.fromEntries(
        Object.entries({ ...rule.compliant, ...rule.nonCompliant }).map(([id, resource]) => [
          id,
          { ...resource, Properties: either(rule.compliant[id]?.Properties, resource.Properties) },
        ]),
      );
      expect(judge(rule, conditional).violations.length).toBeGreaterThan(0);
    });

    test('never throws, and calls it no violation, when a property is known only at deployment', () => {
      for (const [id, { Properties = {} }] of Object.entries(rule.compliant)) {
        for (const key of Object.keys(Properties)) {
          expect(() => judge(rule, changed(rule.compliant, id, { [key]: { 'Fn::Unheard': 1 } }))).not.toThrow();
        }
      }
    });

    test('never throws on properties of any shape', () => {
      const keys = Object.values(rule.compliant).flatMap(({ Properties }) => Object.keys(Properties ?? {}));
      const properties = fc.dictionary(fc.constantFrom(...keys, 'Tags', '__proto__'), fc.jsonValue({ maxDepth: 4 }));
      fc.assert(
        fc.property(fc.constantFrom(...rule.appliesTo), properties, (Type, Properties) => {
          judge(rule, { Any: { Type, Properties } });
        }),
        { numRuns: 25 },
      );
    });

    for (const { id, without, template } of weakened(rule)) {
      test(`rests on ${without}: without it, the resource is not called compliant`, () => {
        expect(judge(rule, template).compliant.map(({ logicalId }) => logicalId)).not.toContain(id);
      });
    }
  });
}

/**
 * Guard agrees with each of these rules on its templates, whole and weakened. One call for all of them: to start Guard
 * costs seconds, and once per file of rules was the half of their time.
 */
export function describeGuard(rules: readonly Rule[]): void {
  const inGuard = rules.filter(({ guard }) => 'clauses' in guard);
  const cases = inGuard.flatMap((rule) => [
    { rule, what: 'its compliant template', template: rule.compliant },
    { rule, what: 'its non-compliant template', template: rule.nonCompliant },
    ...weakened(rule).map(({ without, template }) => ({ rule, what: `its template without ${without}`, template })),
  ]);
  let byGuard: string[][] = [];
  beforeAll(() => {
    byGuard = guardFindings(
      inGuard,
      cases.map(({ template }) => template),
    );
  }, 60_000);

  for (const [index, { rule, what, template }] of cases.entries()) {
    test(`agrees with ${rule.id} on ${what}`, () => {
      const found = byGuard[index].some((name) => name.split('_')[0] === rule.id);
      expect(found).toBe(judge(rule, template).violations.length > 0);
    });
  }
}

/** The compliant template without each of its properties in turn, at every depth, in the resources that the rule judges. */
function weakened({ appliesTo, compliant }: Rule): { id: string; without: string; template: MinimalTemplate }[] {
  return Object.entries(compliant)
    .filter(([, { Type }]) => appliesTo.includes(Type))
    .flatMap(([id, resource]) =>
      pathsOf(resource.Properties ?? {}).map((keys) => {
        // Not structuredClone: under jest, its objects are of another realm, and a resource would look empty.
        const copy = JSON.parse(JSON.stringify(compliant)) as Record<string, { Properties: Record<string, unknown> }>;
        remove(copy[id].Properties, keys);
        return { id, without: [id, ...keys].join('.'), template: copy as unknown as MinimalTemplate };
      }),
    );
}

/** Tags say whom a rule concerns, not what it asks. */
function pathsOf(value: unknown): string[][] {
  if (value === null || typeof value !== 'object' || Array.isArray(value) || 'Ref' in value || 'Fn::GetAtt' in value) {
    return [];
  }
  return Object.entries(value)
    .filter(([key]) => key !== 'Tags')
    .flatMap(([key, item]) => [[key], ...pathsOf(item).map((rest) => [key, ...rest])]);
}

function remove(object: Record<string, unknown>, [key, ...rest]: string[]): void {
  if (rest.length === 0) {
    delete object[key];
  } else {
    remove(object[key] as Record<string, unknown>, rest);
  }
}

/** Each property takes its compliant value where the condition holds, and the other where it does not. */
function either(then: object | undefined, otherwise: object | undefined): object {
  const good = (then ?? {}) as Record<string, unknown>;
  const bad = (otherwise ?? {}) as Record<string, unknown>;
  const value = (object: Record<string, unknown>, key: string) =>
    Object.hasOwn(object, key) ? object[key] : { Ref: 'AWS::NoValue' };
  const keys = [...new Set([...Object.keys(good), ...Object.keys(bad)])];
  return Object.fromEntries(keys.map((key) => [key, { 'Fn::If': ['Good', value(good, key), value(bad, key)] }]));
}
