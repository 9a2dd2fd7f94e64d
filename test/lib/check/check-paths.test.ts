import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { checkPaths, jsonReport } from '../../../lib/check';
import { selectRules } from '../../../lib/check/select-rules';
import { RULES } from '../../../lib/compliance/rules';
import { FAULTY } from './templates';

const rules = selectRules(RULES, ['KmsRotation']);
let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'palisade-check-'));
});

afterEach(() => {
  fs.rmSync(folder, { recursive: true });
});

function write(name: string, content: string): string {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
  return file;
}

const TEMPLATE = JSON.stringify({ Resources: { Key: FAULTY.Key } });
const YAML = `AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      EnableKeyRotation: false
  Alias:
    Type: AWS::KMS::Alias
    Properties: {TargetKeyId: !Ref Key}
`;

test('a finding stands at the line of its property, in JSON and in YAML', async () => {
  const yaml = write('key.yaml', YAML);
  const json = write('key.json', JSON.stringify({ Resources: { Key: FAULTY.Key } }, undefined, 2));
  const { report } = await checkPaths([yaml, json], rules);
  expect(report.findings.map(({ file, line, column }) => ({ file: path.basename(file), line, column }))).toEqual([
    { file: 'key.yaml', line: 6, column: 7 },
    { file: 'key.json', line: 5, column: 7 },
  ]);
});

test('files are one assembly, unless each is its own', async () => {
  const user = JSON.stringify({
    Resources: { Alias: { Type: 'AWS::KMS::Alias', Properties: { TargetKeyId: { 'Fn::ImportValue': 'key' } } } },
  });
  const files = [write('a.json', TEMPLATE), write('b/c.json', TEMPLATE), write('b/user.json', user)];
  const together = await checkPaths([folder], rules);
  const each = await checkPaths([folder], rules, { each: true });
  expect(together.report.summary).toMatchObject({ templates: 3, errors: 2 });
  expect(each.report.summary).toMatchObject({ templates: 3, errors: 2 });
  expect(new Set(each.report.findings.map(({ stack }) => stack))).toEqual(new Set(['a', 'c']));
  expect(files).toHaveLength(3);
});

test('one file that cannot be read ends a check, but not a batch', async () => {
  write('good.json', TEMPLATE);
  const bad = write('bad.yaml', 'Resources:\n  Key:\n    Type: AWS::KMS::Key\n   Properties: {}\n');
  await expect(checkPaths([folder], rules)).rejects.toThrow(/PALISADE-X001[\s\S]*line \d+, column \d+/);
  const { report, unreadable } = await checkPaths([folder], rules, { each: true });
  expect(report.summary.errors).toBe(1);
  expect(unreadable.map(({ code, where }) => [code, where])).toEqual([['PALISADE-X001', bad]]);
});

test('a report in JSON is a baseline for the next check', async () => {
  const file = write('key.json', TEMPLATE);
  const baseline = write('baseline/report.txt', jsonReport((await checkPaths([file], rules)).report));
  expect((await checkPaths([file], rules, { baseline })).report.summary).toMatchObject({ errors: 0, known: 1 });
  await expect(checkPaths([file], rules, { baseline: file })).rejects.toThrow('PALISADE-C002');
});

describe('with an exception register', () => {
  const register = (paths: string) => `exceptions:
  - id: EX-1
    rules: ["ISO42001::ISO42001-KmsRotation"]
    paths: ["${paths}"]
    owner: owner@example.com
    approver: approver@example.com
    reason: The key signs releases of the last century and nobody can rotate it any more at all.
    ticket: T-1
    residualRisk: low
    approvedOn: 2026-11-01
    expires: 2026-12-01
`;

  test('a finding that it covers is accepted, with who approved and until when', async () => {
    const file = write('key.json', TEMPLATE);
    const exceptions = write('exceptions.yml', register('key/Key'));
    const { report } = await checkPaths([file], rules, { exceptions, asOf: '2026-11-24' });
    expect(report.summary).toMatchObject({ errors: 0, accepted: 1 });
    expect(report.findings[0].accepted).toMatch(/^EX-1: .*approved by approver@example.com, T-1, until 2026-12-01/);
  });

  test('an expired entry is an error of its own', async () => {
    const file = write('key.json', TEMPLATE);
    const exceptions = write('exceptions.yml', register('key/Key'));
    await expect(checkPaths([file], rules, { exceptions, asOf: '2026-12-02' })).rejects.toThrow('PALISADE-M028');
  });
});

test('what the synthesis of an assembly accepted stays accepted, at the program line that made it', async () => {
  write(
    'app.template.json',
    JSON.stringify({ Resources: { Key: { ...FAULTY.Key, Metadata: { 'aws:cdk:path': 'app/Key' } } } }),
  );
  const frames = ['new Key (/lib/node_modules/aws-cdk-lib/kms.js:1:1)', `new App (${process.cwd()}/lib/app.ts:3:5)`];
  write('app.metadata.json', JSON.stringify({ '/app/Key': [{ type: 'aws:cdk:creationStack', data: frames }] }));
  write(
    'manifest.json',
    JSON.stringify({
      artifacts: { app: { type: 'aws:cloudformation:stack', properties: { templateFile: 'app.template.json' } } },
    }),
  );
  const suppressed = {
    ruleName: 'ISO42001-KmsRotation',
    reason: 'EX-2: known',
    violatingConstructs: [{ constructPath: 'app/Key' }],
  };
  write(
    'validation-report.json',
    JSON.stringify({ pluginReports: [{ pluginName: 'ISO42001', suppressedViolations: [suppressed] }] }),
  );
  const { report } = await checkPaths([folder], rules);
  expect(report.findings).toMatchObject([
    { accepted: 'EX-2: known', path: 'app/Key', source: { file: 'lib/app.ts', line: 3, column: 5 } },
  ]);
});
