import * as path from 'node:path';
import { App, NestedStack, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { loadPaths, Opaque, TemplateGraph } from '../../../lib/analysis';
import { graphOf } from '../../support/graph';
import { Folder } from './folder';

const folder = new Folder();

const nested = (TemplateURL: unknown, Parameters?: object) => ({
  Type: 'AWS::CloudFormation::Stack',
  Properties: { TemplateURL, ...(Parameters && { Parameters }) },
});

const CHILD = {
  Parameters: {
    Name: { Type: 'String' },
    Zones: { Type: 'CommaDelimitedList' },
    Size: { Type: 'Number', Default: 3 },
    Secret: { Type: 'AWS::SSM::Parameter::Value<String>' },
  },
  Resources: {
    Bucket: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        BucketName: { Ref: 'Name' },
        Zones: { Ref: 'Zones' },
        Size: { Ref: 'Size' },
        Secret: { Ref: 'Secret' },
      },
    },
  },
  Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Bucket', 'Arn'] } } },
};

const PARENT = {
  Resources: {
    Child: nested('./child.json', { Name: { 'Fn::Sub': 'data-${AWS::Region}' }, Zones: ['a', 'b'], Secret: '/x' }),
    Reader: { Type: 'A::B::C', Properties: { Source: { 'Fn::GetAtt': ['Child', 'Outputs.Arn'] } } },
  },
};

describe('a nested stack in a file beside its parent', () => {
  const files = ['child.json', 'parent.json'].map((name) =>
    folder.write(`loose/${name}`, name[0] === 'c' ? CHILD : PARENT),
  );
  const graph = TemplateGraph.fromPaths([path.join(folder.path, 'loose')]);
  const [bucket] = graph.ofType('AWS::S3::Bucket');

  test('is a stack of its own, judged once', () => {
    expect(graph.resources.map((resource) => resource.path)).toEqual([
      'parent/Child',
      'parent/Reader',
      'parent/Child/Bucket',
    ]);
    expect(bucket.file).toBe(files[0]);
    expect(graph.nestedStack(graph.ofType('AWS::CloudFormation::Stack')[0])).toBe('parent/Child');
  });

  test('gets what its parent gives, lists with commas, and its own defaults', () => {
    expect(bucket.properties).toEqual({
      BucketName: 'data-us-east-1',
      Zones: ['a', 'b'],
      Size: 3,
      Secret: new Opaque('parameter Secret'),
    });
  });

  test('gives its outputs, which are references to its resources', () => {
    const [reader] = graph.ofType('A::B::C');
    expect(reader.properties.Source).toBe('arn:aws:s3:::data-us-east-1');
    expect(graph.references(reader)).toEqual([{ from: reader, property: 'Source', to: bucket }]);
  });

  test('may be named beside its parent in any order', () => {
    const stacks = (...paths: string[]) => loadPaths(paths).map(({ stack }) => stack);
    expect(stacks(files[0], files[1])).toEqual(['parent', 'parent/Child']);
    expect(stacks(files[1], files[0])).toEqual(['parent', 'parent/Child']);
    expect(stacks(files[0])).toEqual(['child']);
  });
});

test.each([true, false])('a NestedStack of the CDK is found, asset metadata %p', (enabled) => {
  const app = new App({ context: { 'aws:cdk:enable-asset-metadata': enabled, 'aws:cdk:enable-path-metadata': true } });
  const parent = new Stack(app, 'Parent', { env: { region: 'eu-west-1' } });
  const key = new kms.Key(parent, 'Key');
  const child = new NestedStack(parent, 'Child');
  const bucket = new s3.Bucket(child, 'Bucket', { encryptionKey: key });
  new kms.Key(parent, 'Other', { description: bucket.bucketArn });
  const graph = graphOf(app);
  const [made] = graph.ofType('AWS::S3::Bucket');
  const [known, other] = graph.ofType('AWS::KMS::Key');
  expect(made).toMatchObject({ path: 'Parent/Child/Bucket/Resource', stack: expect.stringMatching(/^Parent\/Child/) });
  expect(JSON.stringify(made.properties)).toContain(known.arn);
  expect(graph.references(made).map(({ to }) => to)).toEqual([known]);
  expect(other.properties.Description).toBe(made.arn);
});

test('a template that only asset metadata names is found', () => {
  folder.write('asset/child.json', CHILD);
  const Child = { ...nested({ Ref: 'Url' }), Metadata: { 'aws:asset:path': 'child.json' } };
  expect(loadPaths([folder.write('asset/parent.json', { Resources: { Child } })])).toHaveLength(2);
});

test('stacks of one name keep nested stacks of their own', () => {
  folder.write('twins/child.json', CHILD);
  folder.write('twins/s.json', { Resources: { Child: nested('child.json') } });
  const stack = { type: 'aws:cloudformation:stack', properties: { templateFile: 's.json', stackName: 'S' } };
  folder.write('twins/manifest.json', { artifacts: { a: stack, b: stack } });
  const templates = loadPaths([path.join(folder.path, 'twins')]);
  expect(templates.map((template) => template.stack)).toEqual(['S', 'S/Child', 'S-2', 'S-2/Child']);
});

describe('stays as it is', () => {
  const stacksOf = (name: string, template: object) =>
    loadPaths([folder.write(`${name}/t.json`, template)]).map(({ stack }) => stack);

  test.each([
    ['a URL', 'https://example.com/t.json'],
    ['a file that is not there', './gone.json'],
    ['a folder', '.'],
    ['a device', '../../../../../../../../dev/zero'],
    ['no text', { Ref: 'Url' }],
    ['itself', './t.json'],
  ])('with %s for a template', (_, url) => {
    expect(stacksOf('alone', { Resources: { Child: nested(url) } })).toEqual(['t']);
  });

  test('in a circle of files, where one of the two stays', () => {
    const first = folder.write('circle/a.json', { Resources: { B: nested('b.json') } });
    const second = folder.write('circle/b.json', { Resources: { A: nested('a.json') } });
    expect(loadPaths([first, second]).map(({ stack }) => stack)).toEqual(['b', 'b/A']);
  });

  test('where files nest each other many times over', () => {
    for (let index = 0; index < 12; index += 1) {
      const next = nested(`t${index + 1}.json`);
      folder.write(`many/t${index}.json`, { Resources: { A: next, B: next, C: next, D: next } });
    }
    folder.write('many/t12.json', { Resources: {} });
    expect(loadPaths([path.join(folder.path, 'many/t0.json')])).toHaveLength(1001);
  });
});

test('a nested template that is there and malformed is an error: it would not be judged', () => {
  folder.write('bad/child.json', '{');
  const parent = folder.write('bad/parent.json', { Resources: { Child: nested('child.json') } });
  expect(() => loadPaths([parent])).toThrow(expect.objectContaining({ code: 'PALISADE-X001' }));
});

test('a nested stack whose condition never holds is left out with all its resources', () => {
  folder.write('never/child.json', CHILD);
  const Conditions = { Never: { 'Fn::Equals': ['a', 'b'] } };
  const parent = folder.write('never/parent.json', {
    Conditions,
    Resources: { Child: { ...nested('child.json'), Condition: 'Never' } },
  });
  expect(TemplateGraph.fromPaths([parent]).resources).toEqual([]);
});
