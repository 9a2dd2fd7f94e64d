import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { PalisadeError } from '../../runtime/errors';
import type { PurposeKey } from '../key-ring';
import { SecureBucket } from '../workload';

/** How firmly S3 Object Lock holds evidence. */
export enum ObjectLockMode {
  /** Only a principal with `s3:BypassGovernanceRetention` could remove it, which the bucket policy denies. For development and test. */
  GOVERNANCE = 'governance',
  /** Nobody removes it before its retention ends, the root user included. For production. */
  COMPLIANCE = 'compliance',
}

/** Retention that every new piece of evidence gets. */
export interface ObjectLock {
  /** How firmly. A bucket's mode can be raised later; objects written before keep theirs. */
  readonly mode: ObjectLockMode;
  /** How long, in whole days: at least one. */
  readonly retention: Duration;
}

/** Properties of an evidence bucket. */
interface EvidenceBucketProps {
  readonly encryptionKey: PurposeKey;
  readonly objectLock: ObjectLock;
  readonly trailArn: string;
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Holds CloudTrail's files under AWSLogs/ and the application's audit records under records/<system>/.
 *
 * Deletion, shorter retention and bypass are denied to everyone. The bucket policy itself can still be changed, so
 * that nobody is locked out for good: a change raises an alarm, and what Object Lock holds stays held.
 */
export class EvidenceBucket extends SecureBucket {
  constructor(scope: Construct, id: string, props: EvidenceBucketProps) {
    const days = wholeDays(scope, props.objectLock.retention);
    super(scope, id, {
      encryptionKey: props.encryptionKey,
      objectLockDefaultRetention: retentionOf(props.objectLock.mode, days),
      removalPolicy: props.removalPolicy,
    });
    this.deliverTrail(props.trailArn);
    this.keepEvidence(days);
  }

  /** AWS CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail". The trail's ARN names the account already. */
  private deliverTrail(trailArn: string): void {
    const cloudTrail = new iam.ServicePrincipal('cloudtrail.amazonaws.com');
    const trailFiles = this.arnForObjects(`AWSLogs/${Stack.of(this).account}/*`);
    this.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'TrailReadsAcl',
        principals: [cloudTrail],
        actions: ['s3:GetBucketAcl'],
        resources: [this.bucketArn],
        conditions: { StringEquals: { 'aws:SourceArn': trailArn } },
      }),
    );
    this.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'TrailWrites',
        principals: [cloudTrail],
        actions: ['s3:PutObject'],
        resources: [trailFiles],
        conditions: { StringEquals: { 'aws:SourceArn': trailArn, 's3:x-amz-acl': 'bucket-owner-full-control' } },
      }),
    );
    this.deny('OnlyTrailWritesTrailFiles', ['s3:PutObject'], this.arnForObjects('AWSLogs/*'), {
      // A caller that is no service has no such key, and a negated operator matches what is absent.
      StringNotEquals: { 'aws:PrincipalServiceName': 'cloudtrail.amazonaws.com' },
    });
  }

  private keepEvidence(days: number): void {
    const objects = this.arnForObjects('*');
    this.deny('NoDeletion', ['s3:BypassGovernanceRetention', 's3:DeleteObject', 's3:DeleteObjectVersion'], objects);
    this.deny('NoShorterRetention', ['s3:PutObjectRetention'], objects, {
      NumericLessThan: { 's3:object-lock-remaining-retention-days': days },
    });
  }

  private deny(sid: string, actions: string[], resource: string, conditions?: iam.Conditions): void {
    this.addToResourcePolicy(
      new iam.PolicyStatement({
        sid,
        effect: iam.Effect.DENY,
        principals: [new iam.AnyPrincipal()],
        actions,
        resources: [resource],
        conditions,
      }),
    );
  }
}

function retentionOf(mode: ObjectLockMode, days: number): s3.ObjectLockRetention {
  const retention = Duration.days(days);
  return mode === ObjectLockMode.COMPLIANCE
    ? s3.ObjectLockRetention.compliance(retention)
    : s3.ObjectLockRetention.governance(retention);
}

/** S3 takes 1 day to 100 years. */
function wholeDays(scope: Construct, retention: Duration): number {
  const days = retention.toDays({ integral: false });
  if (!Number.isInteger(days) || days < 1 || days > 36_500) {
    throw new PalisadeError({
      code: 'PALISADE-A002',
      where: scope.node.path,
      problem: `Object Lock cannot hold objects for ${days} days`,
      fix: 'give objectLock.retention as whole days, from Duration.days(1) to Duration.days(36500)',
    });
  }
  return days;
}
