import { PalisadeError } from '../../runtime/errors';
import type { Rule } from '../compliance/rule';

/**
 * The rules with these ids, in any case and with or without the pack's prefix `ISO42001-`; all, if none is named. Throws
 * PALISADE-C003 for an id that no rule has.
 */
export function selectRules(rules: readonly Rule[], ids: readonly string[]): readonly Rule[] {
  return ids.length === 0 ? rules : [...new Set(ids.map((id) => ruleNamed(rules, id)))];
}

function ruleNamed(rules: readonly Rule[], id: string): Rule {
  const name = normal(id);
  const found = rules.find((rule) => normal(rule.id) === name);
  if (!found) {
    const near = rules.filter((rule) => normal(rule.id).includes(name)).map((rule) => rule.id);
    throw new PalisadeError({
      code: 'PALISADE-C003',
      where: '--rule',
      problem: `no rule is called '${id}'`,
      fix: near.length > 0 ? `did you mean ${near.slice(0, 5).join(', ')}?` : 'list them with palisade rules',
    });
  }
  return found;
}

function normal(id: string): string {
  return id.toLowerCase().replace(/^iso42001-/, '');
}
