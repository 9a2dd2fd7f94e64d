import * as path from 'node:path';
import type { MinimalTemplate, Rule } from '../../lib/compliance';
import { guardPolicy } from '../../lib/compliance/guard-policy';

interface Engine {
  validateTemplate(template: object, config: object): { diagnostics: { ruleId: string; source: string }[] };
}

/** CDK's own copy of AWS's validator, which evaluates CloudFormation Guard. */
function validator() {
  const cdk = path.dirname(require.resolve('aws-cdk-lib/package.json'));
  return require(path.join(cdk, 'node_modules/@aws/cloudformation-validate')) as {
    CelEngine: new (config: object) => Engine;
    TemplateContent: new (content: string) => object;
  };
}

/** Judges templates by the Guard policy of some rules. Throws where Guard cannot read the policy. */
export function guardJudge(rules: readonly Rule[]): (resources: MinimalTemplate) => string[] {
  const { CelEngine, TemplateContent } = validator();
  const engine = new CelEngine({ guardRules: [{ name: 'palisade.guard', content: guardPolicy(rules) }] });
  return (Resources) => {
    const template = new TemplateContent(JSON.stringify({ Resources }));
    const report = engine.validateTemplate(template, { disableBuiltinRules: true, detailLevel: 'STANDARD' });
    return report.diagnostics.filter(({ source }) => source === 'GUARD').map(({ ruleId }) => ruleId);
  };
}
