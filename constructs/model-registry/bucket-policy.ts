import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { RegistryDuty } from './registry-role';

/** Objects of a registry's bucket, as patterns. */
export const APPROVALS = 'approvals/*';
/** The artifact of each training job, in a folder of its own. */
export const ARTIFACTS = '*/model.tar.gz';
/** What repeats the training job, beside its artifact. */
export const RUN_LOCKS = '*/run.lock.json';
/** What the model is made of, beside its artifact. */
export const BILLS = '*/bill.cdx.json';

/** Whom the policy makes exceptions for. */
export interface RegistryBucketPolicyProps {
  /** Role that records approvals. Named: it is in the registry's own stack, and a tag can be given. */
  readonly deciderRoleArn: string;
  /** Tag that names a role's duty. Registrars are recognised by it, because they are in later stacks. */
  readonly dutyTag: string;
}

/** What no policy elsewhere can allow in a registry's bucket, whoever asks. */
export function restrictRegistry(bucket: s3.Bucket, { deciderRoleArn, dutyTag }: RegistryBucketPolicyProps): void {
  const deny = (sid: string, actions: string[], objects: string[], conditions?: iam.Conditions) =>
    bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        sid,
        effect: iam.Effect.DENY,
        principals: [new iam.AnyPrincipal()],
        actions,
        resources: objects.map((name) => bucket.arnForObjects(name)),
        conditions,
      }),
    );

  deny('OnlyTheDeciderRecords', ['s3:PutObject'], [APPROVALS], {
    ArnNotEquals: { 'aws:PrincipalArn': deciderRoleArn },
  });
  deny('OnlyRegistrarsWrite', ['s3:PutObject'], [ARTIFACTS, RUN_LOCKS, BILLS], {
    StringNotEquals: { [`aws:PrincipalTag/${dutyTag}`]: RegistryDuty.REGISTER },
  });
  deny('NobodyDeletes', ['s3:DeleteObject', 's3:DeleteObjectVersion'], [APPROVALS, ARTIFACTS, RUN_LOCKS, BILLS]);
}
