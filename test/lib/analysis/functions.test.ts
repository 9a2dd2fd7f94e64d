import { Opaque, type Template, TemplateGraph, textOf } from '../../../lib/analysis';
import { graphFrom } from '../../support/graph';

const resolved = (value: unknown, template: object = {}) => graphFrom(template).resolve('Stack', value);

test.each([
  ['Base64', { 'Fn::Base64': { 'Fn::Sub': '${AWS::Region}' } }, 'ZXUtd2VzdC0x'],
  ['Length', { 'Fn::Length': { 'Fn::Split': [',', 'a,b,c'] } }, 3],
  ['Cidr', { 'Fn::Cidr': ['192.168.0.0/24', '6', '5'] }, [0, 32, 64, 96, 128, 160].map((end) => `192.168.0.${end}/27`)],
  ['Cidr across bytes', { 'Fn::Cidr': ['10.0.0.0/8', 2, 16] }, ['10.0.0.0/16', '10.1.0.0/16']],
  [
    'Cidr of IPv6',
    { 'Fn::Cidr': ['2001:db8:1234:1a00::/56', 2, 64] },
    ['2001:db8:1234:1a00::/64', '2001:db8:1234:1a01::/64'],
  ],
  ['a part of Cidr', { 'Fn::Select': [1, { 'Fn::Cidr': ['10.0.0.0/16', 2, 8] }] }, '10.0.1.0/24'],
  ['a mapping with a default', { 'Fn::FindInMap': ['No', 'such', 'key', { DefaultValue: 'x' }] }, 'x'],
])('%s gives a value', (_, value, expected) => {
  expect(resolved(value)).toEqual(expected);
});

test.each([
  ['blocks that do not fit', { 'Fn::Cidr': ['10.0.0.0/24', 3, 7] }],
  ['more blocks than there may be', { 'Fn::Cidr': ['10.0.0.0/8', 257, 8] }],
  ['a range that is none', { 'Fn::Cidr': ['::ffff:10.0.0.0/96', 1, 8] }],
  ['blocks of no whole size', { 'Fn::Cidr': ['10.0.0.0/8', 1, 1.5] }],
  ['blocks of less than nothing', { 'Fn::Cidr': ['10.0.0.0/8', 1, -1] }],
  ['blocks without a size', { 'Fn::Cidr': ['10.0.0.0/8', 1] }],
  ['the length of no list', { 'Fn::Length': 'abc' }],
  ['a transform', { 'Fn::Transform': { Name: 'AWS::Include' } }],
  ['a loop', { 'Fn::ForEach::Name': ['X', ['a'], { '${X}': 1 }] }],
  ['a dynamic reference that a function makes', { 'Fn::Sub': '{{resolve:ssm:/${AWS::Region}/key}}' }],
])('%s is opaque', (_, value) => {
  expect(resolved(value)).toBeInstanceOf(Opaque);
});

test('a function of something opaque keeps its reason', () => {
  const secret = { Ref: 'Nobody' };
  for (const value of [
    { 'Fn::Base64': secret },
    { 'Fn::Length': secret },
    { 'Fn::Select': [0, { 'Fn::Split': [',', secret] }] },
  ]) {
    expect(resolved(value)).toEqual(new Opaque('reference to Nobody'));
  }
});

test('a loop among resources and outputs leaves the others', () => {
  const loop = { 'Fn::ForEach::All': ['X', ['a', 'b'], { '${X}': { Type: 'AWS::S3::Bucket' } }] };
  const graph = graphFrom({ Resources: { ...loop, A: { Type: 'AWS::S3::Bucket' } }, Outputs: loop, Conditions: loop });
  expect(graph.resources.map(({ logicalId }) => logicalId)).toEqual(['A']);
});

test('what holds no function is not copied', () => {
  const value = { a: [{ b: 1 }] };
  expect(resolved(value)).toBe(value);
});

describe('a condition that the template decides', () => {
  const equals = (left: unknown, right: unknown) => ({ 'Fn::Equals': [left, right] });
  const [YES, NO] = [equals('a', 'a'), equals('a', 'b')];
  const OPEN = equals({ Ref: 'Stage' }, 'prod');

  /** The graph of a resource under a condition with this expression, with a value that depends on it. */
  const under = (expression: unknown, regionIsFixed = false) => {
    const template = {
      Parameters: { Stage: { Type: 'String', Default: 'dev' } },
      Mappings: { Regions: { 'eu-west-1': { home: 'yes' } } },
      Conditions: { C: expression, Yes: YES, No: NO, Circle: { Condition: 'Circle' } },
      Resources: {
        Sometimes: { Type: 'A::B::Sometimes', Condition: 'C' },
        Always: { Type: 'A::B::Always', Properties: { Value: { 'Fn::If': ['C', 'then', 'else'] } } },
      },
    } as unknown as Template;
    return new TemplateGraph([{ stack: 'Stack', region: 'eu-west-1', regionIsFixed, file: '', template }]);
  };
  const valuesOf = (graph: TemplateGraph) =>
    graph.worlds().map((world) => world.ofType('A::B::Always')[0].properties.Value);

  test.each([
    ['Equals', YES, true],
    ['Equals of a number and its text', equals(1, '1'), true],
    ['Not', { 'Fn::Not': [YES] }, false],
    ['And', { 'Fn::And': [YES, { Condition: 'Yes' }] }, true],
    ['And with what is open', { 'Fn::And': [OPEN, NO] }, false],
    ['Or with what is open', { 'Fn::Or': [OPEN, YES] }, true],
    ['Or', { 'Fn::Or': [NO, { Condition: 'No' }] }, false],
    ['functions of fixed values', equals({ 'Fn::Join': ['', ['a', 'b']] }, 'ab'), true],
  ])('by %s', (_, expression, holds) => {
    const graph = under(expression);
    expect(valuesOf(graph)).toEqual([holds ? 'then' : 'else']);
    expect(graph.ofType('A::B::Sometimes')).toHaveLength(holds ? 1 : 0);
  });

  test.each([
    ['a parameter, default or not', OPEN],
    ['a parameter in a text', equals({ 'Fn::Sub': '${Stage}' }, 'prod')],
    ['a Region that the deployment decides', equals({ Ref: 'AWS::Region' }, 'us-east-1')],
    ['the account', equals({ Ref: 'AWS::AccountId' }, '1')],
    ['itself', { Condition: 'Circle' }],
    ['nothing that is known', { 'Fn::Unheard': [] }],
    ['And of nothing', { 'Fn::And': [] }],
  ])('is not one on %s', (_, expression) => {
    const graph = under(expression);
    expect(valuesOf(graph)).toEqual(['then', 'else']);
    expect(graph.ofType('A::B::Sometimes')[0].condition).toBe('C');
  });

  test('by the Region, where it is certain', () => {
    const home = { 'Fn::FindInMap': ['Regions', { Ref: 'AWS::Region' }, 'home'] };
    expect(valuesOf(under(equals(home, 'yes'), true))).toEqual(['then']);
    expect(valuesOf(under(equals({ Ref: 'AWS::Region' }, 'us-east-1'), true))).toEqual(['else']);
  });

  test('by one that was chosen', () => {
    const Conditions = { Prod: OPEN, Other: { 'Fn::Not': [{ Condition: 'Prod' }] } };
    const graph = graphFrom({ Conditions, Parameters: { Stage: { Type: 'String' } } }, { conditions: { Prod: true } });
    expect(graph.resolve('Stack', { 'Fn::If': ['Other', 'then', 'else'] })).toBe('else');
  });
});

test('texts that functions make are bounded together, not only each', () => {
  const imported = { 'Fn::ImportValue': 'large' };
  const Outputs = {
    Part: { Value: 'x'.repeat(100_000), Export: { Name: 'part' } },
    Large: {
      Value: { 'Fn::Join': ['', Array.from({ length: 9 }, () => ({ 'Fn::ImportValue': 'part' }))] },
      Export: { Name: 'large' },
    },
  };
  const graph = graphFrom({ Outputs });
  const lengthOf = (index: number) =>
    textOf(graph.resolve('Stack', { 'Fn::Sub': ['${x}-${n}', { x: imported, n: index }] })).length;
  const lengths = Array.from({ length: 200 }, (_, index) => lengthOf(index));
  expect(lengths[0]).toBe(900_002);
  const twice = { 'Fn::ToJsonString': [imported, imported] };
  expect(graphFrom({ Outputs }).resolve('Stack', twice)).toEqual(new Opaque('text too long'));
  expect(lengths.reduce((sum, length) => sum + length)).toBeLessThan(101_000_000);
});

test('a type that is called as a member of every object has a name and an ARN like any other', () => {
  const [resource] = graphFrom({ Resources: { A: { Type: 'constructor', Properties: {} } } }).resources;
  expect(resource).toMatchObject({ name: 'stack-a', arn: 'arn:aws:unknown:eu-west-1:111122223333:unknown/stack-a' });
});

test('a value that nests beyond the stack has a text too', () => {
  const deep = Array.from({ length: 100_000 }).reduce<unknown>((inner) => [inner], 'x');
  expect(textOf(deep)).toBe('<value without end>');
});

test('something of the whole graph is computed once', () => {
  const graph = graphFrom({});
  const make = jest.fn(() => undefined);
  graph.once('key', make);
  graph.once('key', make);
  expect(make).toHaveBeenCalledTimes(1);
});
