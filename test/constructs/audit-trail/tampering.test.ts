import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AuditTrail, KeyRing, Purpose } from '../../../constructs';
import { TAMPERING_SIGNALS } from '../../../constructs/audit-trail/tampering';
import { appWith } from './app';

function template(): Template {
  const stack = new Stack(appWith(), 'Stack', { env: { region: 'eu-west-1' } });
  const keys = new KeyRing(stack, 'Keys', {
    system: 'platform',
    stage: 'dev',
    purposes: [Purpose.AUDIT, Purpose.LOGS],
  });
  new AuditTrail(stack, 'AuditTrail', {
    stage: 'dev',
    auditKey: keys.key(Purpose.AUDIT),
    logKey: keys.key(Purpose.LOGS),
  });
  return Template.fromStack(stack);
}

/** Reads the part of CloudWatch Logs' filter language that the signals use. */
function matches(pattern: string, event: Record<string, unknown>): boolean {
  const valueAt = (path: string) =>
    path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], event);
  const expression = pattern
    .replace(/^\{|\}$/g, '')
    .replace(/\$\.([\w.]+) NOT EXISTS/g, (_all, path) => String(valueAt(path) === undefined))
    .replace(/\$\.([\w.]+) (!?=) "([^"]*)"/g, (_all, path, operator, value) =>
      String((valueAt(path) === value) === (operator === '=')),
    );
  expect(expression).toMatch(/^[\s()&|truefals]+$/);
  return new Function(`return ${expression}`)();
}

function signalsFor(eventSource: string, eventName: string, rest: Record<string, unknown> = {}): string[] {
  const event = {
    eventSource,
    eventName,
    sourceIPAddress: '203.0.113.7',
    userIdentity: { type: 'AssumedRole' },
    ...rest,
  };
  return TAMPERING_SIGNALS.filter(({ pattern }) => matches(pattern, event)).map(({ id }) => id);
}

test.each([
  ['cloudtrail.amazonaws.com', 'StopLogging', 'TrailStopped'],
  ['cloudtrail.amazonaws.com', 'DeleteTrail', 'TrailStopped'],
  ['cloudtrail.amazonaws.com', 'UpdateTrail', 'TrailStopped'],
  ['cloudtrail.amazonaws.com', 'PutEventSelectors', 'TrailStopped'],
  ['kms.amazonaws.com', 'DisableKey', 'KeyDisabled'],
  ['kms.amazonaws.com', 'ScheduleKeyDeletion', 'KeyDisabled'],
  ['kms.amazonaws.com', 'PutKeyPolicy', 'KeyPolicyChanged'],
  ['iam.amazonaws.com', 'TagRole', 'KeyOpened'],
  ['s3.amazonaws.com', 'PutBucketPolicy', 'BucketOpened'],
  ['s3.amazonaws.com', 'PutBucketObjectLockConfiguration', 'BucketOpened'],
  ['iam.amazonaws.com', 'DeleteRolePermissionsBoundary', 'BoundaryRemoved'],
  ['bedrock.amazonaws.com', 'DeleteModelInvocationLoggingConfiguration', 'InvocationLoggingChanged'],
  ['bedrock.amazonaws.com', 'UpdateGuardrail', 'GuardrailChanged'],
  ['ec2.amazonaws.com', 'AuthorizeSecurityGroupIngress', 'NetworkOpened'],
  ['ec2.amazonaws.com', 'CreateRoute', 'NetworkOpened'],
  ['config.amazonaws.com', 'StopConfigurationRecorder', 'ConfigStopped'],
  ['logs.amazonaws.com', 'DeleteLogGroup', 'LogsDeleted'],
  ['logs.amazonaws.com', 'PutLogGroupDeletionProtection', 'LogsDeleted'],
  ['monitoring.amazonaws.com', 'DeleteAlarms', 'AlarmSilenced'],
])('%s %s raises %s', (source, name, signal) => {
  expect(signalsFor(source, name)).toEqual([signal]);
});

test('a deployment changes policies without alarm, and disables a key with one', () => {
  const deployment = { sourceIPAddress: 'cloudformation.amazonaws.com' };
  expect(signalsFor('s3.amazonaws.com', 'PutBucketPolicy', deployment)).toEqual([]);
  expect(signalsFor('kms.amazonaws.com', 'DisableKey', deployment)).toEqual(['KeyDisabled']);
});

test('the root user raises an alarm, a service that acts for it does not', () => {
  expect(signalsFor('sts.amazonaws.com', 'GetCallerIdentity', { userIdentity: { type: 'Root' } })).toEqual([
    'RootUsed',
  ]);
  const byService = { userIdentity: { type: 'Root', invokedBy: 'support.amazonaws.com' } };
  expect(signalsFor('sts.amazonaws.com', 'GetCallerIdentity', byService)).toEqual([]);
});

test('everyday calls raise nothing', () => {
  expect(signalsFor('s3.amazonaws.com', 'GetObject')).toEqual([]);
  expect(signalsFor('kms.amazonaws.com', 'Decrypt')).toEqual([]);
});

test.each(TAMPERING_SIGNALS)('the pattern of $id fits into a metric filter', ({ pattern }) => {
  expect(pattern.length).toBeLessThanOrEqual(1024);
});

test('each signal has a filter on the trail and an alarm that fires on the first event', () => {
  const synthesized = template();
  for (const { id, pattern, description } of TAMPERING_SIGNALS) {
    synthesized.hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern: pattern,
      LogGroupName: { Ref: Match.stringLikeRegexp('^AuditTrailLog') },
      MetricTransformations: [Match.objectLike({ MetricName: id, MetricNamespace: 'Palisade/dev/Audit' })],
    });
    synthesized.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: id,
      Namespace: 'Palisade/dev/Audit',
      AlarmDescription: description,
      Threshold: 1,
      EvaluationPeriods: 1,
      Statistic: 'Sum',
      TreatMissingData: 'notBreaching',
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^AuditTrailAlarms') }],
    });
  }
});

test('alarms reach the encrypted topic: topic and key accept CloudWatch of this account', () => {
  const synthesized = template();
  const ofThisAccount = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
  synthesized.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
  synthesized.hasResourceProperties('AWS::SNS::TopicPolicy', {
    PolicyDocument: {
      Statement: [
        Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        Match.objectLike({
          Action: 'sns:Publish',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Condition: ofThisAccount,
        }),
      ],
    },
  });
  synthesized.hasResourceProperties('AWS::KMS::Key', {
    KeyPolicy: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Condition: ofThisAccount,
        }),
      ]),
    },
  });
});
