import { DescribeModelPackageCommand, type SageMakerClient } from '@aws-sdk/client-sagemaker';
import { PalisadeError } from '../../runtime/errors';

/** What approval and deployment read of a model package. */
export interface ModelPackage {
  readonly arn: string;
  readonly group: string;
  readonly approvalStatus: string;
  /** S3 URI of the artifact. */
  readonly artifact: string;
  readonly image: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Who changed the package last, as SageMaker saw it. */
  readonly lastModifiedBy?: string;
}

/** Describes a package. Throws PALISADE-R201 when it is not one that Palisade registered: one container, one artifact. */
export async function describePackage(client: Pick<SageMakerClient, 'send'>, arn: string): Promise<ModelPackage> {
  const found = await client.send(new DescribeModelPackageCommand({ ModelPackageName: arn }));
  const containers = found.InferenceSpecification?.Containers ?? [];
  const [container] = containers;
  if (containers.length !== 1 || !container.ModelDataUrl || !container.Image || !found.ModelPackageGroupName) {
    throw new PalisadeError({
      code: 'PALISADE-R201',
      where: arn,
      problem: 'the package has no group, or not exactly one container with an artifact',
      fix: 'register models through the training pipeline',
    });
  }
  const { IamIdentity, UserProfileName } = found.LastModifiedBy ?? {};
  return {
    arn: found.ModelPackageArn ?? arn,
    group: found.ModelPackageGroupName,
    approvalStatus: found.ModelApprovalStatus ?? '',
    artifact: container.ModelDataUrl,
    image: container.Image,
    metadata: found.CustomerMetadataProperties ?? {},
    lastModifiedBy: IamIdentity?.SourceIdentity ?? IamIdentity?.Arn ?? UserProfileName,
  };
}

/** Bucket and key of an S3 URI. Throws PALISADE-R202 for anything else. */
export function locate(uri: string): { Bucket: string; Key: string } {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  if (!Bucket || !Key) {
    throw new PalisadeError({
      code: 'PALISADE-R202',
      where: uri,
      problem: 'not an S3 URI',
      fix: 'register models through the training pipeline',
    });
  }
  return { Bucket, Key };
}

/** Key of a package's approval in the registry's bucket: `approvals/<group>/<version>.json`. */
export function approvalKey(packageArn: string): string {
  return `approvals/${packageArn.split(':model-package/').at(-1)}.json`;
}
