import type { TemplateResource } from '../../../lib/analysis';
import { graphOf, synthesize } from '../support';
import { lockedOutAccounts, unopenedKeys } from './checks/key-policies';

const platform = synthesize();

test('no key policy locks its account out', () => {
  expect(platform.graph.ofType('AWS::KMS::Key').length).toBeGreaterThan(0);
  expect(lockedOutAccounts(platform.graph)).toEqual([]);
});

test('every key accepts each service that encrypts with it', () => {
  expect(unopenedKeys(platform.graph)).toEqual([]);
});

test('a key that only a role may administer is found', () => {
  const graph = graphOf({
    Key: key([{ Effect: 'Allow', Action: 'kms:*', Principal: { AWS: 'arn:aws:iam::1:role/a' } }]),
  });
  expect(lockedOutAccounts(graph)).toEqual([
    expect.stringContaining('broken/Key: the account cannot kms:CancelKeyDeletion'),
  ]);
});

test('a condition on the administration counts as a lockout', () => {
  const Condition = { StringEquals: { 'aws:PrincipalTag/role': 'admin' } };
  const graph = graphOf({ Key: key([{ Effect: 'Allow', Action: 'kms:*', Principal: ACCOUNT, Condition }]) });
  expect(lockedOutAccounts(graph)).toHaveLength(1);
});

const ACCOUNT = { AWS: 'arn:aws:iam::111122223333:root' };
const KEY = { 'Fn::GetAtt': ['Key', 'Arn'] };
const USERS: Record<string, TemplateResource> = {
  Group: { Type: 'AWS::Logs::LogGroup', Properties: { KmsKeyId: KEY } },
  Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { KMSKeyId: KEY } },
  Topic: { Type: 'AWS::SNS::Topic', Properties: { KmsMasterKeyId: KEY } },
  Queue: { Type: 'AWS::SQS::Queue', Properties: { KmsMasterKeyId: KEY } },
  Function: { Type: 'AWS::Lambda::Function', Properties: { KmsKeyArn: KEY } },
  Guardrail: { Type: 'AWS::Bedrock::Guardrail', Properties: { KmsKeyArn: KEY } },
  Endpoint: { Type: 'AWS::SageMaker::EndpointConfig', Properties: { KmsKeyId: KEY } },
  Pipeline: { Type: 'AWS::StepFunctions::StateMachine', Properties: { EncryptionConfiguration: { KmsKeyId: KEY } } },
};
/** What makes CloudWatch and EventBridge use the topic and the queue. */
const CALLERS: Record<string, TemplateResource> = {
  Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmActions: [{ Ref: 'Topic' }] } },
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: { Targets: [{ DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } } }] },
  },
};

test.each(Object.keys(USERS))('%s with a key that opens to nobody is found', (user) => {
  const graph = graphOf({ ...USERS, ...CALLERS, Key: key([]) });
  expect(unopenedKeys(graph)).toContainEqual(
    expect.stringMatching(`^broken/${user}: the policy of broken/Key does not accept`),
  );
});

test('CloudWatch Logs must be bound to the group', () => {
  const open = (arn: string) =>
    unopenedKeys(
      graphOf({
        Group: USERS.Group,
        Key: key([
          {
            Effect: 'Allow',
            Action: 'kms:*',
            Principal: { Service: 'logs.eu-west-1.amazonaws.com' },
            Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': arn } },
          },
        ]),
      }),
    );
  expect(open('arn:aws:logs:eu-west-1:111122223333:log-group:*')).toEqual([]);
  expect(open('arn:aws:logs:eu-west-1:111122223333:log-group:/aws/other/*')).toHaveLength(1);
});

test('a key of another Region opens nothing', () => {
  const statement = { Effect: 'Allow', Action: 'kms:*', Principal: ACCOUNT };
  const via = (service: string) => ({ ...statement, Condition: { StringEquals: { 'kms:ViaService': service } } });
  const faults = (service: string) => unopenedKeys(graphOf({ Function: USERS.Function, Key: key([via(service)]) }));
  expect(faults('lambda.eu-west-1.amazonaws.com')).toEqual([]);
  expect(faults('lambda.us-east-1.amazonaws.com')).toHaveLength(1);
});

function key(Statement: unknown[]): TemplateResource {
  return { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Version: '2012-10-17', Statement } } };
}
