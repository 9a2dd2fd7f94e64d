import { graphOf, stackOf, synthesize } from '../support';
import { missingExports, resourceCycles, stackCycles } from './checks/cycles';
import { oversizedPolicies, oversizedTemplates } from './checks/limits';

const { graph, templates } = synthesize();

test('no template is near a quota of CloudFormation', () => {
  expect(templates.length).toBeGreaterThan(10);
  expect(oversizedTemplates(templates)).toEqual([]);
});

test('every policy fits where it is attached', () => {
  expect(oversizedPolicies(graph)).toEqual([]);
});

test('there is an order in which everything can be deployed', () => {
  expect([...resourceCycles(templates), ...stackCycles(templates), ...missingExports(templates)]).toEqual([]);
});

test('401 resources, 151 outputs and parameters, and 800 KB are found', () => {
  const many = (length: number, value: unknown) =>
    Object.fromEntries([...Array(length).keys()].map((i) => [`R${i}`, value]));
  const template = {
    Resources: many(401, { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'x'.repeat(2000) } }),
    Outputs: many(151, { Value: 1 }),
    Parameters: many(151, { Type: 'String' }),
  };
  expect(oversizedTemplates([{ ...stackOf({}), template: template as never }])).toEqual([
    'broken: 401 resources (quota 500)',
    'broken: 151 outputs (quota 200)',
    'broken: 151 parameters (quota 200)',
    expect.stringContaining('bytes (quota 1 MB)'),
  ]);
});

test('policies that are too long, too many, and too many tags are found', () => {
  const document = (length: number) => ({ Statement: [{ Sid: 'x'.repeat(length) }] });
  const ManagedPolicyArns = [...Array(11).keys()].map((i) => `arn:aws:iam::111122223333:policy/p${i}`);
  const Tags = [...Array(51).keys()].map((i) => ({ Key: `k${i}`, Value: 'v' }));
  const broken = graphOf({
    Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: document(32_769) } },
    Bucket: { Type: 'AWS::S3::BucketPolicy', Properties: { PolicyDocument: document(20_481) } },
    Policy: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document(6145) } },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: document(2049),
        ManagedPolicyArns,
        Policies: [{ PolicyName: 'p', PolicyDocument: document(10_241) }],
        Tags,
      },
    },
  });
  expect(oversizedPolicies(broken).map((text) => text.replace(/: \d+/, ':'))).toEqual([
    'broken/Policy: characters in a managed policy, 6144 at most',
    'broken/Bucket: bytes in a bucket policy, 20480 at most',
    'broken/Key: bytes in a key policy, 32768 at most',
    'broken/Role: tags, 50 at most',
    'broken/Role: characters in a trust policy, 2048 at most',
    'broken/Role: managed policies on a role, 10 at most',
    'broken/Role: characters in the inline policies of a role, 10240 at most',
  ]);
});

test('a cycle between two resources is found, by reference and by DependsOn', () => {
  const stack = stackOf({
    Topic: { Type: 'AWS::SNS::Topic', Properties: { KmsMasterKeyId: { 'Fn::Sub': sub('Key.Arn') } } },
    Key: { Type: 'AWS::KMS::Key', DependsOn: ['Policy'] },
    Policy: { Type: 'AWS::SNS::TopicPolicy', Properties: { Topics: [{ Ref: 'Topic' }] } },
  });
  expect(resourceCycles([stack])).toEqual(['broken: Topic -> Key -> Policy -> Topic']);
});

test('a cycle between two stacks is found, and an import that nothing exports', () => {
  const stack = (name: string, imported: string) => ({
    ...stackOf(
      { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { 'Fn::ImportValue': imported } } } },
      name,
    ),
  });
  const exporting = (name: string, imported: string) => {
    const made = stack(name, imported);
    return { ...made, template: { ...made.template, Outputs: { Out: { Value: 1, Export: { Name: `${name}:out` } } } } };
  };
  expect(stackCycles([exporting('a', 'b:out'), exporting('b', 'a:out')])).toEqual(['a -> b -> a']);
  expect(missingExports([stack('a', 'nowhere:out')])).toEqual(['a: imports nowhere:out, which nothing exports']);
});

/** What Fn::Sub replaces. */
function sub(name: string): string {
  return `\${${name}}`;
}
