import type { Signal } from './signal-alarms';

/**
 * The signals, after the CIS AWS Foundations Benchmark (monitoring section), with what is special to AI added.
 *
 * A deployment stops no trail and disables no key, so those count whoever does them. Policies, tags, networks and
 * guardrails change with deployments, so those count only by hand; the deployment pipeline has its own review.
 */
export const TAMPERING_SIGNALS: readonly Signal[] = [
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
