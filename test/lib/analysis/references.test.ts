import { type GraphResource, TemplateGraph } from '../../../lib/analysis';
import { graphFrom } from '../../support/graph';

const TARGETS = {
  Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'shared-data' } },
  Table: { Type: 'AWS::DynamoDB::Table' },
  Key: { Type: 'AWS::KMS::Key' },
};

/** What a resource with this property refers to, as `property -> logical id`. */
function referencesOf(Value: unknown, template: object = {}): string[] {
  const graph = graphFrom({ Resources: { ...TARGETS, From: { Type: 'A::B::C', Properties: { Value } } }, ...template });
  const from = graph.withLogicalId('Stack', 'From') as GraphResource;
  return graph.references(from).map(({ property, to }) => `${property} -> ${to.logicalId}`);
}

test.each([
  ['Ref', { Ref: 'Bucket' }, ['Value -> Bucket']],
  ['GetAtt', { 'Fn::GetAtt': ['Key', 'Arn'] }, ['Value -> Key']],
  ['a dotted GetAtt', { 'Fn::GetAtt': 'Key.Arn' }, ['Value -> Key']],
  ['Sub', { 'Fn::Sub': '${Bucket}/${Table.Arn}/${!Key}' }, ['Value -> Bucket', 'Value -> Table']],
  [
    'a variable of Sub, which hides a resource',
    { 'Fn::Sub': ['${Bucket}', { Bucket: { Ref: 'Key' } }] },
    ['Value -> Key'],
  ],
  [
    'functions in functions',
    { 'Fn::Join': ['', ['a', { 'Fn::Select': [0, [{ Ref: 'Table' }]] }]] },
    ['Value -> Table'],
  ],
  ['both values of If', { 'Fn::If': ['Open', { Ref: 'Key' }, { Ref: 'Table' }] }, ['Value -> Key', 'Value -> Table']],
  ['a list', [{ A: { Ref: 'Key' } }, 'x', { Ref: 'Table' }], ['Value.0.A -> Key', 'Value.2 -> Table']],
  ['an ARN that is written out', { Resource: ['arn:aws:s3:::shared-data/models/*'] }, ['Value.Resource.0 -> Bucket']],
  ['an ARN in a longer text', '{"Bucket":"arn:aws:s3:::shared-data"}', ['Value -> Bucket']],
  ['a given name', { SourceBucket: 'shared-data' }, ['Value.SourceBucket -> Bucket']],
])('%s is a reference', (_, value, expected) => {
  expect(referencesOf(value)).toEqual(expected);
});

test.each([
  ['a name in a property that is called after nothing', { Stage: 'shared-data' }],
  ['a name that only starts the same', 'arn:aws:s3:::shared-data-2/x'],
  ['a resource that is not there', { Ref: 'Nobody' }],
  ['a parameter', { Ref: 'Parameter' }],
  ['the value of If that the template does not take', { 'Fn::If': ['Never', { Ref: 'Key' }, 'x'] }],
])('%s is none', (_, value) => {
  const Conditions = { Never: { 'Fn::Equals': ['a', 'b'] } };
  expect(referencesOf(value, { Conditions, Parameters: { Parameter: { Type: 'String', Default: 'x' } } })).toEqual([]);
});

test('DependsOn, a resource itself and the same name of another resource are none', () => {
  const named = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'same' }, DependsOn: 'B' };
  const graph = graphFrom({
    Resources: { A: named, B: named, C: { Type: 'A::B::C', Properties: { Own: { Ref: 'C' } } } },
  });
  expect(graph.resources.flatMap((resource) => graph.references(resource))).toEqual([]);
});

test('an import refers to what the other stack exports, and is found from both ends', () => {
  const template = (Resources: object, Outputs: object = {}) => ({ Resources, Outputs }) as object;
  const graph = new TemplateGraph([
    {
      stack: 'A',
      region: 'eu-west-1',
      file: 'a',
      template: template(TARGETS, { O: { Value: { 'Fn::GetAtt': ['Key', 'Arn'] }, Export: { Name: 'key' } } }),
    },
    {
      stack: 'B',
      region: 'eu-west-1',
      file: 'b',
      template: template({ From: { Type: 'A::B::C', Properties: { Key: { 'Fn::ImportValue': 'key' } } } }),
    },
  ]);
  const [key] = graph.ofType('AWS::KMS::Key');
  const [from] = graph.ofType('A::B::C');
  expect(graph.references(from)).toEqual([{ from, property: 'Key', to: key }]);
  expect(graph.referencedBy(key)).toEqual(graph.references(from));
  expect(graph.referencedBy(from)).toEqual([]);
});
