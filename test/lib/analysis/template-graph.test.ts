import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, CfnOutput, CfnResource, Stack, Stage } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as fc from 'fast-check';
import { type GraphResource, Opaque, perResource, TemplateGraph } from '../../../lib/analysis';
import { graphFrom, graphOf } from '../../support/graph';

/** A variable of Fn::Sub. */
const $ = (name: string) => `\${${name}}`;

/** What a value resolves to beside some resources, parameters and mappings. */
function resolved(value: unknown, template: object = {}): unknown {
  const Resources = {
    Bucket: { Type: 'AWS::S3::Bucket' },
    Named: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::Sub': `data-${$('AWS::Region')}` } } },
    Key: { Type: 'AWS::KMS::Key' },
    Role: { Type: 'AWS::IAM::Role' },
    Group: { Type: 'AWS::EC2::SecurityGroup' },
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
    Topic: { Type: 'AWS::SNS::Topic' },
    Queue: { Type: 'AWS::SQS::Queue' },
    Table: { Type: 'AWS::DynamoDB::Table' },
    Custom: { Type: 'Custom::Thing' },
  };
  return graphFrom({ Resources, ...template }).resolve('Stack', value);
}

describe('gives values to', () => {
  test.each([
    ['a name', { Ref: 'Bucket' }, 'stack-bucket'],
    ['a given name', { Ref: 'Named' }, 'data-eu-west-1'],
    ['an ARN', { 'Fn::GetAtt': ['Bucket', 'Arn'] }, 'arn:aws:s3:::stack-bucket'],
    ['an ARN by its dotted form', { 'Fn::GetAtt': 'Key.Arn' }, 'arn:aws:kms:eu-west-1:111122223333:key/stack-key'],
    ['a global ARN', { 'Fn::GetAtt': ['Role', 'Arn'] }, 'arn:aws:iam::111122223333:role/stack-role'],
    ['a topic, whose Ref is its ARN', { Ref: 'Topic' }, 'arn:aws:sns:eu-west-1:111122223333:stack-topic'],
    ['a queue, whose Ref is its URL', { Ref: 'Queue' }, 'https://sqs.eu-west-1.amazonaws.com/111122223333/stack-queue'],
    ['an id, the same as its Ref', { 'Fn::GetAtt': ['Group', 'GroupId'] }, 'stack-group'],
    ['a key id', { 'Fn::GetAtt': ['Key', 'KeyId'] }, 'stack-key'],
    ['an attribute that repeats a property', { 'Fn::GetAtt': ['Vpc', 'CidrBlock'] }, '10.0.0.0/16'],
    ['another attribute, as a stand-in', { 'Fn::GetAtt': ['Table', 'StreamArn'] }, 'stack-table.StreamArn'],
    [
      'pseudo parameters',
      { 'Fn::Join': ['/', [{ Ref: 'AWS::AccountId' }, { Ref: 'AWS::Partition' }]] },
      '111122223333/aws',
    ],
    [
      'Sub',
      { 'Fn::Sub': `a ${$('Bucket')} ${$('Bucket.Arn')} ${$('!Literal')} ${$('Own')}` },
      `a stack-bucket arn:aws:s3:::stack-bucket ${$('Literal')} <reference to Own>`,
    ],
    ['Sub with variables', { 'Fn::Sub': [`${$('x')}-${$('y')}`, { x: 1, y: { Ref: 'Bucket' } }] }, '1-stack-bucket'],
    ['Select and Split', { 'Fn::Select': ['1', { 'Fn::Split': [',', 'a,b,c'] }] }, 'b'],
    ['Availability Zones', { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }, 'eu-west-1a'],
    ['JSON text', { 'Fn::ToJsonString': { a: { Ref: 'Bucket' } } }, '{"a":"stack-bucket"}'],
    ['no value', [{ Ref: 'AWS::NoValue' }, 1], [1]],
  ])('%s', (_, value, expected) => {
    expect(resolved(value)).toEqual(expected);
  });

  test('parameters with a default, lists among them, and mappings', () => {
    const template = {
      Parameters: {
        Size: { Type: 'Number', Default: 3 },
        Zones: { Type: 'CommaDelimitedList', Default: 'a,b' },
        Secret: { Type: 'String' },
        Image: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/image' },
      },
      Mappings: { Regions: { 'eu-west-1': { zone: 'Z1' } } },
    };
    expect(resolved({ Ref: 'Size' }, template)).toBe(3);
    expect(resolved({ Ref: 'Zones' }, template)).toEqual(['a', 'b']);
    expect(resolved({ Ref: 'Secret' }, template)).toEqual(new Opaque('parameter Secret'));
    expect(resolved({ Ref: 'Image' }, template)).toBeInstanceOf(Opaque);
    expect(resolved({ 'Fn::FindInMap': ['Regions', { Ref: 'AWS::Region' }, 'zone'] }, template)).toBe('Z1');
  });

  test('a Region of another partition', () => {
    const graph = new TemplateGraph([
      { stack: 'S', region: 'cn-north-1', file: '', template: { Resources: { B: { Type: 'AWS::S3::Bucket' } } } },
    ]);
    expect(graph.resolve('S', { 'Fn::Sub': `${$('B.Arn')} s3.${$('AWS::URLSuffix')}` })).toBe(
      'arn:aws-cn:s3:::s-b s3.amazonaws.com.cn',
    );
  });
});

describe('stays opaque for', () => {
  test.each([
    ['a dynamic reference', '{{resolve:secretsmanager:key:SecretString}}'],
    ['an attribute of a custom resource', { 'Fn::GetAtt': ['Custom', 'Value'] }],
    ['a resource that is not there', { Ref: 'Nobody' }],
    ['a name of every object', { 'Fn::GetAtt': ['constructor', 'Arn'] }],
    ['an import from outside', { 'Fn::ImportValue': 'elsewhere' }],
    ['a function that nobody knows', { 'Fn::Unheard': 1 }],
    ['text that is nothing but an opaque value', { 'Fn::Sub': $('Nobody') }],
    ['a position that is not there', { 'Fn::Select': [9, ['a']] }],
  ])('%s', (_, value) => {
    expect(resolved(value)).toBeInstanceOf(Opaque);
  });

  test('exports that import each other', () => {
    const Outputs = { A: { Export: { Name: 'a' }, Value: { 'Fn::ImportValue': 'a' } } };
    expect(resolved({ 'Fn::ImportValue': 'a' }, { Outputs })).toBeInstanceOf(Opaque);
  });

  test('text that would grow without end', () => {
    const doubling = (id: number) => ({
      'Fn::Join': ['', [{ 'Fn::ImportValue': `x${id}` }, { 'Fn::ImportValue': `x${id}` }]],
    });
    const Outputs = Object.fromEntries(
      Array.from({ length: 60 }, (_, id) => [
        `O${id}`,
        { Export: { Name: `x${id + 1}` }, Value: id === 0 ? 'text' : doubling(id) },
      ]),
    );
    const started = Date.now();
    expect(String(resolved({ 'Fn::ImportValue': 'x60' }, { Outputs })).length).toBeLessThan(3_000_000);
    expect(Date.now() - started).toBeLessThan(2_000);
  });
});

describe('conditions', () => {
  const template = {
    Resources: {
      Sometimes: {
        Type: 'AWS::S3::Bucket',
        Condition: 'Never',
        Properties: { Value: { 'Fn::If': ['Big', 'big', 'small'] } },
      },
    },
  };
  const valueIn = (graph: TemplateGraph) => graph.resources[0].properties.Value;

  test('hold unless told otherwise, and the other outcome is a second world', () => {
    const graph = graphFrom(template);
    expect(graph.worlds().map(valueIn)).toEqual(['big', 'small']);
  });

  test('can be chosen, and leave one world', () => {
    const graph = graphFrom(template, { conditions: { Big: false } });
    expect(graph.worlds().map(valueIn)).toEqual(['small']);
  });

  test('an assembly without conditional values is one world', () => {
    expect(graphFrom({ Resources: { A: { Type: 'AWS::S3::Bucket' } } }).worlds()).toHaveLength(1);
  });

  test('what only an output, a condition or nobody uses makes no second world', () => {
    const Outputs = { Size: { Value: { 'Fn::If': ['Big', 'big', 'small'] } } };
    const Conditions = { Same: { 'Fn::Equals': [{ 'Fn::If': ['Big', 'a', 'b'] }, 'a'] } };
    const graph = graphFrom({ Resources: { A: { Type: 'AWS::S3::Bucket' } }, Outputs, Conditions });
    expect(graph.worlds()).toHaveLength(1);
  });
});

describe('worlds', () => {
  const If = (then: unknown, otherwise: unknown) => ({ 'Fn::If': ['Big', then, otherwise] });
  const bucket = (Properties: object) => ({ Type: 'AWS::S3::Bucket', Properties });
  const Resources = {
    Fixed: bucket({ BucketName: 'fixed', Tags: [] }),
    Chosen: bucket({ Value: If('a', 'b'), Tags: [], Owner: 'x' }),
    Named: bucket({ BucketName: If('one', 'two') }),
    Reader: bucket({ Of: { Ref: 'Chosen' } }),
    Taker: bucket({ Of: { Ref: 'Named' } }),
  };
  const graph = graphFrom({ Resources });
  const [first, second] = graph.worlds();
  const resource = (world: TemplateGraph, id: string) => world.withLogicalId('Stack', id);
  const rests = (read: () => unknown) => graph.track(read).assumed;

  test('share what no assumption reaches, by a value, a name or a reference', () => {
    const isShared = (id: string) => resource(first, id) === resource(second, id);
    expect(Object.keys(Resources).filter(isShared)).toEqual(['Fixed', 'Reader']);
    expect(second.worlds()).toEqual([second, first]);
  });

  test.each([
    ['another property of the resource', () => resource(graph, 'Chosen')?.properties.Tags, false],
    ['the property', () => resource(graph, 'Chosen')?.properties.Value, true],
    ['whether it is there', () => Object.hasOwn(resource(graph, 'Chosen')?.properties ?? {}, 'Value'), true],
    ['which properties there are', () => ({ ...resource(graph, 'Chosen')?.properties }), true],
    ['a name', () => resource(graph, 'Named')?.name, true],
    ['an ARN', () => resource(graph, 'Named')?.arn, true],
    ['a value that takes the name', () => resource(graph, 'Taker')?.properties.Of, true],
    ['a value that is resolved', () => graph.resolve('Stack', If(1, 2)), true],
    ['a look-up of a value that only the first world has', () => graph.where('AWS::S3::Bucket', 'Value', 'a'), true],
    ['a look-up of a value that only the other world has', () => graph.where('AWS::S3::Bucket', 'Value', 'b'), true],
    ['a look-up that no world answers', () => graph.where('AWS::S3::Bucket', 'Value', 'c'), false],
    ['a look-up of another property', () => graph.where('AWS::S3::Bucket', 'Owner', 'x'), false],
    ['a look-up of a name of the other world', () => graph.withName('AWS::S3::Bucket', 'two'), true],
    ['a look-up of a name that is fixed', () => graph.withName('AWS::S3::Bucket', 'fixed'), false],
    ['a look-up by ARN', () => graph.withArn('arn:aws:s3:::fixed'), true],
  ])('%s rests on an assumption: so it says, also the second time', (_, read, expected) => {
    expect([rests(read), rests(read)]).toEqual([expected, expected]);
  });

  test('what is computed once says so whenever it is used, and what is only tracked does not', () => {
    const read = () => resource(graph, 'Chosen')?.properties.Value;
    expect([rests(() => graph.once('value', read)), rests(() => graph.once('value', read))]).toEqual([true, true]);
    expect([rests(() => graph.onceFor('own', 1, read)), rests(() => graph.onceFor('own', 2, () => 0))]).toEqual([
      true,
      false,
    ]);
    expect(rests(() => graph.track(read).value === 'never')).toBe(false);
  });

  test('what is computed per resource says so every time', () => {
    const ofResource = perResource(({ Value }) => Value);
    const chosen = resource(graph, 'Chosen') as GraphResource;
    expect([rests(() => ofResource(chosen)), rests(() => ofResource(chosen))]).toEqual([true, true]);
    expect(rests(() => ofResource(resource(graph, 'Fixed') as GraphResource))).toBe(false);
  });
});

describe('an assembly', () => {
  function assembly(): TemplateGraph {
    const app = new App();
    const stage = new Stage(app, 'prod', { env: { region: 'eu-central-1' } });
    const keys = new Stack(stage, 'Keys');
    const key = new kms.Key(keys, 'Key');
    new s3.Bucket(new Stack(stage, 'Data'), 'Bucket', { encryptionKey: key });
    return graphOf(app);
  }

  test('is read with its stages, Regions, construct paths and references across stacks', () => {
    const graph = assembly();
    const [key] = graph.ofType('AWS::KMS::Key');
    const [bucket] = graph.ofType('AWS::S3::Bucket');
    expect(key).toMatchObject({ path: 'prod/Keys/Key/Resource', stack: 'prod-Keys' });
    expect(key.arn).toMatch(/^arn:aws:kms:eu-central-1:111122223333:key\/prod-keys-key/);
    expect(bucket.path).toBe('prod/Data/Bucket/Resource');
    expect(JSON.stringify(bucket.properties)).toContain(JSON.stringify(key.arn));
  });

  test('finds resources by type, name, ARN, path and property, each the same object', () => {
    const graph = assembly();
    const [bucket] = graph.ofType('AWS::S3::Bucket');
    expect(graph.withName('AWS::S3::Bucket', bucket.name)).toBe(bucket);
    expect(graph.withArn(bucket.arn)).toBe(bucket);
    expect(graph.withLogicalId(bucket.stack, bucket.logicalId)).toBe(bucket);
    expect(graph.atPath('Data/Bucket')).toEqual([bucket]);
    expect(graph.where('AWS::S3::Bucket', 'BucketEncryption.ServerSideEncryptionConfiguration', 'no')).toEqual([]);
  });

  test('sees overrides and resources without a construct of their own kind', () => {
    const app = new App();
    const stack = new Stack(app, 'S');
    const bucket = new CfnResource(stack, 'Raw', { type: 'AWS::S3::Bucket', properties: { Kept: 1, Changed: 1 } });
    bucket.addPropertyOverride('Changed', 2);
    new CfnOutput(stack, 'Out', { value: bucket.ref, exportName: 'raw' });
    expect(graphOf(app).ofType('AWS::S3::Bucket')[0]).toMatchObject({
      path: 'S/Raw',
      properties: { Kept: 1, Changed: 2 },
    });
  });
});

describe('files', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'palisade-'));
  const file = (name: string, text: string) => {
    fs.writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  test('refer to each other through exports', () => {
    const a = file('a.json', JSON.stringify({ Outputs: { O: { Value: 'shared', Export: { Name: 'o' } } } }));
    const b = file(
      'b.json',
      JSON.stringify({ Resources: { X: { Type: 'A::B::C', Properties: { V: { 'Fn::ImportValue': 'o' } } } } }),
    );
    const graph = TemplateGraph.fromFiles([
      { name: 'a', path: a },
      { name: 'b', path: b, region: 'eu-west-1' },
    ]);
    expect(graph.resources[0]).toMatchObject({ path: 'b/X', properties: { V: 'shared' } });
  });

  test('that are not JSON are a coded error with the file', () => {
    const broken = file('broken.json', '{');
    expect(() => TemplateGraph.fromFiles([{ name: 'x', path: broken }])).toThrow(
      expect.objectContaining({ code: 'PALISADE-X001', where: broken }),
    );
  });
});

describe('never throws', () => {
  /** Values with intrinsic functions in legal and illegal forms. */
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom<unknown>(
        'text',
        1,
        true,
        null,
        $('A'),
        $('A.Arn'),
        '$' + '{A',
        'A',
        'AWS::NoValue',
        '{{resolve:ssm:x}}',
      ),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('Key', '__proto__', 'constructor', 'Ref'), tie('value'), { maxKeys: 2 }),
      fc
        .tuple(
          fc.constantFrom(
            'Ref',
            'Fn::GetAtt',
            'Fn::Sub',
            'Fn::Join',
            'Fn::Select',
            'Fn::Split',
            'Fn::If',
            'Fn::ImportValue',
            'Fn::FindInMap',
            'Fn::ToJsonString',
            'Fn::Cidr',
          ),
          tie('value'),
        )
        .map(([name, argument]) => ({ [name]: argument })),
    ),
  }));

  test('on any value anywhere in a template, and gives the same result twice', () => {
    fc.assert(
      fc.property(value, value, value, (first, second, third) => {
        const template = {
          Resources: {
            A: { Type: 'AWS::S3::Bucket', Properties: { BucketName: first, Other: second } },
            B: { Type: 'AWS::IAM::Role', Properties: { RoleName: { 'Fn::GetAtt': ['A', 'Other'] }, Tags: third } },
          },
          Outputs: { O: { Value: third, Export: { Name: first } } },
          Parameters: { P: { Type: 'String', Default: second } },
        };
        const properties = () => JSON.stringify(graphFrom(template).resources.map((resource) => resource.properties));
        expect(properties()).toBe(properties());
      }),
      { numRuns: 500 },
    );
  });

  test('on a value nested deeper than any template', () => {
    const deep = Array.from({ length: 1_000 }).reduce<unknown>((inner) => ({ 'Fn::Join': ['', [inner]] }), 'x');
    expect(resolved(deep)).toBeInstanceOf(Opaque);
  });
});
