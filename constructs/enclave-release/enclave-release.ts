import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { EnclaveImagePipeline } from '../enclave-image-pipeline';
import { type KeyRing, Purpose } from '../key-ring';
import { SecureBucket } from '../workload';

/** Properties of an enclave release. */
export interface EnclaveReleaseProps {
  /** Keys of the AI system: MODEL encrypts the bucket of sealed models. */
  readonly keys: KeyRing;
  /** What builds the images. */
  readonly pipeline: EnclaveImagePipeline;
  /** How long a sealed model is kept after another one took its name. @default Duration.days(365) */
  readonly noncurrentRetention?: Duration;
  /** DESTROY takes effect only together with the context switch `palisade:allowDataRemoval`. @default RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

/** The object that holds the sealed model; each upload adds a version, so that policies can name it without a wildcard. */
export const SEALED_MODEL = 'model.sealed';

/** What the parameter says of each artifact while nothing is released. */
export const NOT_RELEASED = 'none';

/**
 * What an enclave fleet runs: a bucket of sealed models beside the pipeline's images, and a parameter with the versions
 * that were chosen. A fleet in a later stack reads it at its deployment (`ReleasedEnclave`).
 *
 * The parameter chooses among what may run, and opens nothing: the key policy names the measurements, and clients pin
 * measurements and model.
 */
export class EnclaveRelease extends Construct {
  /** Sealed models: `model.sealed`, a version per upload. */
  readonly bucket: s3.IBucket;
  /** What builds the images. */
  readonly pipeline: EnclaveImagePipeline;
  /**
   * Name of the SSM parameter: versions of `image.eif`, `host-packages.tar` and `model.sealed`, and the SHA-256 of the
   * sealed model, in this order; each `none` while nothing is released.
   */
  readonly parameterName: string;

  private readonly keys: KeyRing;
  private readonly parameter: ssm.StringListParameter;

  constructor(scope: Construct, id: string, props: EnclaveReleaseProps) {
    super(scope, id);
    const { keys, pipeline } = props;
    this.keys = keys;
    this.pipeline = pipeline;
    this.bucket = new SecureBucket(this, 'Models', {
      encryptionKey: keys.key(Purpose.MODEL),
      lifecycleRules: [{ noncurrentVersionExpiration: props.noncurrentRetention ?? Duration.days(365) }],
      removalPolicy: props.removalPolicy,
    });
    this.parameterName = `/palisade/${keys.stage}/${keys.system}/enclave-release`;
    this.parameter = new ssm.StringListParameter(this, 'Release', {
      parameterName: this.parameterName,
      stringListValue: Array(4).fill(NOT_RELEASED),
      description: `What the enclaves of ${keys.system} in ${keys.stage} run: image, packages, model, model's SHA-256`,
    });
    // CloudFormation writes the value again whenever the resource changes, and tags follow the manifests.
    (this.parameter.node.defaultChild as ssm.CfnParameter).addPropertyDeletionOverride('Tags');
  }

  /** Lets `grantee` put sealed models into the bucket, and read none. Sealing needs `AttestedKey.grantEncrypt` as well. */
  grantPublish(grantee: iam.IGrantable): iam.Grant {
    const write = this.allow(grantee, ['s3:PutObject'], [this.bucket.arnForObjects(SEALED_MODEL)]);
    // S3 decrypts the bucket's key to use it, also for writing (Amazon S3 User Guide, "S3 Bucket Keys").
    return write.combine(this.useKey(grantee, 'kms:Decrypt', 'kms:GenerateDataKey'));
  }

  /** Lets `grantee` choose what the fleet runs from its next deployment on. */
  grantRelease(grantee: iam.IGrantable): iam.Grant {
    return this.allow(grantee, ['ssm:GetParameter', 'ssm:PutParameter'], [this.parameter.parameterArn]);
  }

  /** Lets `grantee`, the role of a fleet's hosts, read images, packages and sealed models, all of them as they are: closed. */
  grantRead(grantee: iam.IGrantable): iam.Grant {
    const read = ['s3:GetObject', 's3:GetObjectVersion'];
    return this.allow(grantee, read, [this.bucket.arnForObjects(SEALED_MODEL)])
      .combine(this.useKey(grantee, 'kms:Decrypt'))
      .combine(this.pipeline.grantReadImages(grantee));
  }

  private useKey(grantee: iam.IGrantable, ...actions: string[]): iam.Grant {
    return this.keys.key(Purpose.MODEL).grantThroughBucket(grantee, this.bucket.bucketArn, ...actions);
  }

  private allow(grantee: iam.IGrantable, actions: string[], resourceArns: string[]): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns });
  }
}
