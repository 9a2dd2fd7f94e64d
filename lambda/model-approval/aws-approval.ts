import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { type SageMakerClient, UpdateModelPackageCommand } from '@aws-sdk/client-sagemaker';
import { GetParameterCommand, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { PalisadeError } from '../../runtime/errors';
import { hashStream, type Signer } from '../../runtime/integrity';
import { type ApprovalRecord, signApproval } from '../../runtime/provenance';
import { digestOf, type OwnEvent } from '../support/ledger-client';
import { approvalKey, describePackage, keyIn, type ModelPackage } from '../support/model-packages';
import type { ApprovalDecision, ApprovalEffects } from './decide';

/** Where the registry keeps what it decides about. */
export interface ApprovalPlace {
  readonly account: string;
  readonly bucket: string;
  /** Name of the parameter with the package to deploy. */
  readonly parameter: string;
  readonly signer: Signer;
  /** Records an event in the ledger. @default - there is no ledger */
  readonly record?: (event: OwnEvent) => Promise<unknown>;
}

/** Clients of the services that a decision touches. */
export interface ApprovalClients {
  readonly events: Pick<EventBridgeClient, 'send'>;
  readonly s3: Pick<S3Client, 'send'>;
  readonly sageMaker: Pick<SageMakerClient, 'send'>;
  readonly ssm: Pick<SSMClient, 'send'>;
}

/** What the parameter says while no package is approved. */
const NONE = 'none';
/** Limit of ApprovalDescription (Amazon SageMaker API Reference, "UpdateModelPackage"). */
const MAXIMUM_REASON = 1024;

/** Decisions carried out in AWS. */
export class AwsApproval implements ApprovalEffects {
  constructor(
    private readonly clients: ApprovalClients,
    private readonly place: ApprovalPlace,
  ) {}

  describe(packageArn: string): Promise<ModelPackage> {
    return describePackage(this.clients.sageMaker, packageArn);
  }

  async digest(artifact: string): Promise<{ version: string; sha256: string } | undefined> {
    const object = await this.get(keyIn(this.place.bucket, artifact));
    if (!object) {
      return undefined;
    }
    const { sha256 } = await hashStream(object.Body as AsyncIterable<Uint8Array>);
    return { version: object.VersionId ?? '', sha256 };
  }

  async stored(packageArn: string): Promise<string | undefined> {
    return (await this.get(approvalKey(packageArn)))?.Body?.transformToString();
  }

  appoint(packageArn: string): Promise<void> {
    return this.setParameter(packageArn);
  }

  async store(record: ApprovalRecord): Promise<void> {
    const signed = await signApproval(record, this.place.signer);
    await this.clients.s3.send(
      new PutObjectCommand({
        ...this.own(approvalKey(record.packageArn)),
        Body: JSON.stringify(signed),
        ContentType: 'application/json',
        ChecksumAlgorithm: 'SHA256',
      }),
    );
  }

  async reject(packageArn: string, reason: string): Promise<void> {
    await this.clients.sageMaker.send(
      new UpdateModelPackageCommand({
        ModelPackageArn: packageArn,
        ModelApprovalStatus: 'Rejected',
        ApprovalDescription: reason.replace(/\p{C}/gu, ' ').slice(0, MAXIMUM_REASON),
      }),
    );
  }

  async withdraw(packageArn: string): Promise<boolean> {
    const { Parameter } = await this.clients.ssm.send(new GetParameterCommand({ Name: this.place.parameter }));
    if (Parameter?.Value !== packageArn) {
      return false;
    }
    await this.setParameter(NONE);
    return true;
  }

  /** By the digest of what the event bus is told, which names nobody: who decided is in the signed record, and in SageMaker. */
  async record(decision: ApprovalDecision): Promise<void> {
    const { packageArn, decision: outcome, decidedAt } = decision;
    const version = packageArn.slice(packageArn.lastIndexOf('/') + 1);
    await this.place.record?.({
      kind: 'approval',
      outcome,
      subject: packageArn,
      digest: digestOf(JSON.stringify(decision)),
      request: `approvals/${version}/${decidedAt}/${outcome}`,
    });
  }

  /** PutEvents answers with success for entries that it refused. */
  async announce(decision: ApprovalDecision): Promise<void> {
    const { FailedEntryCount = 0, Entries } = await this.clients.events.send(
      new PutEventsCommand({
        Entries: [
          {
            Source: 'palisade.model-registry',
            DetailType: 'Model Approval Decided',
            Detail: JSON.stringify(decision),
            Resources: [decision.packageArn],
          },
        ],
      }),
    );
    if (FailedEntryCount > 0) {
      throw new PalisadeError({
        code: 'PALISADE-R208',
        where: decision.packageArn,
        problem: `the event bus did not take the decision: ${Entries?.[0]?.ErrorCode ?? 'no reason given'}`,
        fix: 'Lambda repeats the decision; if that fails too, it is in the dead-letter queue',
      });
    }
  }

  private async setParameter(value: string): Promise<void> {
    await this.clients.ssm.send(new PutParameterCommand({ Name: this.place.parameter, Value: value, Overwrite: true }));
  }

  private async get(key: string) {
    try {
      return await this.clients.s3.send(new GetObjectCommand(this.own(key)));
    } catch (error) {
      if (error instanceof NoSuchKey) {
        return undefined;
      }
      throw error;
    }
  }

  /** A bucket of the same name in another account is refused by S3. */
  private own(key: string): { Bucket: string; Key: string; ExpectedBucketOwner: string } {
    return { Bucket: this.place.bucket, Key: key, ExpectedBucketOwner: this.place.account };
  }
}
