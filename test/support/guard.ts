import * as path from 'node:path';
import type { MinimalTemplate, Rule } from '../../lib/compliance';
import { guardPolicy } from '../../lib/compliance/guard-policy';

interface Diagnostic {
  readonly ruleId: string;
  readonly source: string;
  readonly entity?: { readonly logicalId: string };
}

interface Engine {
  validateTemplate(template: object, config: object): { diagnostics: Diagnostic[] };
  free(): void;
}

/** CDK's own copy of AWS's validator, which evaluates CloudFormation Guard. */
function validator() {
  const cdk = path.dirname(require.resolve('aws-cdk-lib/package.json'));
  return require(path.join(cdk, 'node_modules/@aws/cloudformation-validate')) as {
    CelEngine: new (config: object) => Engine;
    TemplateContent: new (content: string) => object;
  };
}

function engineFor(rules: readonly Rule[]): Engine {
  const { CelEngine } = validator();
  return new CelEngine({ guardRules: [{ name: 'palisade.guard', content: guardPolicy(rules) }] });
}

function diagnosticsOf(engine: Engine, Resources: object): Diagnostic[] {
  const { TemplateContent } = validator();
  const template = new TemplateContent(JSON.stringify({ Resources }));
  const report = engine.validateTemplate(template, { disableBuiltinRules: true, detailLevel: 'STANDARD' });
  return report.diagnostics.filter(({ source }) => source === 'GUARD');
}

/** Judges templates by the Guard policy of some rules, one at a time. Throws where Guard cannot read the policy. */
export function guardJudge(rules: readonly Rule[]): (resources: MinimalTemplate) => string[] {
  let engine: Engine | undefined;
  return (resources) => {
    engine ??= engineFor(rules);
    return diagnosticsOf(engine, resources).map(({ ruleId }) => ruleId);
  };
}

/**
 * The Guard rules that find something in each of these templates. They are judged in one go, as one template: a call
 * costs more than what is judged in it. Throws where Guard cannot read the policy.
 */
export function guardFindings(rules: readonly Rule[], templates: readonly MinimalTemplate[]): string[][] {
  const resources = templates.flatMap((template, index) =>
    Object.entries(template).map(([id, resource]) => [`T${index}x${id}`, resource]),
  );
  const engine = engineFor(rules);
  const found: string[][] = templates.map(() => []);
  for (const { ruleId, entity } of diagnosticsOf(engine, Object.fromEntries(resources))) {
    found[Number(/^T(\d+)x/.exec(entity?.logicalId ?? '')?.[1])].push(ruleId);
  }
  engine.free();
  return found;
}
