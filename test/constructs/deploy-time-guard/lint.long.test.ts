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
  return fs.readFileSync(path.join(app.synth().directory, 'Stack.template.json'), 'utf8');
}

/** A hook with a wrong mode, and a filter that has both forms. */
function broken(template: string): string {
  const { Resources, ...rest } = JSON.parse(template);
  const [id] = Object.keys(Resources).filter((key) => Resources[key].Type === 'AWS::CloudFormation::GuardHook');
  const { Properties } = Resources[id];
  Properties.FailureMode = 'IGNORE';
  Properties.TargetFilters.Targets = [
    { TargetName: 'AWS::S3::Bucket', Action: 'CREATE', InvocationPoint: 'PRE_PROVISION' },
  ];
  return JSON.stringify({ Resources, ...rest });
}

const good = template();
const files = {
  'good.template.json': good,
  'broken.template.json': broken(good),
  'pack.yaml': conformancePack(RULES, 'eu-west-1'),
};

// CI installs cfn-lint; CDK's validation below reads the same templates wherever it is missing.
if (!cfnLint) {
  process.stderr.write('skipped: cfn-lint is not installed\n');
}

(cfnLint ? test : test.skip)(
  'cfn-lint has nothing to say about the stack and the pack itself, and does about a broken hook',
  () => {
    const folder = temporaryFolder();
    const paths = Object.entries(files).map(([name, content]) => {
      fs.writeFileSync(path.join(folder, name), content);
      return path.join(folder, name);
    });
    const args = ['--format', 'parseable', '--ignore-checks', OFF, '--', ...paths];
    const { stdout, stderr } = spawnSync('cfn-lint', args, { encoding: 'utf8' });
    const lines = `${stdout}${stderr}`.split('\n').filter(Boolean);
    expect(lines.filter((line) => !line.includes('broken.template.json'))).toEqual([]);
    expect(lines.join()).toContain('IGNORE');
  },
  60_000,
);

test("neither has CDK's validation, which does about a broken hook", () => {
  const cdk = path.dirname(require.resolve('aws-cdk-lib/package.json'));
  const { CelEngine, TemplateContent } = require(path.join(cdk, 'node_modules/@aws/cloudformation-validate'));
  const engine = new CelEngine({});
  const said = (text: string): string[] =>
    engine
      .validateTemplate(new TemplateContent(text), {})
      .diagnostics.filter(({ ruleId, severity }: Diagnostic) => ruleId !== OFF && /ERROR|FATAL|WARN/i.test(severity))
      .map(({ ruleId, message }: Diagnostic) => `${ruleId} ${message}`);
  expect(said(files['good.template.json'])).toEqual([]);
  expect(said(files['broken.template.json']).join('\n')).toContain('IGNORE');
}, 60_000);
