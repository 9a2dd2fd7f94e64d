import type { RuleEvidence } from '../compliance';
import type { Finding } from './validation-report';

/** What a rule found in a synthesis, with what the exception register said of it. */
export interface RuleResult extends RuleEvidence {
  /** Findings that the register accepts. */
  readonly accepted: number;
  /** Errors that nobody accepted. */
  readonly openErrors: number;
}

/** Joins what the pack found with what the exception register accepted of it. */
export function ruleResults(rules: readonly RuleEvidence[], findings: readonly Finding[]): RuleResult[] {
  const byRule = new Map<string, Finding[]>();
  for (const finding of findings) {
    const name = finding.rule.replace(/\[unresolved\]$/, '');
    byRule.set(name, [...(byRule.get(name) ?? []), finding]);
  }
  return rules.map((rule) => {
    const own = byRule.get(rule.rule) ?? [];
    const accepted = own.filter((finding) => finding.accepted !== undefined).length;
    const openErrors = own.filter(({ accepted, severity }) => accepted === undefined && severity !== 'warning').length;
    return { ...rule, accepted, openErrors };
  });
}
