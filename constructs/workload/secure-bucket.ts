import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct, IConstruct } from 'constructs';
import { dataRemovalPolicy } from './data-removal';

const COMMON: s3.BucketProps = {
  blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
  versioned: true,
};

/** Properties of a secure bucket. */
export interface SecureBucketProps {
  /** CMK of the bucket's purpose; S3 Bucket Keys are on, so the encryption context is the bucket's ARN. */
  readonly encryptionKey: kms.IKey;
  /** Rules beside the one that ends unfinished uploads after 7 days. @default - none */
  readonly lifecycleRules?: s3.LifecycleRule[];
  /** Object Lock mode and retention that new objects get. @default - Object Lock off */
  readonly objectLockDefaultRetention?: s3.ObjectLockRetention;
  /** Sends object events to the account's default event bus. @default false */
  readonly eventBridgeEnabled?: boolean;
  /** DESTROY takes effect only together with the context switch `palisade:allowDataRemoval`. @default RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A versioned bucket with a CMK, TLS 1.2 only, no public access, no ACLs, no readers from other accounts, and access logs
 * in its stack's `AccessLogBucket`.
 */
export class SecureBucket extends s3.Bucket {
  constructor(scope: Construct, id: string, props: SecureBucketProps) {
    super(scope, id, {
      ...COMMON,
      encryptionKey: props.encryptionKey,
      encryption: s3.BucketEncryption.KMS,
      bucketKeyEnabled: true,
      objectLockDefaultRetention: props.objectLockDefaultRetention,
      eventBridgeEnabled: props.eventBridgeEnabled,
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(7) }, ...(props.lifecycleRules ?? [])],
      removalPolicy: dataRemovalPolicy(scope, props.removalPolicy),
    });
    // Set on the resource: the CDK's own prop depends on a feature flag and names each source in the target's policy.
    const bucket = this.node.defaultChild as s3.CfnBucket;
    bucket.loggingConfiguration = {
      destinationBucketName: AccessLogBucket.of(scope).bucketName,
      logFilePrefix: `${id}/`,
    };
    bucket.node.addDependency(AccessLogBucket.of(scope));
    this.keepInAccount();
  }

  /**
   * An identity perimeter: whatever policies allow one day, no principal of another account reads an object. Services
   * that act under their own name have no account; what they may do here is allowed one by one. Only reads are denied,
   * so that a broken policy can still be repaired.
   */
  private keepInAccount(): void {
    this.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'OnlyThisAccountReads',
        effect: iam.Effect.DENY,
        principals: [new iam.AnyPrincipal()],
        actions: ['s3:GetObject*'],
        resources: [this.arnForObjects('*')],
        conditions: {
          StringNotEquals: { 'aws:PrincipalAccount': Stack.of(this).account },
          BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
        },
      }),
    );
  }
}

/**
 * Receives the server access logs of one stack's buckets. One per stack, so that a stack can be destroyed with its logs
 * and no other stack waits for it.
 *
 * Encrypted with S3-managed keys: log delivery does not support SSE-KMS (Amazon S3 User Guide, "Enabling Amazon S3
 * server access logging").
 */
export class AccessLogBucket extends s3.Bucket {
  /** The bucket of the stack that `scope` is in; made at the first call. */
  static of(scope: IConstruct): AccessLogBucket {
    const stack = Stack.of(scope);
    const existing = stack.node.tryFindChild('AccessLogs');
    return (existing as AccessLogBucket | undefined) ?? new AccessLogBucket(stack);
  }

  private constructor(stack: Stack) {
    super(stack, 'AccessLogs', {
      ...COMMON,
      encryption: s3.BucketEncryption.S3_MANAGED,
      lifecycleRules: [{ expiration: Duration.days(365), noncurrentVersionExpiration: Duration.days(30) }],
      removalPolicy: dataRemovalPolicy(stack),
    });
    this.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'LogDelivery',
        principals: [new iam.ServicePrincipal('logging.s3.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [this.arnForObjects('*')],
        conditions: {
          ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 's3', account: '', region: '', resource: '*' }) },
          StringEquals: { 'aws:SourceAccount': stack.account },
        },
      }),
    );
  }
}
