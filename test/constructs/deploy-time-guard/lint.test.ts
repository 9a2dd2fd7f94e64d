import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { AimsConformancePack } from '../../../constructs/conformance-pack';
import { RULES } from '../../../lib/compliance';
import { conformancePack } from '../../../lib/compliance/conformance-pack';
import { guardPolicy } from '../../../lib/compliance/guard-policy';
import { rulesOfLevel } from '../../../lib/compliance/rules-of-level';
import { temporaryFolder } from '../../platform/support';
import { guarded } from './guarded';

/** CDK writes dependencies that references imply already: redundant, never wrong. */
const OFF = 'W3005';

const cfnLint = spawnSync('cfn-lint', ['--version']).status === 0;

interface Diagnostic {
  readonly ruleId: string;
  readonly severity: string;
  readonly message: string;
}

/** A stack with both account-wide parts, as synthesized. */
function template(): string {
  const { app, stack } = guarded({ policy: guardPolicy(rulesOfLevel(RULES, 'error', 'high')) });
  new AimsConformancePack(stack, 'Aims', { template: conformancePack(RULES, 'eu-west-1') });
  return path.join(app.synth().directory, 'Stack.template.json');
}

/** What cfn-lint prints. */
function lint(file: string): string {
  const { stdout, stderr } = spawnSync('cfn-lint', ['--ignore-checks', OFF, '--', file], { encoding: 'utf8' });
  return stdout + stderr;
}

/** What CDK's validation says beyond information. */
function validated(text: string): string[] {
  const cdk = path.dirname(require.resolve('aws-cdk-lib/package.json'));
  const { CelEngine, TemplateContent } = require(path.join(cdk, 'node_modules/@aws/cloudformation-validate'));
  const { diagnostics } = new CelEngine({}).validateTemplate(new TemplateContent(text), {});
  return diagnostics
    .filter(({ ruleId, severity }: Diagnostic) => ruleId !== OFF && /ERROR|FATAL|WARN/i.test(severity))
    .map(({ ruleId, message }: Diagnostic) => `${ruleId} ${message}`);
}

test('cfn-lint and CDK have nothing to say about the stack', () => {
  const file = template();
  expect(validated(fs.readFileSync(file, 'utf8'))).toEqual([]);
  expect(cfnLint ? lint(file) : '').toBe('');
}, 60_000);

test('they do about a hook with a wrong mode, and a filter that has both forms', () => {
  const { Resources, ...rest } = JSON.parse(fs.readFileSync(template(), 'utf8'));
  const [id] = Object.keys(Resources).filter((key) => Resources[key].Type === 'AWS::CloudFormation::GuardHook');
  const { Properties } = Resources[id];
  Properties.FailureMode = 'IGNORE';
  Properties.TargetFilters.Targets = [
    { TargetName: 'AWS::S3::Bucket', Action: 'CREATE', InvocationPoint: 'PRE_PROVISION' },
  ];
  const text = JSON.stringify({ Resources, ...rest });
  const file = path.join(temporaryFolder(), 'broken.template.json');
  fs.writeFileSync(file, text);
  expect(validated(text).join('\n')).toContain('IGNORE');
  expect(cfnLint ? lint(file) : 'IGNORE').toContain('IGNORE');
}, 60_000);

test('cfn-lint has nothing to say about the conformance pack itself', () => {
  const file = path.join(temporaryFolder(), 'pack.yaml');
  fs.writeFileSync(file, conformancePack(RULES, 'eu-west-1'));
  expect(cfnLint ? lint(file) : '').toBe('');
}, 60_000);
