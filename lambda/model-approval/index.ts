import { createHash } from 'node:crypto';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient, UpdateModelPackageCommand } from '@aws-sdk/client-sagemaker';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { signApproval } from '../../runtime/provenance';
import { KmsSigner } from '../support/kms-signer';
import { approvalKey, describePackage, locate } from '../support/model-packages';
import { type ApprovalDecision, type ApprovalEffects, decide } from './decide';

const events = new EventBridgeClient({});
const kms = new KMSClient({});
const s3 = new S3Client({});
const sageMaker = new SageMakerClient({});
const ssm = new SSMClient({});

/** The part of EventBridge's "SageMaker Model Package State Change" event that is read here. */
interface StateChange {
  readonly detail: { readonly ModelPackageArn: string };
}

/** Nothing is approved yet: what the parameter says then. */
const NONE = 'none';

export async function handler({ detail: { ModelPackageArn } }: StateChange): Promise<ApprovalDecision> {
  const { BUCKET = '', GROUP = '', PARAMETER = '', SEAL_KEY = '', ACCOUNT = '' } = process.env;
  const own = { ExpectedBucketOwner: ACCOUNT };

  const effects: ApprovalEffects = {
    describe: (arn) => describePackage(sageMaker, arn),
    digest: async (artifact) => {
      const object = await s3.send(new GetObjectCommand({ ...locate(artifact), ...own }));
      const hash = createHash('sha256');
      for await (const chunk of object.Body as AsyncIterable<Uint8Array>) {
        hash.update(chunk);
      }
      return { version: object.VersionId ?? '', sha256: hash.digest('hex') };
    },
    record: async (record) => {
      const signed = await signApproval(record, new KmsSigner(kms, SEAL_KEY));
      const Key = approvalKey(record.packageArn);
      const Body = JSON.stringify(signed);
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body, ContentType: 'application/json', ...own }));
      await setParameter(PARAMETER, record.packageArn);
    },
    reject: async (ModelPackageArn, reason) => {
      const ApprovalDescription = reason.slice(0, 1024);
      const ModelApprovalStatus = 'Rejected';
      await sageMaker.send(
        new UpdateModelPackageCommand({ ModelPackageArn, ModelApprovalStatus, ApprovalDescription }),
      );
    },
    withdraw: async (packageArn) => {
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name: PARAMETER }));
      if (Parameter?.Value === packageArn) {
        await setParameter(PARAMETER, NONE);
      }
    },
    announce: async (decision) => {
      const entry = { Source: 'palisade.model-registry', DetailType: 'Model Approval Decided' };
      await events.send(new PutEventsCommand({ Entries: [{ ...entry, Detail: JSON.stringify(decision) }] }));
    },
  };
  return decide(ModelPackageArn, GROUP, new Date(), effects);
}

async function setParameter(Name: string, Value: string): Promise<void> {
  await ssm.send(new PutParameterCommand({ Name, Value, Overwrite: true }));
}
