import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

const PALISADE = path.join(__dirname, '../../dist/bin/palisade.js');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'palisade-bin-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const write = (name: string, content: string) => {
  fs.writeFileSync(path.join(folder, name), content);
  return name;
};
const key = (EnableKeyRotation: boolean) =>
  JSON.stringify({ Resources: { Key: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation } } } });

const bad = write('bad.json', key(false));
const good = write('good.json', key(true));
const broken = write('broken.yaml', 'Resources:\n  Key:\n    Type: x\n   Other: y\n');

function palisade(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PALISADE, ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const rotation = ['--rule', 'KmsRotation'];

test.each([
  ['a template without findings', ['check', good, ...rotation], 0],
  ['an open error', ['check', bad, ...rotation], 1],
  ['an open error that is not to fail', ['check', bad, ...rotation, '--fail-on', 'never'], 0],
  ['a file that cannot be read', ['check', broken], 2],
  ['a file that is not there', ['check', 'nowhere.json'], 2],
  ['a batch with a file that cannot be read', ['check', good, broken, '--each', ...rotation], 2],
  ['no template', ['check'], 2],
  ['an unknown option', ['check', good, '--no-such-option'], 2],
  ['an unknown rule', ['check', good, '--rule', 'NoSuchRule'], 2],
  ['an unknown command', ['judge'], 2],
  ['no command', [], 2],
  ['help', ['--help'], 0],
  ['the version', ['--version'], 0],
  ['help of a command', ['check', '--help'], 0],
  ['an explanation', ['check', '--explain', 'KmsRotation'], 0],
  ['a change that protects less', ['diff', good, bad], 1],
  ['a change that protects more', ['diff', bad, good], 0],
  ['one side only', ['diff', good], 2],
])('%s gives its exit code', (_, args, status) => {
  expect(palisade(...args).status).toBe(status);
});

test('help lists every command in a line, and each tells its own usage', () => {
  const lines = palisade('--help').stdout.split('\n');
  const names = lines.flatMap((line) => /^ {2}(\w+) +\S/.exec(line)?.[1] ?? []);
  expect(names.length).toBeGreaterThanOrEqual(15);
  for (const name of names) {
    expect(palisade(name, '--help').stdout).toMatch(new RegExp(`^palisade ${name} `));
  }
});

test('reports go to standard output, and what is wrong with the input to standard error', () => {
  const { stdout, stderr } = palisade('check', bad, broken, '--each', '--format', 'json', ...rotation);
  const report = JSON.parse(stdout);
  expect(report.findings).toMatchObject([
    { rule: 'KmsRotation', level: 'error', file: bad, line: 1, resource: 'Key', property: 'EnableKeyRotation' },
  ]);
  expect(report.unreadable).toMatchObject([{ code: 'PALISADE-X001', file: broken }]);
  expect(stderr).toMatch(/^PALISADE-X001 broken\.yaml\n.*line \d+, column \d+/);
});

test.each(['sarif', 'json'])('%s is one JSON document', (format) => {
  expect(() => JSON.parse(palisade('check', bad, '--format', format).stdout)).not.toThrow();
});

test('rules lists the registry as a table, Markdown, JSON and Guard', () => {
  const rules = JSON.parse(palisade('rules', '--format', 'json').stdout) as { id: string }[];
  expect(rules.length).toBeGreaterThanOrEqual(150);
  expect(palisade('rules').stdout).toContain(`${rules.length} rules`);
  expect(palisade('rules', '--format', 'markdown').stdout).toContain('# Rules of the ISO 42001 pack');
  expect(palisade('rules', '--format', 'guard').stdout).toMatch(/^rule \w+ when /m);
});
