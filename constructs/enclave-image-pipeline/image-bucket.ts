import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { SecureBucket, type SecureBucketProps } from '../workload';

/** The objects of an image bucket. Each build adds a version, so that policies can name them without a wildcard. */
export const IMAGE = 'image.eif';
/** The packages that hosts install beside it: they reach no repository. */
export const HOST_PACKAGES = 'host-packages.tar';
/** The measurements of the image, and their signature by the seal key: ECDSA over SHA-384, in DER. */
export const MANIFEST = ['measurements.json', 'measurements.json.sig'];

/** Properties of an image bucket. */
interface ImageBucketProps
  extends Pick<SecureBucketProps, 'encryptionKey' | 'objectLockDefaultRetention' | 'removalPolicy'> {
  /** The role that alone publishes. */
  readonly buildRole: iam.IRole;
}

/** Keeps every published image and its measurements: one role writes, Object Lock holds, nobody deletes. */
export class ImageBucket extends SecureBucket {
  constructor(scope: Construct, id: string, props: ImageBucketProps) {
    super(scope, id, {
      ...props,
      objectLockDefaultRetention:
        props.objectLockDefaultRetention ?? s3.ObjectLockRetention.governance(Duration.days(365)),
    });
    this.deny('OnlyTheBuildPublishes', ['s3:PutObject'], {
      ArnNotEquals: { 'aws:PrincipalArn': props.buildRole.roleArn },
    });
    this.deny('NobodyDeletes', ['s3:BypassGovernanceRetention', 's3:DeleteObject', 's3:DeleteObjectVersion']);
  }

  private deny(sid: string, actions: string[], conditions?: iam.Conditions): void {
    this.addToResourcePolicy(
      new iam.PolicyStatement({
        sid,
        effect: iam.Effect.DENY,
        principals: [new iam.AnyPrincipal()],
        actions,
        resources: [this.arnForObjects('*')],
        conditions,
      }),
    );
  }
}
