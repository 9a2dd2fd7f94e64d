import { evaluateRules, type RuleResult } from '../../../lib/compliance/engine';
import type { Rule } from '../../../lib/compliance/rule';
import { RULES } from '../../../lib/compliance/rules';
import { graphFrom } from '../../support/graph';

/** What all rules find: rule, resource, property and message of each. */
function found(results: readonly RuleResult[]): string[] {
  return results.flatMap(({ rule, violations, unresolvable }) =>
    [...violations, ...unresolvable].map(({ resource, property, message }) =>
      [rule.id, resource.logicalId, property, message].join(' | '),
    ),
  );
}

/** Templates of a rule in which one property of one resource has one of its two values, by a condition. */
function conditional(rule: Rule): object[] {
  const resources = { ...rule.compliant, ...rule.nonCompliant };
  return Object.entries(resources).flatMap(([id, resource]) => {
    const good = (rule.compliant[id]?.Properties ?? {}) as Record<string, unknown>;
    const bad = (resource.Properties ?? {}) as Record<string, unknown>;
    return [...new Set([...Object.keys(good), ...Object.keys(bad)])].flatMap((key) =>
      choices(good[key], bad[key]).map((values) => ({
        ...resources,
        [id]: { ...resource, Properties: { ...bad, [key]: { 'Fn::If': ['Open', ...values] } } },
      })),
    );
  });
}

/** Either value may be that of the first world. */
function choices(good: unknown = NOTHING, bad: unknown = NOTHING): unknown[][] {
  const other = JSON.stringify(good) === JSON.stringify(bad) ? NOTHING : bad;
  return [
    [good, other],
    [other, good],
  ];
}

const NOTHING = { Ref: 'AWS::NoValue' };

/**
 * The engine judges again in a second world only what may differ there. This judges everything in both, apart from each
 * other: every rule, on the templates of every rule, with each of their properties put under a condition.
 */
test.each(RULES.map((rule) => [rule.id, rule] as const))(
  '%s: nothing that a condition changes is missed',
  (_, rule) => {
    for (const Resources of conditional(rule)) {
      const apart = [true, false].flatMap((Open) =>
        found(evaluateRules(graphFrom({ Resources }, { conditions: { Open } }), RULES)),
      );
      expect(new Set(found(evaluateRules(graphFrom({ Resources }), RULES)))).toEqual(new Set(apart));
    }
  },
);
