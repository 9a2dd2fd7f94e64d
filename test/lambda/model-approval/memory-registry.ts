import { createHash } from 'node:crypto';
import type { ApprovalDecision, ApprovalEffects } from '../../../lambda/model-approval/decide';
import type { PackageSource } from '../../../lambda/model-package-verification/verify-package';
import { keyIn, type ModelPackage } from '../../../lambda/support/model-packages';
import { type ApprovalRecord, signApproval } from '../../../runtime/provenance';
import { LocalSigner } from '../../runtime/integrity/local-signer';

export const GROUP = 'dev-credit-scoring';
export const BUCKET = 'models';
const ROLES = 'arn:aws:sts::111122223333:assumed-role';
export const SAM = `${ROLES}/DataScientist/sam@example.com`;
export const JANE = `${ROLES}/Approver/jane@example.com`;
export const PIPELINE = `${ROLES}/Register/register-model`;
export const DECIDER = `${ROLES}/Decide/model-approval`;
const IMAGE = `111122223333.dkr.ecr.eu-west-1.amazonaws.com/xgboost@sha256:${'b'.repeat(64)}`;

export const arnOf = (version: number) => `arn:aws:sagemaker:eu-west-1:111122223333:model-package/${GROUP}/${version}`;

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** SageMaker, S3, SSM and EventBridge, as far as a registry uses them. Time is the number of changes. */
export class MemoryRegistry implements ApprovalEffects, PackageSource {
  readonly signer = new LocalSigner('key-1');
  readonly packages = new Map<string, ModelPackage>();
  readonly objects = new Map<string, { content: string; version: number }>();
  readonly announced: ApprovalDecision[] = [];
  /** What the ledger has, and whether the record of the approval was signed by then. */
  readonly recorded: [ApprovalDecision, { readonly signed: boolean }][] = [];
  parameter = 'none';
  /** How often a record was signed. */
  signatures = 0;

  private changes = 0;

  /** Registers a version as the pipeline does. */
  register(version: number, other: Partial<ModelPackage> = {}): string {
    const arn = arnOf(version);
    const artifact = `s3://${BUCKET}/run-${version}/model.tar.gz`;
    this.put(`run-${version}/model.tar.gz`, `weights ${version}`);
    this.packages.set(arn, {
      arn,
      group: GROUP,
      approvalStatus: 'PendingManualApproval',
      containers: [{ image: IMAGE, artifact, extended: false }],
      metadata: {
        'palisade:requestedBy': SAM,
        'palisade:artifactSha256': sha256(`weights ${version}`),
        'palisade:image': IMAGE,
      },
      createdBy: [PIPELINE],
      lastModifiedBy: [],
      lastModifiedAt: this.now(),
      ...other,
    });
    return arn;
  }

  /** Changes a package as somebody does through the API. */
  change(arn: string, by: string | readonly string[], other: Partial<ModelPackage>): void {
    const lastModifiedBy = typeof by === 'string' ? [by] : by;
    this.packages.set(arn, { ...this.package(arn), ...other, lastModifiedBy, lastModifiedAt: this.now() });
  }

  /** Writes an object; each write is a new version. */
  put(key: string, content: string): void {
    this.changes += 1;
    this.objects.set(key, { content, version: this.changes });
  }

  async describe(arn: string): Promise<ModelPackage> {
    return this.package(arn);
  }

  async digest(artifact: string): Promise<{ version: string; sha256: string } | undefined> {
    const object = this.objects.get(keyIn(BUCKET, artifact));
    return object && { version: `v${object.version}`, sha256: sha256(object.content) };
  }

  async currentVersion(artifact: string): Promise<string | undefined> {
    return (await this.digest(artifact))?.version;
  }

  async stored(arn: string): Promise<string | undefined> {
    return this.objects.get(`approvals/${arn}`)?.content;
  }

  approval(arn: string): Promise<string | undefined> {
    return this.stored(arn);
  }

  async appoint(arn: string): Promise<void> {
    this.parameter = arn;
  }

  async store(record: ApprovalRecord): Promise<void> {
    this.signatures += 1;
    this.put(`approvals/${record.packageArn}`, JSON.stringify(await signApproval(record, this.signer)));
  }

  async reject(arn: string, reason: string): Promise<void> {
    this.change(arn, DECIDER, { approvalStatus: 'Rejected', approvalDescription: reason });
  }

  async withdraw(arn: string): Promise<boolean> {
    const current = this.parameter === arn;
    this.parameter = current ? 'none' : this.parameter;
    return current;
  }

  async record(decision: ApprovalDecision): Promise<void> {
    const signed = this.objects.has(`approvals/${decision.packageArn}`);
    this.recorded.push([decision, { signed }]);
  }

  async announce(decision: ApprovalDecision): Promise<void> {
    this.announced.push(decision);
  }

  private package(arn: string): ModelPackage {
    const found = this.packages.get(arn);
    if (!found) {
      throw new Error(`no package ${arn}`);
    }
    return found;
  }

  private now(): Date {
    this.changes += 1;
    return new Date(Date.UTC(2026, 10, 24) + this.changes * 1000);
  }
}
