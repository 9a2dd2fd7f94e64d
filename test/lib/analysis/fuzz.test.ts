import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { accessModel, jobDefinitions, positionOf, reachability, TemplateGraph, textOf } from '../../../lib/analysis';
import { formatOf, templateIn } from '../../../lib/analysis/read-template';
import { PalisadeError } from '../../../runtime/errors';

/** Runs of each property. The long run: `FUZZ_RUNS=1000000 npx jest test/lib/analysis/fuzz.test.ts`. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 200);

/** Longest that one template may take, in milliseconds of processor time: far more than any needs, far less than a hang. */
const LIMIT = 5_000;

jest.setTimeout(60_000 + RUNS * 60);

const get = (id: string, attribute = 'Arn') => ({ 'Fn::GetAtt': [id, attribute] });
const allow = (Action: unknown, Resource: unknown) => ({ Statement: [{ Effect: 'Allow', Action, Resource }] });

/** A template with all that the analysis reads. */
const BASE = {
  Parameters: { Stage: { Type: 'String', Default: 'dev' }, Zones: { Type: 'CommaDelimitedList', Default: 'a,b' } },
  Mappings: { Sizes: { dev: { count: '1', names: ['a', 'b'] } } },
  Conditions: {
    Prod: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
    Never: { 'Fn::And': [{ 'Fn::Equals': ['a', 'b'] }, { 'Fn::Not': [{ Condition: 'Prod' }] }] },
  },
  Resources: {
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
    Subnet: {
      Type: 'AWS::EC2::Subnet',
      Properties: {
        VpcId: { Ref: 'Vpc' },
        CidrBlock: { 'Fn::Select': [0, { 'Fn::Cidr': [get('Vpc', 'CidrBlock'), 2, 8] }] },
      },
    },
    Group: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: { SecurityGroupEgress: [{ CidrIp: '0.0.0.0/0', IpProtocol: '-1' }] },
    },
    Table: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } },
    Link: {
      Type: 'AWS::EC2::SubnetRouteTableAssociation',
      Properties: { SubnetId: { Ref: 'Subnet' }, RouteTableId: { Ref: 'Table' } },
    },
    Route: {
      Type: 'AWS::EC2::Route',
      Properties: { RouteTableId: { Ref: 'Table' }, DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-1' },
    },
    Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: allow('kms:*', '*') } },
    Bucket: {
      Type: 'AWS::S3::Bucket',
      Condition: 'Prod',
      Properties: { BucketName: { 'Fn::Sub': 'x-${Stage}-${AWS::Region}' } },
    },
    Policy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: allow('s3:*', get('Bucket')) },
    },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: { 'Fn::If': ['Prod', 'prod-role', { Ref: 'AWS::NoValue' }] },
        AssumeRolePolicyDocument: allow('sts:AssumeRole', '*'),
        Policies: [{ PolicyName: 'p', PolicyDocument: allow('kms:Decrypt', get('Key')) }],
        Tags: [{ Key: 'ai:impact', Value: 'high' }],
      },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { S3Bucket: { 'Fn::ImportValue': { 'Fn::Sub': '${Stage}-code' } }, S3Key: 'x' },
        Environment: {
          Variables: { A: { 'Fn::FindInMap': ['Sizes', { Ref: 'Stage' }, 'names'] }, B: '{{resolve:ssm:/x}}' },
        },
        VpcConfig: { SecurityGroupIds: [get('Group', 'GroupId')], SubnetIds: [{ Ref: 'Subnet' }] },
      },
    },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: { FunctionName: { Ref: 'Function' }, Principal: 's3.amazonaws.com' },
    },
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        DefinitionString: {
          'Fn::Join': [
            '',
            [
              '{"States":{"T":{"Resource":"arn:aws:states:::sagemaker:createTrainingJob","Parameters":{"VpcConfig":{"Subnets":["',
              { Ref: 'Subnet' },
              '"]}}}}}',
            ],
          ],
        },
      },
    },
    Child: {
      Type: 'AWS::CloudFormation::Stack',
      Properties: { TemplateURL: 'x', Parameters: { Stage: { Ref: 'Stage' } } },
    },
    User: {
      Type: 'A::B::C',
      Properties: { V: get('Child', 'Outputs.Out'), W: { 'Fn::ToJsonString': { Z: { 'Fn::Split': [',', 'a,b'] } } } },
    },
  },
  Outputs: { Out: { Value: get('Bucket'), Export: { Name: { 'Fn::Sub': '${Stage}-code' } } } },
};

/** Stands for a value that nests too deep for the test's own recursion, until `jsonOf` puts it in. */
const deep = (key: string) => `@deep ${key}`;

/** How many levels such a value has. */
const LEVELS = 1_000;

function jsonOf(value: unknown): string {
  const nested = (_: string, key: string) => `${`{"${key}":[`.repeat(LEVELS)}1${']}'.repeat(LEVELS)}`;
  return (JSON.stringify(value) ?? '').replaceAll(/"@deep ([^"]+)"/g, nested);
}

const NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'Stage',
  'Bucket',
  'Role',
  'Out',
  'AWS::NoValue',
  '',
  'a.b',
];
const FUNCTIONS = [
  'Ref',
  'Condition',
  ...[
    'Base64',
    'Cidr',
    'FindInMap',
    'ForEach::X',
    'GetAtt',
    'GetAZs',
    'If',
    'ImportValue',
    'Join',
    'Length',
    'Select',
    'Split',
    'Sub',
    'ToJsonString',
    'Transform',
    'Equals',
    'And',
    'Not',
  ].map((name) => `Fn::${name}`),
];

const name = fc.constantFrom(...NAMES);
const text = fc.oneof(
  name,
  name.map((id) => `\${${id}}`),
  name.map((id) => `\${${id}}-\${${id}.Arn}-\${!${id}}`),
  fc.constantFrom(
    'arn:aws:s3:::stack-bucket/*',
    '{{resolve:ssm:x}}',
    '${',
    '${}',
    '\u0000',
    'x'.repeat(100_000),
    'a,'.repeat(3_000),
    '10.0.0.0/8',
    '::/0',
    '*',
  ),
  fc.string({ maxLength: 12 }),
);

/** Anything that JSON can hold, functions in legal and illegal forms among it. */
const { anything } = fc.letrec((tie) => ({
  anything: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    text,
    fc.constantFrom<unknown>(
      null,
      true,
      false,
      0,
      -1,
      1.5,
      1e308,
      3,
      { toString: 1 },
      [],
      {},
      deep('a'),
      deep('Fn::Not'),
      deep('Fn::Sub'),
    ),
    fc.array(tie('anything'), { maxLength: 4 }),
    fc.dictionary(name, tie('anything'), { maxKeys: 3 }),
    fc.tuple(fc.constantFrom(...FUNCTIONS), tie('anything')).map(([key, argument]) => ({ [key]: argument })),
    fc
      .tuple(fc.constantFrom(...FUNCTIONS), name, tie('anything'))
      .map(([key, id, other]) => ({ [key]: [id, other, other] })),
  ),
}));

/** What is done to a template: at a place, by number, a value put, a key added, or something taken away. */
const mutations = fc.array(
  fc.record({ place: fc.nat(), kind: fc.constantFrom('put', 'add', 'delete', 'move'), key: name, value: anything }),
  { minLength: 1, maxLength: 6 },
);

type Mutation = (typeof mutations extends fc.Arbitrary<infer T> ? T : never) extends readonly (infer M)[] ? M : never;

function mangled(changes: readonly Mutation[]): unknown {
  const template: Record<string, unknown> = structuredClone(BASE);
  for (const { place, kind, key, value } of changes) {
    const places = placesIn(template);
    const [holder, at] = places[place % places.length] ?? [template, 'Resources'];
    const [other, from] = places[(place * 7) % places.length] ?? [template, 'Resources'];
    if (kind === 'delete') {
      delete holder[at];
    } else {
      const added = kind === 'move' ? structuredClone(other[from]) : value;
      Object.defineProperty(holder, kind === 'add' ? key : at, {
        value: added,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
  }
  return template;
}

/** Every key of every object and list that is not nested beyond measure. */
function placesIn(value: unknown, depth = 0): [Record<string, unknown>, string][] {
  if (value === null || typeof value !== 'object' || depth > 12) {
    return [];
  }
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [
    [holder, key] as [Record<string, unknown>, string],
    ...placesIn(holder[key], depth + 1),
  ]);
}

/** Judges texts as the files of an assembly of two stacks, one nested in the other; every answer, or a coded error. */
function analyse(file: string, ...texts: string[]): { graph: TemplateGraph; answers: string[] } | undefined {
  const started = process.cpuUsage();
  try {
    const templates = texts.map((content, index) => ({
      stack: index === 0 ? 'Stack' : `Stack/Child${index}`,
      region: 'eu-west-1',
      file,
      template: templateIn(file, content),
      ...(index > 0 && { parent: { stack: 'Stack', logicalId: 'Child' } }),
    }));
    const graph = new TemplateGraph(templates);
    const answers = graph.worlds().map(everything);
    positionOf(texts[0], formatOf(file, texts[0]), ['Resources', 'Bucket', 'Properties', 0, '__proto__']);
    return { graph, answers };
  } catch (error) {
    if (!(error instanceof PalisadeError)) {
      throw error;
    }
    return undefined;
  } finally {
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(LIMIT);
  }
}

/** Asks a graph all it can be asked, and says what it answered. */
function everything(graph: TemplateGraph): string {
  const answers = graph.resources.map((resource) => [
    ...[resource.path, resource.name, resource.arn, resource.condition, textOf(resource.properties)],
    ...graph.references(resource).map(({ property, to }) => `${property} ${to.arn}`),
    ...graph.referencedBy(resource).map(({ from }) => from.arn),
    textOf(jobDefinitions(resource)),
  ]);
  const { principals, resources } = accessModel(graph);
  const edges = reachability(graph).map(({ from, to, port }) => `${from.name} ${to.name} ${port}`);
  return textOf([answers, edges, principals.length, resources.length]);
}

test('the template that everything starts from is one that the analysis reads in full', () => {
  const graph = analyse('t.json', JSON.stringify(BASE), JSON.stringify(BASE))?.graph as TemplateGraph;
  expect(graph.worlds()).toHaveLength(2);
  expect(reachability(graph).length).toBeGreaterThan(1);
  expect(graph.resources.flatMap((resource) => graph.references(resource)).length).toBeGreaterThan(20);
});

test('a mangled template, and one nested in it, is judged in the end, and twice the same', () => {
  fc.assert(
    fc.property(mutations, mutations, (outer, inner) => {
      const texts = [outer, inner].map((changes) => jsonOf(mangled(changes)));
      expect(analyse('t.json', ...texts)?.answers).toEqual(analyse('t.json', ...texts)?.answers);
    }),
    { numRuns: Math.ceil(RUNS / 2) },
  );
});

test('the same in YAML', () => {
  fc.assert(
    fc.property(mutations, (changes) => {
      analyse('t.yaml', stringify(mangled(changes), { aliasDuplicateObjects: false }));
    }),
    { numRuns: Math.ceil(RUNS / 10) },
  );
});

test('any value is judged as a template', () => {
  fc.assert(
    fc.property(anything, anything, (template, Resources) => {
      analyse('t.json', jsonOf(template));
      analyse('t.json', jsonOf({ Resources, Outputs: template, Conditions: Resources, Parameters: template }));
    }),
    { numRuns: RUNS },
  );
});

test('a text with signs changed is a template or one error with line and column', () => {
  const sign = fc.constantFrom(
    ...'{}[]:,"\'\n\t -!&*#|>%\\\u0000',
    '!Ref ',
    '!Sub [',
    '<<: ',
    '*a',
    '&a ',
    '---\n',
    '\uFEFF',
  );
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 30 }), sign), { minLength: 1, maxLength: 5 });
  const sources: [string, string][] = [
    ['t.json', JSON.stringify(BASE, undefined, 2)],
    ['t.yaml', stringify({ Resources: { Bucket: BASE.Resources.Bucket, Role: BASE.Resources.Role } })],
  ];
  fc.assert(
    fc.property(fc.constantFrom(...sources), edits, ([file, source], changes) => {
      const changed = changes.reduce((content, [place, taken, added]) => {
        const at = place % content.length;
        return content.slice(0, at) + added + content.slice(at + taken);
      }, source);
      try {
        templateIn(file, changed);
      } catch (error) {
        expect(error).toBeInstanceOf(PalisadeError);
        expect((error as PalisadeError).problem).toMatch(
          /^cannot be read as (JSON|YAML): line \d+, column \d+: .|^is no Cl/,
        );
        return;
      }
      analyse(file, changed);
    }),
    { numRuns: RUNS },
  );
});

describe('ends soon, however it is made:', () => {
  const many = <T>(count: number, make: (index: number) => T): Record<string, T> =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`R${index}`, make(index)]));
  const bucket = (BucketName: unknown) => ({ Type: 'AWS::S3::Bucket', Properties: { BucketName } });

  test.each<[string, object]>([
    ['names that follow each other', { Resources: many(5_000, (index) => bucket(get(`R${index - 1}`, 'BucketName'))) }],
    [
      'names that follow each other backwards',
      { Resources: many(5_000, (index) => bucket(get(`R${index + 1}`, 'BucketName'))) },
    ],
    [
      'names in a circle',
      { Resources: many(2_000, (index) => bucket({ 'Fn::Sub': `\${R${(index + 1) % 2_000}}-x` })) },
    ],
    [
      'texts that double',
      { Resources: many(1_000, (index) => bucket({ 'Fn::Sub': `x\${R${index - 1}}\${R${index - 1}.BucketName}` })) },
    ],
    [
      'defaults and mappings that refer to themselves',
      {
        Parameters: { P: { Type: 'String', Default: [{ Ref: 'P' }, { Ref: 'P' }] } },
        Mappings: { M: { a: { b: [{ 'Fn::FindInMap': ['M', 'a', 'b'] }, { 'Fn::FindInMap': ['M', 'a', 'b'] }] } } },
        Resources: { A: bucket({ Ref: 'P' }), B: bucket({ 'Fn::FindInMap': ['M', 'a', 'b'] }) },
      },
    ],
    [
      'long lists, split and joined and written many times',
      {
        Parameters: { P: { Type: 'CommaDelimitedList', Default: 'a,'.repeat(200_000) } },
        Resources: many(2_000, (index) => ({
          Type: 'A::B::C',
          Properties: {
            A: { 'Fn::Join': [',', { Ref: 'P' }] },
            B: { 'Fn::ToJsonString': [{ 'Fn::Split': [',', index < 50 ? 'a,'.repeat(20_000) : 'a'] }, { Ref: 'P' }] },
          },
        })),
      },
    ],
    [
      'conditions that rest on each other',
      {
        Conditions: many(5_000, (index) => ({
          'Fn::And': [{ Condition: `R${index + 1}` }, { Condition: `R${index + 1}` }],
        })),
        Resources: { A: { Type: 'A::B::C', Condition: 'R0', Properties: { V: { 'Fn::If': ['R0', 1, 2] } } } },
      },
    ],
    [
      'exports that import each other',
      {
        Resources: { A: bucket({ 'Fn::ImportValue': 'x3000' }) },
        Outputs: many(3_000, (index) => ({
          Value: { 'Fn::Join': ['', [{ 'Fn::ImportValue': `x${index}` }, { 'Fn::ImportValue': `x${index}` }]] },
          Export: { Name: `x${index + 1}` },
        })),
      },
    ],
    ['many of one name', { Resources: many(5_000, () => bucket('same')) }],
  ])('%s', (_, template) => {
    expect(analyse('t.json', JSON.stringify(template))?.graph.resources.length).toBeGreaterThan(0);
  });
});
