import type { App } from 'aws-cdk-lib';
import { AwsSolutionsChecks, NIST80053R5Checks } from 'cdk-nag';

/** Synthesizes the app and lists cdk-nag's error findings as `rule construct/path`, sorted. */
export function nagErrors(app: App): string[] {
  app.synth();
  const findings = [new AwsSolutionsChecks(), new NIST80053R5Checks()].flatMap((pack) =>
    pack
      .validateScope(app)
      .violations.filter((violation) => violation.severity === 'error')
      .flatMap((violation) => violation.violatingResources.map((r) => `${violation.ruleName} ${r.constructPath}`)),
  );
  return [...new Set(findings)].sort();
}
