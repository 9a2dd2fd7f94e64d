import { graphOf, synthesize } from '../support';
import { unknownVocabulary } from './checks/iam-vocabulary';

const { graph: platform } = synthesize();

test('IAM knows every action and condition key of every policy', async () => {
  expect(await unknownVocabulary(platform)).toEqual([]);
});

const policy = (...Statement: object[]) =>
  graphOf({ Policy: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: { Statement } } } });

test('a misspelled action is found, and a wildcard that covers nothing', async () => {
  const Action = ['s3:GetObject', 's3:ReadObject', 'kms:Dekrypt*', 's3:Put*', 'nowhere:Do', '*'];
  expect(await unknownVocabulary(policy({ Effect: 'Allow', Action }))).toEqual([
    'broken/Policy: IAM does not know action s3:ReadObject',
    'broken/Policy: IAM does not know action kms:Dekrypt*',
    'broken/Policy: IAM does not know action nowhere:Do',
  ]);
});

test('a misspelled condition key is found in a denial too', async () => {
  const Condition = {
    StringEquals: { 'aws:SourceAcount': '1', 'aws:PrincipalTag/any': 'x' },
    Null: { 'kms:Via': 'true' },
  };
  expect(await unknownVocabulary(policy({ Effect: 'Deny', Action: 'kms:Decrypt', Condition }))).toEqual([
    'broken/Policy: IAM does not know condition key aws:SourceAcount',
    'broken/Policy: IAM does not know condition key kms:Via',
  ]);
});

test('a condition key that the action never carries is found where it allows', async () => {
  const Condition = { StringEquals: { 'kms:KeyOrigin': 'AWS_KMS' } };
  expect(await unknownVocabulary(policy({ Effect: 'Allow', Action: 'kms:ListKeys', Condition }))).toEqual([
    'broken/Policy: IAM does not know condition key kms:KeyOrigin for kms:ListKeys',
  ]);
});

test('policies inside other resources are read, as objects and as text', async () => {
  const document = { Statement: [{ Effect: 'Deny', Action: 's3:Nothing' }] };
  const graph = graphOf({
    Endpoint: { Type: 'AWS::EC2::VPCEndpoint', Properties: { PolicyDocument: document } },
    Text: { Type: 'AWS::Logs::ResourcePolicy', Properties: { PolicyDocument: JSON.stringify(document) } },
  });
  expect(await unknownVocabulary(graph)).toHaveLength(2);
});
