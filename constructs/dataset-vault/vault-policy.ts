import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { APPROVED, SEAL_TAG, SEALED } from '../../runtime/integrity';

/** Whom the policy makes exceptions for. */
export interface VaultPolicyProps {
  /** ARN of the one key that objects may be encrypted with. */
  readonly keyArn: string;
  /** Role that judges, approves and tags. */
  readonly sealRoleArn: string;
  /** Role that checks what was approved, tagged or not. */
  readonly verifyRoleArn: string;
}

const TAGGING_ACTIONS = [
  's3:DeleteObjectTagging',
  's3:DeleteObjectVersionTagging',
  's3:PutObjectTagging',
  's3:PutObjectVersionTagging',
];
/** The last one is how replication reads; it would carry data out of the vault before it is sealed. */
const READ_ACTIONS = ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectVersionForReplication'];
/** Replication into the vault brings objects and their tags with it, so that it could write what only sealing may. */
const REPLICATION_ACTIONS = ['s3:ReplicateDelete', 's3:ReplicateObject', 's3:ReplicateTags'];

const KEY_ID = 's3:x-amz-server-side-encryption-aws-kms-key-id';
const ENCRYPTION = 's3:x-amz-server-side-encryption';
const CUSTOMER_KEY = 's3:x-amz-server-side-encryption-customer-algorithm';
const PAYLOAD = 's3:x-amz-content-sha256';

/**
 * What no policy elsewhere can allow in a vault, whoever asks. The conditions are negated operators, which match what
 * is absent; where absence is right, a `Null` stands beside them.
 *
 * The two exempt roles are named, not recognised by a tag: they are in the vault's own stack, and a tag can be given.
 */
export function restrictVault(bucket: s3.Bucket, props: VaultPolicyProps): void {
  const everything = bucket.arnForObjects('*');
  const approved = bucket.arnForObjects(`${APPROVED}/*`);
  const notSealer = { ArnNotEquals: { 'aws:PrincipalArn': props.sealRoleArn } };
  const deny = (sid: string, actions: string[], resource: string, conditions?: iam.Conditions) =>
    bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        sid,
        effect: iam.Effect.DENY,
        principals: [new iam.AnyPrincipal()],
        actions,
        resources: [resource],
        conditions,
      }),
    );

  deny('ReadSealedOnly', READ_ACTIONS, everything, {
    StringNotEquals: { [`s3:ExistingObjectTag/${SEAL_TAG}`]: SEALED },
    ArnNotEquals: { 'aws:PrincipalArn': [props.sealRoleArn, props.verifyRoleArn] },
  });
  deny('OnlySealerApproves', ['s3:PutObject'], approved, notSealer);
  deny('OnlySealerTags', TAGGING_ACTIONS, everything, notSealer);
  deny('NobodyDeletesApproved', ['s3:DeleteObject', 's3:DeleteObjectVersion'], approved);
  deny('NobodyReplicatesIn', REPLICATION_ACTIONS, everything);

  // The one value that S3 knows. Bodies with a trailing checksum, as SDKs send streams, have another and pass.
  deny('NoUnsignedPayload', ['s3:PutObject'], everything, { StringEquals: { [PAYLOAD]: 'UNSIGNED-PAYLOAD' } });

  // Without any of these headers S3 uses the bucket's default, which is the right key.
  deny('NoOtherKey', ['s3:PutObject'], everything, {
    StringNotEquals: { [KEY_ID]: props.keyArn },
    Null: { [KEY_ID]: 'false' },
  });
  deny('NoOtherEncryption', ['s3:PutObject'], everything, {
    StringNotEquals: { [ENCRYPTION]: 'aws:kms' },
    Null: { [ENCRYPTION]: 'false' },
  });
  // `aws:kms` without a key means the account's AWS managed key (Amazon S3 API Reference, "PutObject").
  deny('NoManagedKey', ['s3:PutObject'], everything, { Null: { [ENCRYPTION]: 'false', [KEY_ID]: 'true' } });
  deny('NoCustomerKey', ['s3:PutObject'], everything, { Null: { [CUSTOMER_KEY]: 'false' } });
  // It puts a stored object under another key in place, which would outlive the destruction of this one.
  deny('NoChangeOfKey', ['s3:UpdateObjectEncryption'], everything);
}
