import type { TemplateResource } from '../../../lib/analysis';
import { graphOf, synthesize } from '../support';
import { collidingNames, unfitNames, unknownNames } from './checks/names';

const { graph } = synthesize();

test('every physical name fits its service', () => {
  expect(graph.ofType('AWS::KMS::Alias').length).toBeGreaterThan(1);
  expect(unfitNames(graph)).toEqual([]);
});

test('stages and systems can share an account', () => {
  expect(collidingNames(graph)).toEqual([]);
});

test('every type that has a name has a rule', () => {
  expect(unknownNames(graph)).toEqual([]);
});

test.each<[string, TemplateResource]>([
  ['a role of 65 characters', { Type: 'AWS::IAM::Role', Properties: { RoleName: 'r'.repeat(65) } }],
  ['a bucket in capitals', { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'Evidence' } }],
  ['a bucket of two letters', { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'ab' } }],
  [
    'a monitoring job that ends in a hyphen',
    { Type: 'AWS::SageMaker::ModelBiasJobDefinition', Properties: { JobDefinitionName: 'bias-' } },
  ],
  [
    'a monitoring schedule of 64 characters',
    { Type: 'AWS::SageMaker::MonitoringSchedule', Properties: { MonitoringScheduleName: 'a'.repeat(64) } },
  ],
  ['an endpoint with a dot', { Type: 'AWS::SageMaker::Endpoint', Properties: { EndpointName: 'dev.scoring' } }],
  ['a guardrail of 51', { Type: 'AWS::Bedrock::Guardrail', Properties: { Name: 'g'.repeat(51) } }],
  [
    'a state machine of 81',
    { Type: 'AWS::StepFunctions::StateMachine', Properties: { StateMachineName: 's'.repeat(81) } },
  ],
  ['an alias of AWS', { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/aws/s3' } }],
  ['a parameter of AWS', { Type: 'AWS::SSM::Parameter', Properties: { Name: '/aws/model' } }],
  ['a log group of 513', { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'l'.repeat(513) } }],
])('%s is found', (_, resource) => {
  expect(unfitNames(graphOf({ Named: resource }))).toHaveLength(1);
});

test('two resources under one name are found', () => {
  const group = { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/palisade' } };
  expect(collidingNames(graphOf({ First: group, Second: group }))).toEqual([
    "broken/Second: '/palisade' is taken by broken/First",
  ]);
});

test('a type without a rule is found', () => {
  const Stream = { Type: 'AWS::Kinesis::Stream', Properties: { Name: 'calls' } };
  expect(unknownNames(graphOf({ Stream }))).toEqual(['broken/Stream: no rule for AWS::Kinesis::Stream.Name']);
});
