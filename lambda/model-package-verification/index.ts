import { KMSClient } from '@aws-sdk/client-kms';
import { GetObjectCommand, HeadObjectCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { type CustomResourceRequest, customResourceHandler } from '../support/custom-resource';
import { KmsSigner } from '../support/kms-signer';
import { approvalKey, describePackage, locate } from '../support/model-packages';
import { type PackageSource, verifyPackage } from './verify-package';

const kms = new KMSClient({});
const s3 = new S3Client({});
const sageMaker = new SageMakerClient({});

async function verify({ properties }: CustomResourceRequest) {
  const { BUCKET = '', GROUP = '', SEAL_KEY = '', ACCOUNT = '' } = process.env;
  const own = { ExpectedBucketOwner: ACCOUNT };
  const source: PackageSource = {
    describe: (arn) => describePackage(sageMaker, arn),
    currentVersion: async (artifact) =>
      (await s3.send(new HeadObjectCommand({ ...locate(artifact), ...own }))).VersionId ?? '',
    approval: async (packageArn) => {
      try {
        const object = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: approvalKey(packageArn), ...own }));
        return await object.Body?.transformToString();
      } catch (error) {
        if (error instanceof NoSuchKey) {
          return undefined;
        }
        throw error;
      }
    },
  };
  const record = await verifyPackage(String(properties.PackageArn), GROUP, source, new KmsSigner(kms, SEAL_KEY));
  return { data: { ArtifactSha256: record.artifactSha256 } };
}

export const handler = customResourceHandler({ create: verify, update: verify, delete: async () => undefined });
