import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { buildSync } from 'esbuild';
import { loadAssembly, loadPaths, loadTemplates, readTemplate, TemplateGraph } from '../../../lib/analysis';
import { Folder } from './folder';

const folder = new Folder();
const BUCKET = { Resources: { Bucket: { Type: 'AWS::S3::Bucket' } } };

const coded = (code: string, problem: RegExp = /./) =>
  expect.objectContaining({ name: 'PalisadeError', code, problem: expect.stringMatching(problem) });

/** What a YAML text holds. */
function yaml(text: string): unknown {
  return readTemplate(folder.write('text.yaml', text));
}

describe('YAML', () => {
  test.each([
    ['!Ref Bucket', { Ref: 'Bucket' }],
    ['!Condition Big', { Condition: 'Big' }],
    ['!GetAtt Bucket.Arn', { 'Fn::GetAtt': ['Bucket', 'Arn'] }],
    ['!GetAtt Child.Outputs.Arn', { 'Fn::GetAtt': ['Child', 'Outputs.Arn'] }],
    ['!GetAtt [Bucket, Arn]', { 'Fn::GetAtt': ['Bucket', 'Arn'] }],
    ['!Sub "a-${Bucket}"', { 'Fn::Sub': 'a-${Bucket}' }],
    ['!Sub ["${x}", {x: !Ref Bucket}]', { 'Fn::Sub': ['${x}', { x: { Ref: 'Bucket' } }] }],
    ['!Join [",", [a, !Ref B]]', { 'Fn::Join': [',', ['a', { Ref: 'B' }]] }],
    ['!Select [0, !GetAZs ""]', { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }],
    ['!GetAZs', { 'Fn::GetAZs': '' }],
    ['!If [Big, 1, !Ref "AWS::NoValue"]', { 'Fn::If': ['Big', 1, { Ref: 'AWS::NoValue' }] }],
    [
      '!And [!Equals [a, b], !Not [!Condition C]]',
      { 'Fn::And': [{ 'Fn::Equals': ['a', 'b'] }, { 'Fn::Not': [{ Condition: 'C' }] }] },
    ],
    ['!Or [!Condition A, !Condition B]', { 'Fn::Or': [{ Condition: 'A' }, { Condition: 'B' }] }],
    ['!ImportValue shared', { 'Fn::ImportValue': 'shared' }],
    ['{"Fn::ImportValue": !Sub "${A}-x"}', { 'Fn::ImportValue': { 'Fn::Sub': '${A}-x' } }],
    ['!FindInMap [A, b, c]', { 'Fn::FindInMap': ['A', 'b', 'c'] }],
    ['!Base64 text', { 'Fn::Base64': 'text' }],
    ['!Cidr [10.0.0.0/16, 2, 8]', { 'Fn::Cidr': ['10.0.0.0/16', 2, 8] }],
    ['!Split [",", "a,b"]', { 'Fn::Split': [',', 'a,b'] }],
    ['!Length [1, 2]', { 'Fn::Length': [1, 2] }],
    ['!ToJsonString {a: 1}', { 'Fn::ToJsonString': { a: 1 } }],
    ['!Transform {Name: AWS::Include}', { 'Fn::Transform': { Name: 'AWS::Include' } }],
  ])('%s is the long form', (text, value) => {
    expect(yaml(`V: ${text}`)).toEqual({ V: value });
  });

  test.each([
    ['2012-10-17', '2012-10-17'],
    ['2010-09-09T10:00:00Z', '2010-09-09T10:00:00Z'],
    ['yes', true],
    ['Off', false],
    ['y', 'y'],
    ['0123', 83],
    ['012345678901', '012345678901'],
    ['123456789012', 123456789012],
    ['1.5', 1.5],
    ['~', null],
    ['"true"', 'true'],
  ])('reads %s as CloudFormation does', (text, value) => {
    expect(yaml(`V: ${text}`)).toEqual({ V: value });
  });

  test('has aliases and merged maps, and keys that are always texts', () => {
    expect(yaml('A: &a {x: 1}\nB: *a\nC: {<<: *a, y: 2}\n1: one\non: 2')).toEqual({
      A: { x: 1 },
      B: { x: 1 },
      C: { x: 1, y: 2 },
      1: 'one',
      on: 2,
    });
  });

  test('is the same graph as its JSON', () => {
    const file = folder.write(
      'policy.yml',
      'Resources:\n  P:\n    Type: A::B::C\n    Properties:\n      Name: !Sub "${AWS::Region}-x"\n',
    );
    expect(TemplateGraph.fromPaths([file]).resources[0]).toMatchObject({
      path: 'policy/P',
      file,
      properties: { Name: 'us-east-1-x' },
    });
  });
});

describe('malformed text is one error with line and column', () => {
  test.each([
    ['bad.json', '{\n  "a": 1,\n  "b": }', 'line 3, column 8: value expected'],
    ['bad.json', '{\n  "a": 1,\n}', 'line 3, column 1: property name expected'],
    ['bad.json', '{"a": "\n"}', 'line 1, column 7: unexpected end of string'],
    ['bad.json', '{ // no\n}', 'line 1, column 3: invalid comment token'],
    ['empty.json', '', 'line 1, column 1'],
    ['bad.yaml', 'a: 1\nb: [1, 2\nc: 3\n', 'line 3, column 1'],
    ['bad.yaml', 'Resources:\n  A:\n    Type: x\n   B: y\n', 'line 4, column 1'],
    ['twice.yaml', 'Resources:\n  A: 1\n  B: 2\n  A: 3\n', 'line 4, column 3: the key "A" is there twice'],
    ['tag.yaml', 'a: 1\nb: !Unheard x\n', 'line 2, column 4: Unresolved tag: !Unheard'],
    ['two.yaml', 'a: 1\n---\nb: 1\n', 'line 2, column 1'],
    ['merge.yaml', 'a: 1\nb: {<<: text}', 'line 2, column 5: Merge sources must be maps'],
    ['deep.yaml', '['.repeat(20_000), 'nests too deep'],
  ])('%s %j', (name, text, problem) => {
    const file = folder.write(name, text);
    expect(() => readTemplate(file)).toThrow(coded('PALISADE-X001', new RegExp(problem.replace(/[[\]()]/g, '\\$&'))));
  });

  test('a bomb of aliases ends', () => {
    const lines = Array.from(
      { length: 30 },
      (_, index) => `a${index + 1}: &a${index + 1} [${`*a${index}, `.repeat(9)}]`,
    );
    const file = folder.write('bomb.yaml', ['a0: &a0 [x]', ...lines].join('\n'));
    expect(() => readTemplate(file)).toThrow(coded('PALISADE-X001', /line 2, column 10: Excessive alias count/));
  });

  test('many keys take no quadratic time', () => {
    const keys = Array.from({ length: 60_000 }, (_, index) => `  k${index}: 1`).join('\n');
    expect(Object.keys(yaml(`Resources:\n${keys}`) as object)).toEqual(['Resources']);
  }, 20_000);
});

describe('what a command line names', () => {
  test('a file that is no template, or is not there, is an error of its own', () => {
    expect(() => loadPaths([folder.write('list.json', '[]')])).toThrow(coded('PALISADE-X002', /found a list/));
    expect(() => loadPaths([folder.write('other.json', '{"a": 1}')])).toThrow(coded('PALISADE-X002', /no Resources/));
    expect(() => loadPaths([path.join(folder.path, 'nobody.json')])).toThrow(coded('PALISADE-X003', /ENOENT/));
  });

  test('a folder means every template below it, by relative path, and nothing else', () => {
    folder.write('tree/a/template.yaml', 'Resources: {A: {Type: AWS::S3::Bucket}}');
    folder.write('tree/b/template.json', BUCKET);
    folder.write('tree/b/c.template', JSON.stringify(BUCKET));
    folder.write('tree/package.json', { name: 'x' });
    folder.write('tree/chart.yaml', 'a: {{ .Values.Resources }}\n  b');
    folder.write('tree/node_modules/x/template.json', BUCKET);
    const found = loadPaths([path.join(folder.path, 'tree')]);
    expect(found.map(({ stack }) => stack)).toEqual(['a/template', 'b/c', 'b/template']);
  });

  test('a malformed file of a folder that is meant as a template is not skipped', () => {
    folder.write('broken/template.yaml', 'Resources:\n  A:\n    Type: AWS::S3::Bucket\n   B: 1\n');
    expect(() => loadPaths([path.join(folder.path, 'broken')])).toThrow(coded('PALISADE-X001', /line 4/));
  });

  test('nothing at all is an error: a check of nothing passes', () => {
    fs.mkdirSync(path.join(folder.path, 'empty'));
    expect(() => loadPaths([path.join(folder.path, 'empty')])).toThrow(coded('PALISADE-X005'));
    expect(() => loadPaths([])).toThrow(coded('PALISADE-X005'));
  });

  test('files of the same name make two stacks', () => {
    const files = ['one/t.json', 'two/t.json'].map((name) => folder.write(name, BUCKET));
    const graph = TemplateGraph.fromPaths(files);
    expect(graph.resources.map(({ name, file }) => [name, file])).toEqual([
      ['t-bucket', files[0]],
      ['t-2-bucket', files[1]],
    ]);
  });
});

describe('an assembly', () => {
  const assembly = (name: string, artifacts: unknown) => {
    folder.write(`${name}/s.template.json`, BUCKET);
    folder.write(`${name}/manifest.json`, { version: '1', artifacts });
    return path.join(folder.path, name);
  };
  const stack = (properties: object) => ({
    type: 'aws:cloudformation:stack',
    environment: 'aws://unknown-account/eu-west-1',
    properties,
  });

  test('is a folder with a manifest.json; two stacks of one name stay two', () => {
    const artifacts = {
      a: stack({ templateFile: 's.template.json', stackName: 'S' }),
      b: stack({ templateFile: 's.template.json', stackName: 'S' }),
    };
    const templates = loadPaths([assembly('same', artifacts)]);
    expect(templates.map((template) => [template.stack, template.region])).toEqual([
      ['S', 'eu-west-1'],
      ['S-2', 'eu-west-1'],
    ]);
  });

  test('that holds itself is read once', () => {
    const artifacts = {
      a: stack({ templateFile: 's.template.json' }),
      self: { type: 'cdk:cloud-assembly', properties: { directoryName: '.' } },
    };
    expect(loadAssembly(assembly('self', artifacts)).map((template) => template.stack)).toEqual(['a']);
  });

  test.each([
    ['no object', '[1]', 'PALISADE-X004'],
    ['artifacts that are none', '{"artifacts": []}', 'PALISADE-X004'],
    ['no JSON', '{', 'PALISADE-X001'],
    [
      'a template that is not there',
      JSON.stringify({ artifacts: { a: stack({ templateFile: 'gone.json' }) } }),
      'PALISADE-X003',
    ],
  ])('whose manifest has %s is a coded error', (name, text, code) => {
    folder.write(`${name}/manifest.json`, text);
    expect(() => loadAssembly(path.join(folder.path, name))).toThrow(coded(code));
  });

  test('whose manifest has anything anywhere holds no stack', () => {
    const artifacts = {
      a: null,
      b: [],
      c: { type: 7 },
      d: stack({}),
      e: { type: 'cdk:cloud-assembly' },
      f: { metadata: 1 },
    };
    expect(loadAssembly(assembly('strange', artifacts))).toEqual([]);
  });
});

test('neither yaml nor jsonc-parser is loaded for a JSON template', () => {
  const script = path.join(folder.path, 'start.js');
  buildSync({
    entryPoints: ['lib/analysis/index.ts'],
    bundle: true,
    external: ['jsonc-parser', 'yaml'],
    platform: 'node',
    outfile: script,
  });
  const loaded = (file: string) =>
    execFileSync(
      process.execPath,
      [
        '-e',
        `require(process.argv[1]).loadPaths([process.argv[2]]); console.log(Object.keys(require.cache).join())`,
        script,
        file,
      ],
      {
        encoding: 'utf8',
        env: { ...process.env, NODE_PATH: path.resolve('node_modules') },
      },
    );
  expect(loaded(folder.write('start.json', BUCKET))).not.toMatch(/node_modules/);
  expect(loaded(folder.write('start.yaml', 'Resources: {}'))).toMatch(/node_modules.yaml/);
});

test('a template without Resources is one for code that loads named files', () => {
  expect(loadTemplates([{ name: 'x', path: folder.write('outputs.json', { Outputs: {} }) }])).toHaveLength(1);
});
