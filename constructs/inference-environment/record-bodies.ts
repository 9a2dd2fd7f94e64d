import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { keyContext } from '../../runtime/gateway/records/sealed-bodies';
import { PurposeKey } from '../key-ring';
import { SecureBucket } from '../workload';

/** Properties of record bodies. */
export interface RecordBodiesProps {
  /** Stage and AI system whose calls are kept. */
  readonly stage: string;
  readonly system: string;
  /** How long texts are kept. */
  readonly retention: Duration;
  /** DESTROY takes effect only together with the context switch `palisade:allowDataRemoval`. @default RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * What was asked and answered, apart from who asked: each text encrypted by the gateway under a key that nothing else uses. The
 * gateway can encrypt and not decrypt; who may decrypt is granted, and nobody is before that.
 */
export class RecordBodies extends Construct {
  /** Holds the texts under bodies/<system>/. */
  readonly bucket: s3.IBucket;
  /** Wraps the data keys of texts, and encrypts the bucket. */
  readonly key: PurposeKey;
  /** Settings of the gateway function. */
  readonly gatewaySettings: Record<string, string>;

  private readonly prefix: string;
  private readonly context: Record<string, string>;

  constructor(scope: Construct, id: string, { stage, system, retention, removalPolicy }: RecordBodiesProps) {
    super(scope, id);
    this.prefix = `bodies/${system}/`;
    this.context = keyContext(system);
    const useName = `${stage}/${system}/records`;
    this.key = new PurposeKey(this, 'Key', {
      description: `Encrypts what is asked of ${system} in ${stage}, and what it answers`,
      aliasName: `palisade/${useName}`,
      useName,
      removalPolicy,
    });
    this.bucket = new SecureBucket(this, 'Bucket', {
      encryptionKey: this.key,
      // A version that was overwritten or deleted is gone a day after the last copy: what is kept too long is a finding too.
      lifecycleRules: [{ expiration: retention, noncurrentVersionExpiration: Duration.days(1) }],
      removalPolicy,
    });
    this.gatewaySettings = { BODIES_BUCKET: this.bucket.bucketName, RECORD_KEY: this.key.keyArn };
  }

  /** Lets `grantee` add texts, and read none: it gets data keys, and opens no wrapped one. */
  grantWrite(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['s3:PutObject'],
      resourceArns: [this.bucket.arnForObjects(`${this.prefix}*`)],
    })
      .combine(this.key.grantWithContext(grantee, this.context, 'kms:GenerateDataKey'))
      .combine(this.key.grantThroughBucket(grantee, this.bucket.bucketArn, 'kms:GenerateDataKey'));
  }

  /** Lets `grantee` get texts and decrypt them. For a role that is taken to break the glass, and by nobody day to day. */
  grantRead(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['s3:GetObject'],
      resourceArns: [this.bucket.arnForObjects(`${this.prefix}*`)],
    })
      .combine(this.key.grantWithContext(grantee, this.context, 'kms:Decrypt'))
      .combine(this.key.grantThroughBucket(grantee, this.bucket.bucketArn, 'kms:Decrypt'));
  }
}
