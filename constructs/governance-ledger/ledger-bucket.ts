import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { LAYOUT } from '../../runtime/ledger';
import type { PurposeKey } from '../key-ring';
import { SecureBucket } from '../workload';

/** Properties of a ledger's bucket. */
interface LedgerBucketProps {
  readonly encryptionKey: PurposeKey;
  readonly retention: s3.ObjectLockRetention;
  /** The same, as a length of time in whole days. */
  readonly kept: Duration;
  readonly removalPolicy?: RemovalPolicy;
}

/** Who writes what. Named by ARN, not by a tag: both stand in the bucket's stack, and a tag can be given away. */
interface LedgerWriters {
  /** Role that writes entries, notes of requests and the head. */
  readonly writerArn: string;
  /** Role that writes checkpoints. */
  readonly signerArn: string;
}

/** What is written once. */
const WRITTEN_ONCE = [LAYOUT.entries, LAYOUT.requests, LAYOUT.checkpoints].map((prefix) => `${prefix}*`);
const OF_WRITER = [`${LAYOUT.entries}*`, `${LAYOUT.requests}*`, LAYOUT.head];
const OF_SIGNER = [`${LAYOUT.checkpoints}*`];

/** Replication into the bucket brings objects past every condition on writing. */
const REPLICATION = ['s3:ReplicateDelete', 's3:ReplicateObject', 's3:ReplicateTags'];

/**
 * Holds a ledger's entries, notes of requests, checkpoints and head.
 *
 * Object Lock keeps every version, but lets a new version stand before it; so the bucket policy refuses whoever writes without asking
 * S3 whether there is one already. The policy itself can be changed, so that nobody is locked out for good: verification then finds
 * what was done, and the first version is still there.
 */
export class LedgerBucket extends SecureBucket {
  constructor(scope: Construct, id: string, props: LedgerBucketProps) {
    super(scope, id, {
      encryptionKey: props.encryptionKey,
      objectLockDefaultRetention: props.retention,
      // Each entry leaves a version of the head; S3 keeps them while they are locked.
      lifecycleRules: [{ id: 'Heads', prefix: LAYOUT.head, noncurrentVersionExpiration: props.kept }],
      removalPolicy: props.removalPolicy,
    });
    const everything = ['*'];
    this.deny('NoDeletion', ['s3:BypassGovernanceRetention', 's3:DeleteObject', 's3:DeleteObjectVersion'], everything);
    this.deny('NoShorterRetention', ['s3:PutObjectRetention'], everything, {
      NumericLessThan: { 's3:object-lock-remaining-retention-days': props.kept.toDays() },
    });
    this.deny('NobodyReplicatesIn', REPLICATION, everything);
    // It puts a stored object under another key, which could be destroyed.
    this.deny('NoChangeOfKey', ['s3:UpdateObjectEncryption'], everything);
    // Amazon S3 User Guide, "Enforce conditional writes on Amazon S3 buckets". The second condition leaves out parts of
    // multipart uploads, which have no such header; what completes an upload has one.
    this.deny('NoOverwriting', ['s3:PutObject'], WRITTEN_ONCE, {
      Null: { 's3:if-none-match': 'true' },
      Bool: { 's3:ObjectCreationOperation': 'true' },
    });
    this.deny('NoBlindMoveOfHead', ['s3:PutObject'], [LAYOUT.head], {
      Null: { 's3:if-match': 'true', 's3:if-none-match': 'true' },
      Bool: { 's3:ObjectCreationOperation': 'true' },
    });
  }

  /** Refuses whoever else writes, whatever policies allow. */
  openTo({ writerArn, signerArn }: LedgerWriters): void {
    const not = (...roles: string[]) => ({ ArnNotEquals: { 'aws:PrincipalArn': roles } });
    this.deny('OnlyWriterWrites', ['s3:PutObject'], OF_WRITER, not(writerArn));
    this.deny('OnlySignerWritesCheckpoints', ['s3:PutObject'], OF_SIGNER, not(signerArn));
    this.deny('NobodyElseWrites', ['s3:PutObject'], ['*'], not(writerArn, signerArn));
  }

  private deny(sid: string, actions: string[], objects: string[], conditions?: iam.Conditions): void {
    this.addToResourcePolicy(
      new iam.PolicyStatement({
        sid,
        effect: iam.Effect.DENY,
        principals: [new iam.AnyPrincipal()],
        actions,
        resources: objects.map((pattern) => this.arnForObjects(pattern)),
        conditions,
      }),
    );
  }
}
