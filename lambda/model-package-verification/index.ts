import { KMSClient } from '@aws-sdk/client-kms';
import { GetObjectCommand, HeadObjectCommand, NoSuchKey, NotFound, S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { type CustomResourceRequest, customResourceHandler } from '../support/custom-resource';
import { KmsSigner } from '../support/kms-signer';
import { approvalKey, describePackage, keyIn } from '../support/model-packages';
import { packageArnIn, registrySettings } from '../support/registry-settings';
import { verifyPackage } from './verify-package';

const kms = new KMSClient({});
const s3 = new S3Client({});
const sageMaker = new SageMakerClient({});

/** Custom resource `Custom::VerifiedModelPackage`. There is nothing to undo. */
export const handler = customResourceHandler({ create: verify, update: verify, delete: async () => undefined });

async function verify({ properties }: CustomResourceRequest) {
  const { account, bucket, group, sealKey } = registrySettings(process.env);
  const own = (Key: string) => ({ Bucket: bucket, Key, ExpectedBucketOwner: account });
  const record = await verifyPackage(
    packageArnIn(group, properties.PackageArn),
    group,
    {
      describe: (arn) => describePackage(sageMaker, arn),
      currentVersion: async (artifact) => {
        const object = await orNothing(s3.send(new HeadObjectCommand(own(keyIn(bucket, artifact)))));
        return object && (object.VersionId ?? '');
      },
      approval: async (arn) =>
        (await orNothing(s3.send(new GetObjectCommand(own(approvalKey(arn))))))?.Body?.transformToString(),
    },
    new KmsSigner(kms, sealKey),
  );
  return { data: { ModelPackageArn: record.packageArn, ArtifactSha256: record.artifactSha256 } };
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
