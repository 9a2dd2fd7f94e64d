import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Signal } from '../audit-trail/signal-alarms';

/** Where attempts at a key are seen and told of. An `AuditTrail` is one. */
export interface KeyWatch {
  /** Receives the management events of a trail in the Region of the key, read and write. */
  readonly logGroup: logs.ILogGroup;
  /** Told of every alarm. */
  readonly alarmTopic: sns.ITopic;
}

/**
 * Attempts at one key that are worth an alarm, successful or not. A deployment changes the policy once per rollout, and tells
 * so: the change of measurements is the one step that no enclave checks.
 *
 * Metric filters rather than event rules: EventBridge hears of Decrypt only where it is asked for all read-only events.
 */
export function keySignals({ keyArn, keyId }: kms.IKey, parentRoleArn: string): Signal[] {
  // A refused call carries the key in its message only (CloudTrail leaves requestParameters out).
  const ofKey = `($.resources[0].ARN = "${keyArn}") || ($.requestParameters.keyId = "*${keyId}") || ($.errorMessage = "*${keyId}*")`;
  return [
    {
      id: 'PolicyChanged',
      description: 'The policy of an attested key was changed, or somebody tried to',
      pattern: pattern(['PutKeyPolicy'], ofKey),
    },
    {
      id: 'SideDoorTried',
      description: 'Somebody tried to open a second way to what an attested key protects',
      pattern: pattern(['CreateGrant', 'ReEncrypt', 'ReplicateKey', 'UpdatePrimaryRegion'], ofKey),
    },
    {
      id: 'KeyStopped',
      description: 'An attested key was disabled, scheduled for deletion or no longer rotates, or somebody tried to',
      pattern: pattern(['DisableKey', 'DisableKeyRotation', 'ScheduleKeyDeletion'], ofKey),
    },
    {
      id: 'UseWithoutAttestation',
      description: 'An attested key was asked for plaintext without an attestation document',
      // The field is there whenever a request had a document (KMS Developer Guide, "Monitoring requests for Nitro enclaves").
      pattern: pattern(
        ['Decrypt', 'GenerateDataKey', 'GenerateDataKeyPair'],
        ofKey,
        '$.additionalEventData.recipient.attestationDocumentModuleId NOT EXISTS',
      ),
    },
    {
      id: 'UseRefused',
      description: 'KMS refused plaintext to the parent of an enclave, or with an attested key to anyone',
      // KMS names no key where it refuses to decrypt ("the resource associated with this ciphertext"): hence the caller.
      pattern: pattern(
        ['Decrypt', 'GenerateDataKey', 'GenerateDataKeyPair'],
        `${ofKey} || ($.userIdentity.sessionContext.sessionIssuer.arn = "${parentRoleArn}")`,
        '$.errorCode = "AccessDenied*"',
      ),
    },
  ];
}

function pattern(eventNames: string[], ...terms: string[]): string {
  const called = eventNames.map((name) => `($.eventName = "${name}")`).join(' || ');
  return `{ ${['$.eventSource = "kms.amazonaws.com"', called, ...terms].map((term) => `(${term})`).join(' && ')} }`;
}
