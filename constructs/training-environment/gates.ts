import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { MetricThreshold } from '../../runtime/training/evaluation';
import type { QualitySettings } from '../../runtime/training/quality-gate';
import type { PurposeKey } from '../key-ring';
import { type FunctionNetwork, HandlerFunction } from '../workload';
import type { IModelRegistrar, ITrainingDataSource } from './contracts';
import { RUNS } from './execution-role';

/** Properties of the gates. */
export interface GatesProps {
  readonly network: FunctionNetwork;
  readonly vault: ITrainingDataSource;
  readonly registry: IModelRegistrar;
  /** Bucket that training jobs write to. */
  readonly bucket: s3.IBucket;
  /** Key of that bucket. */
  readonly encryptionKey: PurposeKey;
  /** Key of the functions' environments and logs. */
  readonly logKey: PurposeKey;
  readonly quality: QualitySettings;
  readonly evaluation: readonly MetricThreshold[];
  /** Settings of `lambda/register-model`, beside the buckets. */
  readonly registration: Record<string, unknown>;
  /** Of the functions' logs. */
  readonly removalPolicy?: RemovalPolicy;
}

/** The functions of the pipeline. Each reads one bucket; only the last one writes, and only to the registry. */
export class Gates extends Construct {
  readonly quality: HandlerFunction;
  readonly artifactScan: HandlerFunction;
  readonly evaluation: HandlerFunction;
  readonly register: HandlerFunction;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: GatesProps,
  ) {
    super(scope, id);
    const training = { TRAINING_BUCKET: props.bucket.bucketName };
    this.quality = this.function('Quality', 'quality-gate', 'Compares sealed data with quality thresholds', {
      DATA_BUCKET: props.vault.bucket.bucketName,
      QUALITY: Stack.of(this).toJsonString(props.quality),
    });
    props.vault.grantRead(this.quality, { purpose: 'training' });
    this.artifactScan = this.function('ArtifactScan', 'artifact-scan', 'Refuses artifacts that may run code', training);
    this.evaluation = this.function('Evaluation', 'evaluation-gate', 'Compares metrics of a run with thresholds', {
      ...training,
      THRESHOLDS: Stack.of(this).toJsonString(props.evaluation),
    });
    this.register = this.function('Register', 'register-model', 'Registers models of passed runs', {
      ...training,
      REGISTRY_BUCKET: props.registry.bucket.bucketName,
      REGISTER: Stack.of(this).toJsonString(props.registration),
    });
    for (const reader of [this.artifactScan, this.evaluation, this.register]) {
      this.readRuns(reader);
    }
    props.registry.grantRegister(this.register);
  }

  private function(id: string, handler: string, description: string, environment: Record<string, string>) {
    return new HandlerFunction(this, id, {
      handler,
      description,
      encryptionKey: this.props.logKey,
      network: this.props.network,
      environment: { ...environment, ACCOUNT: Stack.of(this).account },
      timeout: Duration.minutes(15),
      // One full virtual CPU: hashing and decompressing use one thread.
      memorySize: 1769,
      reservedConcurrentExecutions: 2,
      removalPolicy: this.props.removalPolicy,
    });
  }

  /** ListBucket, so that a run without output is told apart from one that may not be read. */
  private readRuns(reader: iam.IGrantable): void {
    const { bucket, encryptionKey } = this.props;
    iam.Grant.addToPrincipal({
      grantee: reader,
      actions: ['s3:GetObject', 's3:GetObjectVersion'],
      resourceArns: [bucket.arnForObjects(`${RUNS}/*`)],
    });
    iam.Grant.addToPrincipal({
      grantee: reader,
      actions: ['s3:ListBucket'],
      resourceArns: [bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': `${RUNS}/*` } },
    });
    encryptionKey.grantDecrypt(reader);
  }
}
