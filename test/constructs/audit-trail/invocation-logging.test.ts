import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as logs from 'aws-cdk-lib/aws-logs';
import { AuditTrail, type AuditTrailProps, KeyRing, Purpose } from '../../../constructs';
import { appWith } from './app';

function templateOf(props: Partial<AuditTrailProps> = {}, context: Record<string, unknown> = {}): Template {
  const stack = new Stack(appWith(context), 'Stack', { env: { region: 'eu-west-1' } });
  const keys = new KeyRing(stack, 'Keys', {
    system: 'platform',
    stage: 'dev',
    purposes: [Purpose.AUDIT, Purpose.LOGS],
  });
  new AuditTrail(stack, 'AuditTrail', {
    stage: 'dev',
    auditKey: keys.key(Purpose.AUDIT),
    logKey: keys.key(Purpose.LOGS),
    ...props,
  });
  return Template.fromStack(stack);
}

const FROM_BEDROCK = {
  StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
  ArnLike: { 'aws:SourceArn': Match.objectLike({ 'Fn::Join': Match.anyValue() }) },
};

test('prompts go to an encrypted log group that ends after six months', () => {
  templateOf().hasResource('AWS::Logs::LogGroup', {
    DeletionPolicy: 'Retain',
    Properties: { KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^KeysLogs'), 'Arn'] }, RetentionInDays: 180 },
  });
});

test('prompts go with the stack only when both switches are on', () => {
  const template = templateOf({ removalPolicy: RemovalPolicy.DESTROY }, { 'palisade:allowDataRemoval': true });
  template.hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete', Properties: { RetentionInDays: 180 } });
});

test('large bodies go to a bucket that ends them at the same time, and only Bedrock writes there', () => {
  const template = templateOf({ invocationLogRetention: logs.RetentionDays.ONE_WEEK });
  template.hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ ExpirationInDays: 7 })]) },
  });
  template.hasResourceProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Sid: 'BedrockWrites',
          Action: 's3:PutObject',
          Resource: { 'Fn::Join': ['', Match.arrayWith(['/BedrockModelInvocationLogs/*'])] },
          Condition: FROM_BEDROCK,
        }),
      ]),
    },
  });
  template.hasResourceProperties('AWS::KMS::Key', {
    KeyPolicy: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: 'kms:GenerateDataKey',
          Principal: { Service: 'bedrock.amazonaws.com' },
          Condition: FROM_BEDROCK,
        }),
      ]),
    },
  });
});

test('Bedrock takes the delivery role for this account only', () => {
  templateOf().hasResourceProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: {
      Statement: [Match.objectLike({ Principal: { Service: 'bedrock.amazonaws.com' }, Condition: FROM_BEDROCK })],
    },
  });
});

test('the function may set the configuration, pass the one role, and touch no data', () => {
  templateOf().hasResourceProperties('AWS::IAM::ManagedPolicy', {
    Roles: [{ Ref: Match.stringLikeRegexp('HandlerRole') }],
    PolicyDocument: {
      Statement: [
        Match.objectLike({ Action: ['logs:CreateLogStream', 'logs:PutLogEvents'] }),
        Match.objectLike({ Action: ['kms:Decrypt', 'kms:GenerateDataKey'] }),
        Match.objectLike({ Action: 'sqs:SendMessage' }),
        Match.objectLike({
          Action: [
            'bedrock:DeleteModelInvocationLoggingConfiguration',
            'bedrock:GetModelInvocationLoggingConfiguration',
            'bedrock:PutModelInvocationLoggingConfiguration',
          ],
        }),
        Match.objectLike({
          Action: 'iam:PassRole',
          Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('DeliveryRole'), 'Arn'] },
          Condition: { StringEquals: { 'iam:PassedToService': 'bedrock.amazonaws.com' } },
        }),
      ],
    },
  });
});

test('the configuration is set after every policy that Bedrock tries', () => {
  templateOf().hasResource('Custom::BedrockInvocationLogging', {
    Properties: { LargeDataPrefix: 'large', LogGroupName: Match.anyValue(), RoleArn: Match.anyValue() },
    DependsOn: Match.arrayWith([
      Match.stringLikeRegexp('DeliveryRolePermissions'),
      Match.stringLikeRegexp('HandlerRolePermissions'),
      Match.stringLikeRegexp('LargeDataPolicy'),
    ]),
  });
});

test('one stage of an account leaves it out', () => {
  templateOf({ bedrockInvocationLogging: false }).resourceCountIs('Custom::BedrockInvocationLogging', 0);
});
