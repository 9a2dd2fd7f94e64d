import { GetObjectCommand, HeadObjectCommand, NoSuchKey, NotFound, type S3Client } from '@aws-sdk/client-s3';
import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { PackageSource } from '../model-package-verification/verify-package';
import { approvalKey, describePackage, keyIn } from '../support/model-packages';
import type { RegistrySettings } from '../support/registry-settings';

/** What verification reads of a registry. */
export function packageSource(s3: S3Client, sageMaker: SageMakerClient, registry: RegistrySettings): PackageSource {
  const { bucket, account } = registry;
  const own = (Key: string) => ({ Bucket: bucket, Key, ExpectedBucketOwner: account });
  return {
    describe: (arn) => describePackage(sageMaker, arn),
    currentVersion: async (artifact) => {
      const object = await orNothing(s3.send(new HeadObjectCommand(own(keyIn(bucket, artifact)))));
      return object && (object.VersionId ?? '');
    },
    approval: async (arn) =>
      (await orNothing(s3.send(new GetObjectCommand(own(approvalKey(arn))))))?.Body?.transformToString(),
  };
}

async function orNothing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NoSuchKey || error instanceof NotFound) {
      return undefined;
    }
    throw error;
  }
}
