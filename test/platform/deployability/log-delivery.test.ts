import { graphOf, synthesize } from '../support';
import { undeliveredLogs } from './checks/log-delivery';

const { graph } = synthesize();

test('every service can deliver its logs', () => {
  expect(graph.ofType('AWS::WAFv2::LoggingConfiguration', 'AWS::CloudTrail::Trail').length).toBeGreaterThan(1);
  expect(undeliveredLogs(graph)).toEqual([]);
});

const LOGGED = {
  Type: 'AWS::S3::Bucket',
  Properties: { LoggingConfiguration: { DestinationBucketName: { Ref: 'Target' }, LogFilePrefix: 'data/' } },
};

test('a bucket that does not accept access logs is found', () => {
  expect(undeliveredLogs(graphOf({ Data: LOGGED, Target: { Type: 'AWS::S3::Bucket' } }))).toEqual([
    'broken/Data: Target does not accept its access logs',
  ]);
});

test('access logs must come from the own account', () => {
  const faults = (account: string) =>
    undeliveredLogs(
      graphOf({
        Data: LOGGED,
        Target: { Type: 'AWS::S3::Bucket' },
        Policy: policyFor('logging.s3', 's3:PutObject', account),
      }),
    );
  expect(faults('111122223333')).toEqual([]);
  expect(faults('444455556666')).toHaveLength(1);
});

test('a KMS key on the target of access logs is found', () => {
  const rule = { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } };
  const BucketEncryption = { ServerSideEncryptionConfiguration: [rule] };
  const Target = { Type: 'AWS::S3::Bucket', Properties: { BucketEncryption } };
  const Policy = policyFor('logging.s3', 's3:PutObject', '111122223333');
  expect(undeliveredLogs(graphOf({ Data: LOGGED, Target, Policy }))).toEqual([
    'broken/Data: Target is encrypted with a KMS key',
  ]);
});

test('a trail whose bucket opens only to reading the ACL is found', () => {
  const Trail = { Type: 'AWS::CloudTrail::Trail', Properties: { S3BucketName: { Ref: 'Target' } } };
  const Policy = policyFor('cloudtrail', 's3:GetBucketAcl', '111122223333');
  expect(undeliveredLogs(graphOf({ Trail, Target: { Type: 'AWS::S3::Bucket' }, Policy }))).toEqual([
    'broken/Trail: CloudTrail cannot write to arn:aws:s3:::broken-target/AWSLogs/111122223333/*',
  ]);
});

test('a firewall log group under another name is found', () => {
  const Group = { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'firewall' } };
  const LogDestinationConfigs = ['arn:aws:logs:eu-west-1:111122223333:log-group:firewall'];
  const Logging = { Type: 'AWS::WAFv2::LoggingConfiguration', Properties: { LogDestinationConfigs } };
  expect(undeliveredLogs(graphOf({ Group, Logging }))).toEqual([
    expect.stringContaining('does not begin with aws-waf-logs-'),
  ]);
});

test('an API stage without the account setting is found', () => {
  const Stage = { Type: 'AWS::ApiGateway::Stage', Properties: { MethodSettings: [] } };
  expect(undeliveredLogs(graphOf({ Stage }))).toEqual([
    'broken/Stage: API Gateway has no role for logs in this Region',
  ]);
});

function policyFor(service: string, action: string, account: string) {
  const statement = {
    Effect: 'Allow',
    Action: action,
    Principal: { Service: `${service}.amazonaws.com` },
    Resource: '*',
    Condition: { StringEquals: { 'aws:SourceAccount': account } },
  };
  return {
    Type: 'AWS::S3::BucketPolicy',
    Properties: { Bucket: { Ref: 'Target' }, PolicyDocument: { Statement: [statement] } },
  };
}
