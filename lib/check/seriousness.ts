import type { Rule } from '../compliance/rule';
import { RULES } from '../compliance/rules';
import type { Finding } from './finding';

const BY_ID: ReadonlyMap<string, Rule> = new Map(RULES.map((rule) => [rule.id, rule]));

/** The registry entry of a rule. */
export function ruleOf(id: string): Rule {
  const rule = BY_ID.get(id);
  if (!rule) {
    throw new Error(`no rule ${id}`);
  }
  return rule;
}

/**
 * How serious a finding is; more is worse. An error is worse than a warning, a proven fault worse than an unproven one,
 * and a rule that is an error whatever the impact worse than one that is an error for high impact only.
 */
export function seriousness({ rule, level, unresolved }: Finding): number {
  const tiers = Object.values(ruleOf(rule).level).filter((item) => item === 'error').length;
  return (level === 'error' ? 100 : 0) + (unresolved ? 0 : 10) + tiers;
}

/** Most serious first; ties by template, resource and rule, so that the order is always the same. */
export function bySeriousness(a: Finding, b: Finding): number {
  return seriousness(b) - seriousness(a) || compare(placeOf(a), placeOf(b));
}

function placeOf({ file, stack, resource, rule, property }: Finding): string {
  return [file, stack, resource, rule, property].join('\u0000');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
