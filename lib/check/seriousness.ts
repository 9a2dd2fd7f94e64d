import type { Rule } from '../compliance/rule';
import type { Finding } from './finding';

/** The registry entry of a finding's rule. Throws for a rule that did not run. */
export function ruleOf(registry: ReadonlyMap<string, Rule>, id: string): Rule {
  const rule = registry.get(id);
  if (!rule) {
    throw new Error(`no rule ${id} ran`);
  }
  return rule;
}

/** Says how serious a finding is; more is worse. */
export type Seriousness = (finding: Finding) => number;

/**
 * An error is worse than a warning, a proven fault worse than an unproven one, and a rule that is an error whatever the
 * impact worse than one that is an error for high impact only.
 */
export function seriousnessBy(registry: ReadonlyMap<string, Rule>): Seriousness {
  return ({ rule, level, unresolved }) => {
    const tiers = Object.values(ruleOf(registry, rule).level).filter((item) => item === 'error').length;
    return (level === 'error' ? 100 : 0) + (unresolved ? 0 : 10) + tiers;
  };
}

/** Most serious first; ties by template, resource and rule, so that the order is always the same. */
export function mostSeriousFirst(seriousness: Seriousness): (a: Finding, b: Finding) => number {
  return (a, b) => seriousness(b) - seriousness(a) || compare(placeOf(a), placeOf(b));
}

function placeOf({ file, stack, resource, rule, property }: Finding): string {
  return [file, stack, resource, rule, property].join('\u0000');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
