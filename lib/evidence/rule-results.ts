import type { Finding } from './validation-report';

/** What one rule of the ISO 42001 pack found in a synthesis. */
export interface RuleEvidence {
  /** Id with the pack's prefix. */
  readonly rule: string;
  readonly annexA: readonly string[];
  /** Whether what the rule asks for notices a fault; otherwise it prevents one. */
  readonly detects: boolean;
  readonly violations: number;
  /** Findings that rest on what only a deployment knows. */
  readonly unresolvable: number;
  /** Construct paths of the resources that the rule judged and found compliant. */
  readonly compliant: readonly string[];
  /** Number of resources of the rule's types that it does not concern. */
  readonly notApplicable: number;
}

/** The same, with what the exception register said of it. */
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
