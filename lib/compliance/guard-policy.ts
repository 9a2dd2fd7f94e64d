import type { Rule } from './rule';

/**
 * Rules in the language of CloudFormation Guard, one Guard rule for each type that a rule judges. Rules that Guard cannot
 * express are left out; their registry entry says why.
 */
export function guardPolicy(rules: readonly Rule[]): string {
  return rules.flatMap(guardRules).join('\n');
}

/** The name that a rule has in Guard: `SageMakerModelNetworkIsolation`, or with its type where it judges several. */
export function guardRuleName({ id, appliesTo }: Rule, type: string): string {
  return appliesTo.length === 1 ? id : `${id}_${type.replaceAll('::', '_')}`;
}

function guardRules(rule: Rule): string[] {
  return 'clauses' in rule.guard
    ? Object.entries(rule.guard.clauses).map(([type, clauses]) => guardRule(rule, type, clauses))
    : [];
}

function guardRule(rule: Rule, type: string, clauses: string): string {
  const name = guardRuleName(rule, type);
  return [
    `# ${rule.why} ${rule.fix}`,
    `let ${name}_resources = Resources.*[ Type == '${type}' ]`,
    `rule ${name} when %${name}_resources !empty {`,
    `%${name}_resources {`,
    `${clauses}`,
    '}',
    '}',
    '',
  ].join('\n');
}
