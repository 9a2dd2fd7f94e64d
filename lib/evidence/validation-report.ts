/** One resource that breaks a rule, from CDK's `validation-report.json`, in the form every document here is made from. */
export interface Finding {
  /** The pack that found it, such as `AwsSolutions`. */
  readonly pack: string;
  /** The rule, with its sub-finding in brackets where it has one. */
  readonly rule: string;
  /** `fatal`, `error` or `warning`. */
  readonly severity: string;
  /** Path of the construct; empty when the finding concerns the whole app. */
  readonly constructPath: string;
  /** What is wrong. */
  readonly description: string;
  /** What to do, where the rule says it. */
  readonly fix?: string;
  /** The reason with approver, ticket and last day, where the exception register accepts the finding. */
  readonly accepted?: string;
}

/** The part of CDK's report that is read here (aws-cdk-lib 2.275, `cdk.out/validation-report.json`). */
export interface ValidationReport {
  readonly pluginReports: readonly PluginReport[];
}

interface PluginReport {
  readonly pluginName: string;
  readonly violations: readonly Violation[];
  readonly suppressedViolations?: readonly (Violation & {
    readonly acknowledgedReason?: string;
    readonly reason?: string;
  })[];
}

interface Violation {
  readonly ruleName: string;
  readonly severity?: string;
  readonly description: string;
  readonly suggestedFix?: string;
  readonly violatingConstructs: readonly { readonly constructPath?: string }[];
}

/** Every finding of a report, accepted ones included, in a stable order. */
export function findingsOf(report: ValidationReport): Finding[] {
  const findings = report.pluginReports.flatMap(({ pluginName, violations, suppressedViolations = [] }) => [
    ...violations.flatMap((violation) => flatten(pluginName, violation)),
    ...suppressedViolations.flatMap((violation) =>
      flatten(pluginName, violation).map((finding) => ({
        ...finding,
        accepted: violation.acknowledgedReason ?? violation.reason ?? '',
      })),
    ),
  ]);
  return findings.sort((a, b) => orderOf(a).localeCompare(orderOf(b), 'en'));
}

function flatten(pack: string, violation: Violation): Finding[] {
  return violation.violatingConstructs.map(({ constructPath }) => ({
    pack,
    rule: violation.ruleName,
    severity: violation.severity?.toLowerCase() ?? 'error',
    constructPath: constructPath ?? '',
    description: violation.description,
    fix: violation.suggestedFix,
  }));
}

function orderOf({ pack, rule, constructPath }: Finding): string {
  return [pack, rule, constructPath].join('\u0000');
}
