import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** What somebody does who wants to go unseen, or to open what is closed. */
export interface TamperingSignal {
  /** Name of the metric and of the alarm. */
  readonly id: string;
  /** What happened, as the person who is alarmed reads it. */
  readonly description: string;
  /** CloudWatch Logs filter pattern over CloudTrail events; at most 1,024 characters. */
  readonly pattern: string;
}

/**
 * The signals, after the CIS AWS Foundations Benchmark (monitoring section), with what is special to AI added.
 *
 * A deployment stops no trail and disables no key, so those count whoever does them. Policies, tags, networks and
 * guardrails change with deployments, so those count only by hand; the deployment pipeline has its own review.
 */
export const TAMPERING_SIGNALS: readonly TamperingSignal[] = [
  {
    id: 'TrailStopped',
    description: 'A trail was stopped, deleted or given other event selectors',
    pattern: calls(
      'cloudtrail',
      'DeleteTrail',
      'PutEventSelectors',
      'PutInsightSelectors',
      'StopLogging',
      'UpdateTrail',
    ),
  },
  {
    id: 'KeyDisabled',
    description: 'A KMS key was disabled or scheduled for deletion',
    pattern: calls('kms', 'DisableKey', 'DisableKeyRotation', 'ScheduleKeyDeletion'),
  },
  {
    id: 'KeyPolicyChanged',
    description: 'A KMS key policy was changed by hand',
    pattern: byHand('kms', 'PutKeyPolicy'),
  },
  {
    id: 'KeyOpened',
    description: 'A role or user was tagged by hand: tags palisade:key/* open keys',
    pattern: byHand('iam', 'TagRole', 'TagUser', 'UntagRole'),
  },
  {
    id: 'BucketOpened',
    description: "A bucket's policy, lock, encryption, versioning or public access block was changed by hand",
    pattern: byHand(
      's3',
      'DeleteBucketEncryption',
      'DeleteBucketPolicy',
      'DeleteBucketPublicAccessBlock',
      'PutBucketAcl',
      'PutBucketEncryption',
      'PutBucketLifecycle',
      'PutBucketObjectLockConfiguration',
      'PutBucketPolicy',
      'PutBucketPublicAccessBlock',
      'PutBucketVersioning',
    ),
  },
  {
    id: 'BoundaryRemoved',
    description: "A role's or user's permissions boundary was removed or replaced",
    pattern: calls(
      'iam',
      'DeleteRolePermissionsBoundary',
      'DeleteUserPermissionsBoundary',
      'PutRolePermissionsBoundary',
      'PutUserPermissionsBoundary',
    ),
  },
  {
    id: 'InvocationLoggingChanged',
    description: 'Bedrock model invocation logging was deleted or redirected',
    pattern: calls('bedrock', 'DeleteModelInvocationLoggingConfiguration', 'PutModelInvocationLoggingConfiguration'),
  },
  {
    id: 'GuardrailChanged',
    description: 'A Bedrock guardrail was changed or deleted by hand',
    pattern: byHand('bedrock', 'DeleteGuardrail', 'UpdateGuardrail'),
  },
  {
    id: 'NetworkOpened',
    description: 'A security group, route, gateway or endpoint was changed by hand',
    pattern: byHand(
      'ec2',
      'AttachInternetGateway',
      'AuthorizeSecurityGroupEgress',
      'AuthorizeSecurityGroupIngress',
      'CreateNatGateway',
      'CreateRoute',
      'CreateVpcPeeringConnection',
      'DeleteFlowLogs',
      'DeleteVpcEndpoints',
      'ModifySecurityGroupRules',
      'ModifyVpcEndpoint',
      'ReplaceRoute',
    ),
  },
  {
    id: 'ConfigStopped',
    description: 'AWS Config stopped recording',
    pattern: calls('config', 'DeleteConfigurationRecorder', 'DeleteDeliveryChannel', 'StopConfigurationRecorder'),
  },
  {
    id: 'LogsDeleted',
    description: "A log group's protection, masking or retention, a log or a metric filter was removed by hand",
    pattern: byHand(
      'logs',
      'DeleteDataProtectionPolicy',
      'DeleteLogGroup',
      'DeleteLogStream',
      'DeleteMetricFilter',
      'DeleteRetentionPolicy',
      'PutLogGroupDeletionProtection',
    ),
  },
  {
    id: 'AlarmSilenced',
    description: 'An alarm was deleted or its actions were disabled by hand',
    pattern: byHand('monitoring', 'DeleteAlarms', 'DisableAlarmActions'),
  },
  {
    id: 'RootUsed',
    description: 'The root user of the account was used',
    pattern:
      '{ ($.userIdentity.type = "Root") && ($.userIdentity.invokedBy NOT EXISTS) && ($.eventType != "AwsServiceEvent") }',
  },
];

function calls(service: string, ...eventNames: string[]): string {
  return `{ ${called(service, eventNames)} }`;
}

/** What a deployment does too: CloudFormation's calls carry its name as their source address. */
function byHand(service: string, ...eventNames: string[]): string {
  return `{ ${called(service, eventNames)} && ($.sourceIPAddress != "cloudformation.amazonaws.com") }`;
}

function called(service: string, eventNames: string[]): string {
  const names = eventNames.map((name) => `($.eventName = "${name}")`).join(' || ');
  return `($.eventSource = "${service}.amazonaws.com") && (${names})`;
}

/** Properties of the tampering alarms. */
interface TamperingAlarmsProps {
  /** Receives the trail's events. */
  readonly logGroup: logs.ILogGroup;
  /** Told of every alarm. */
  readonly topic: sns.ITopic;
  /** Namespace of the metrics. */
  readonly metricNamespace: string;
}

/** One metric filter and one alarm per signal; an alarm fires on the first event and needs no acknowledgement. */
export class TamperingAlarms extends Construct {
  constructor(scope: Construct, id: string, props: TamperingAlarmsProps) {
    super(scope, id);
    const notify = new actions.SnsAction(props.topic);
    for (const signal of TAMPERING_SIGNALS) {
      const filter = new logs.MetricFilter(this, `${signal.id}Filter`, {
        logGroup: props.logGroup,
        metricNamespace: props.metricNamespace,
        metricName: signal.id,
        filterPattern: logs.FilterPattern.literal(signal.pattern),
      });
      const alarm = filter
        .metric({ statistic: cloudwatch.Stats.SUM, period: Duration.minutes(5) })
        .createAlarm(this, signal.id, {
          alarmDescription: signal.description,
          threshold: 1,
          evaluationPeriods: 1,
          comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
          treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
        });
      alarm.addAlarmAction(notify);
    }
  }
}
