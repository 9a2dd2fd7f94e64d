import { DescribeModelPackageCommand, type SageMakerClient, type UserContext } from '@aws-sdk/client-sagemaker';
import { PalisadeError } from '../../runtime/errors';

/** What approval and deployment read of a model package. */
export interface ModelPackage {
  readonly arn: string;
  readonly group: string;
  readonly approvalStatus: string;
  /** Why the status is what it is. */
  readonly approvalDescription?: string;
  readonly containers: readonly ModelContainer[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Names of whoever registered the package, as SageMaker saw them. */
  readonly createdBy: readonly string[];
  /** Names of whoever changed the package last; the first is the one to write down. Empty if nobody has. */
  readonly lastModifiedBy: readonly string[];
  /** When the package was changed last, or made. */
  readonly lastModifiedAt: Date;
}

/** A container of a model package. */
export interface ModelContainer {
  readonly image?: string;
  /** S3 URI of the artifact. */
  readonly artifact?: string;
  /** It is given more than its artifact: variables or another S3 prefix, which could bring code along. */
  readonly extended: boolean;
}

/** Describes a package. Judges nothing. */
export async function describePackage(client: Pick<SageMakerClient, 'send'>, arn: string): Promise<ModelPackage> {
  const found = await client.send(new DescribeModelPackageCommand({ ModelPackageName: arn }));
  return {
    arn: found.ModelPackageArn ?? arn,
    group: found.ModelPackageGroupName ?? '',
    approvalStatus: found.ModelApprovalStatus ?? '',
    approvalDescription: found.ApprovalDescription,
    containers: (found.InferenceSpecification?.Containers ?? []).map((container) => ({
      image: container.Image,
      artifact: container.ModelDataUrl,
      extended: Object.keys(container.Environment ?? {}).length > 0 || container.AdditionalS3DataSource !== undefined,
    })),
    metadata: found.CustomerMetadataProperties ?? {},
    createdBy: namesOf(found.CreatedBy),
    lastModifiedBy: namesOf(found.LastModifiedBy),
    lastModifiedAt: found.LastModifiedTime ?? found.CreationTime ?? new Date(0),
  };
}

/** A source identity outlives a change of role, so it comes first. */
function namesOf({ IamIdentity, UserProfileName }: UserContext = {}): string[] {
  return [IamIdentity?.SourceIdentity, IamIdentity?.Arn, UserProfileName].filter((name) => name !== undefined);
}

/** What one container serves. */
export interface ServedArtifact {
  /** Image by digest. */
  readonly image: string;
  /** S3 URI of the artifact. */
  readonly artifact: string;
}

const IMAGE_BY_DIGEST = /@sha256:[0-9a-f]{64}$/;

/**
 * The one artifact and image of a package. Throws PALISADE-R201 for a package that the pipeline did not register:
 * several containers, an image by tag, variables or further data.
 */
export function servedBy({ arn, containers }: ModelPackage): ServedArtifact {
  const [{ image = '', artifact = '', extended = true } = {}] = containers;
  if (containers.length !== 1 || !artifact || !IMAGE_BY_DIGEST.test(image) || extended) {
    throw new PalisadeError({
      code: 'PALISADE-R201',
      where: arn,
      problem: 'not one container with an image by digest, one artifact and nothing beside it',
      fix: 'register models through the training pipeline',
    });
  }
  return { image, artifact };
}

/** Key of an artifact in the registry's bucket. Throws PALISADE-R202 for an S3 URI elsewhere, and for anything else. */
export function keyIn(bucket: string, uri: string): string {
  const prefix = `s3://${bucket}/`;
  if (!uri.startsWith(prefix) || uri.length === prefix.length) {
    throw new PalisadeError({
      code: 'PALISADE-R202',
      where: uri,
      problem: `not an object of the registry's bucket ${bucket}`,
      fix: 'register models through the training pipeline',
    });
  }
  return uri.slice(prefix.length);
}

/** Key of a package's approval in the registry's bucket: `approvals/<group>/<version>.json`. */
export function approvalKey(packageArn: string): string {
  return `approvals/${packageArn.split(':model-package/').at(-1)}.json`;
}
