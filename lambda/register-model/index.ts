import { CopyObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateModelPackageCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { setting } from '../support/settings';
import { type ModelStore, type PendingPackage, type Registration, registerModel } from './register-model';

const s3 = new S3Client({});
const sagemaker = new SageMakerClient({});

/** Registers the artifact of a run that passed every gate. */
export async function handler(event: unknown): Promise<Registration> {
  return registerModel(event, JSON.parse(setting('REGISTER')), new AwsModelStore());
}

class AwsModelStore implements ModelStore {
  private readonly target = { Bucket: setting('REGISTRY_BUCKET'), ExpectedBucketOwner: setting('ACCOUNT') };

  async copyArtifact(source: { key: string; versionId: string }, key: string): Promise<string> {
    const path = `${setting('TRAINING_BUCKET')}/${source.key}`.split('/').map(encodeURIComponent).join('/');
    await s3.send(
      new CopyObjectCommand({
        ...this.target,
        Key: key,
        CopySource: `${path}?versionId=${encodeURIComponent(source.versionId)}`,
        ExpectedSourceBucketOwner: setting('ACCOUNT'),
        ChecksumAlgorithm: 'SHA256',
      }),
    );
    return `s3://${this.target.Bucket}/${key}`;
  }

  async writeText(key: string, text: string): Promise<void> {
    await s3.send(
      new PutObjectCommand({
        ...this.target,
        Key: key,
        Body: text,
        ContentType: 'application/json',
        ChecksumAlgorithm: 'SHA256',
      }),
    );
  }

  async createPackage(pending: PendingPackage): Promise<string> {
    const { ModelPackageArn: arn } = await sagemaker.send(
      new CreateModelPackageCommand({
        ModelPackageGroupName: pending.group,
        ModelPackageDescription: `Trained by ${pending.trainingJob}`.slice(0, 1024),
        ModelApprovalStatus: 'PendingManualApproval',
        InferenceSpecification: {
          Containers: [{ Image: pending.image, ModelDataUrl: pending.artifact }],
          SupportedContentTypes: pending.contentTypes,
          SupportedResponseMIMETypes: pending.contentTypes,
        },
        CustomerMetadataProperties: pending.metadata,
        MetadataProperties: { CommitId: pending.commit, GeneratedBy: pending.trainingJob },
        ClientToken: pending.clientToken,
      }),
    );
    return arn as string;
  }
}
