import type { Level, Rule, Tier } from './rule';

/**
 * Rules whose findings have this level for systems of this impact tier. A hook stops a deployment or warns, and cannot
 * do one for some rules and the other for the rest: give it the rules of one level.
 */
export function rulesOfLevel(rules: readonly Rule[], level: Level, tier: Tier): Rule[] {
  return rules.filter((rule) => rule.level[tier] === level);
}
