import { Duration, type RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { PinnedModel } from '../../runtime/bill-of-materials/pin';
import type { MetricThreshold } from '../../runtime/training/evaluation';
import type { QualityThresholds } from '../../runtime/training/quality';
import { type KeyRing, Purpose } from '../key-ring';
import { type FunctionNetwork, SecureBucket } from '../workload';
import { requireDigest, requireEvaluation, requireInstanceTypes, requireQuality, requireRuntime } from './checks';
import type { ContainerImage, IModelRegistrar, ITrainingDataSource } from './contracts';
import { ExecutionRole } from './execution-role';
import { Gates } from './gates';
import { LaunchGuard } from './launch-guard';
import { Studio, type StudioProps } from './studio';
import { isolatedSubnets } from './subnets';
import { TrainingPipeline } from './training-pipeline';

/** Properties of a training environment. */
export interface TrainingEnvironmentProps {
  /** Keys of the AI system, with the purposes TRAINING and LOGS. */
  readonly keys: KeyRing;
  /**
   * Where jobs and functions run. The network needs endpoints for Amazon S3 and the SageMaker API. Jobs of several
   * instances talk to each other: the security group must then allow traffic from itself.
   */
  readonly network: FunctionNetwork;
  /** Sealed datasets. */
  readonly vault: ITrainingDataSource;
  /** Takes the models of passed runs. */
  readonly registry: IModelRegistrar;
  /** Image that trains. */
  readonly trainingImage: ContainerImage;
  /** Image that registered models are served with. @default - the training image */
  readonly inferenceImage?: ContainerImage;
  /** Repositories that jobs started outside the pipeline may use too. @default - the training image's only */
  readonly approvedRepositories?: ecr.IRepository[];
  /** What a run's `evaluation.json` must reach. At least one. */
  readonly evaluation: MetricThreshold[];
  /** Models of others that a dataset may hold: below `pretrained/`, each accepted by its SHA-256 alone. @default - none */
  readonly pretrained?: PinnedModel[];
  /** Least number of records in a dataset. @default 1000 */
  readonly minimumRows?: number;
  /** Least share of filled fields in every column, 0 to 1. @default 0.95 */
  readonly completeness?: number;
  /** Least share of records that repeat no other, 0 to 1. @default 0.95 */
  readonly uniqueness?: number;
  /** Column with the class of each record. @default - none: datasets have no classes */
  readonly labelColumn?: string;
  /** Least share of records that the rarest class has, 0 to 0.5. @default 0.05 with a label column, else 0 */
  readonly classBalance?: number;
  /**
   * Instance types that jobs may use; the pipeline uses the first. Types with local storage are refused: SageMaker
   * encrypts their volumes with a key of the machine instead of the CMK.
   * @default ['ml.m5.xlarge']
   */
  readonly instanceTypes?: string[];
  /** Instances of a pipeline run. @default 1 */
  readonly instanceCount?: number;
  /** Storage of each instance of a pipeline run. @default Size.gibibytes(30) */
  readonly volumeSize?: Size;
  /** Longest run of any job; SageMaker allows 28 days. @default Duration.hours(6) */
  readonly maximumRuntime?: Duration;
  /** Content types that registered models take and give. @default ['text/csv'] */
  readonly contentTypes?: string[];
  /** A Studio domain in the network. @default - none */
  readonly studio?: StudioProps;
  /** How long artifacts of runs are kept; registered models are copies. @default Duration.days(180) */
  readonly runRetention?: Duration;
  /** DESTROY takes effect only together with the context switch `palisade:allowDataRemoval`. @default RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

/** Most CSV that the quality gate measures itself. Larger datasets bring a report. */
const MAXIMUM_MEASURED_BYTES = 512 * 2 ** 20;

/**
 * Isolated training for one AI system: a role that can read sealed data and nothing else, a guard that leaves only
 * isolated and encrypted jobs, and a pipeline whose gates every model passes before it can be approved.
 *
 * Throws PALISADE-T001 for an image digest, T002 for an instance type, T003 for thresholds, T005 for a runtime that
 * cannot be; T004 when training is granted to a principal that no policy can be attached to.
 */
export class TrainingEnvironment extends Construct {
  /** Artifacts of training jobs, before registration. */
  readonly bucket: s3.IBucket;
  /** Role that SageMaker assumes to run jobs. */
  readonly executionRole: iam.IRole;
  /** Denials for whoever starts training; `grantStartTraining` attaches it. */
  readonly launchGuard: LaunchGuard;
  /** The pipeline's state machine. */
  readonly stateMachineArn: string;
  /** The Studio domain, when there is one. */
  readonly studio?: Studio;

  private readonly pipeline: TrainingPipeline;

  constructor(scope: Construct, id: string, props: TrainingEnvironmentProps) {
    super(scope, id);
    const instanceTypes = props.instanceTypes ?? ['ml.m5.xlarge'];
    const images = [props.trainingImage, props.inferenceImage ?? props.trainingImage];
    const quality = qualityOf(props);
    const maximumRuntime = props.maximumRuntime ?? Duration.hours(6);
    requireDigest(this, images);
    requireInstanceTypes(this, instanceTypes);
    requireQuality(this, quality, props.labelColumn);
    requireEvaluation(this, props.evaluation);
    requireRuntime(this, maximumRuntime);

    const trainingKey = props.keys.key(Purpose.TRAINING);
    const logKey = props.keys.key(Purpose.LOGS);
    const subnets = isolatedSubnets(props.network);
    logKey.allowLogs();
    this.bucket = new SecureBucket(this, 'Runs', {
      encryptionKey: trainingKey,
      lifecycleRules: [expireRuns(props.runRetention ?? Duration.days(180))],
      removalPolicy: props.removalPolicy,
    });
    this.executionRole = new ExecutionRole(this, 'ExecutionRole', {
      vault: props.vault,
      bucket: this.bucket,
      encryptionKey: trainingKey,
      repositories: [...new Set([props.trainingImage.repository, ...(props.approvedRepositories ?? [])])],
      subnets,
      securityGroup: props.network.securityGroup,
    });
    this.launchGuard = new LaunchGuard(this, 'LaunchGuard', {
      executionRole: this.executionRole,
      maximumRuntimeSeconds: maximumRuntime.toSeconds(),
      requirements: {
        volumeKeyArn: trainingKey.keyArn,
        outputKeyArn: trainingKey.keyArn,
        subnetIds: subnets.map((subnet) => subnet.subnetId),
        securityGroupIds: [props.network.securityGroup.securityGroupId],
        instanceTypes,
      },
    });
    const [trainingImage, inferenceImage] = images.map(uriOf);
    const instanceCount = props.instanceCount ?? 1;
    const gates = new Gates(this, 'Gates', {
      network: props.network,
      vault: props.vault,
      registry: props.registry,
      bucket: this.bucket,
      encryptionKey: trainingKey,
      logKey,
      quality: {
        thresholds: quality,
        labelColumn: props.labelColumn,
        maximumBytes: MAXIMUM_MEASURED_BYTES,
        pretrained: props.pretrained,
      },
      evaluation: props.evaluation,
      registration: {
        group: props.registry.group.modelPackageGroupName,
        trainingImage,
        inferenceImage,
        instanceType: instanceTypes[0],
        instanceCount,
        contentTypes: props.contentTypes ?? ['text/csv'],
      },
      removalPolicy: props.removalPolicy,
    });
    this.pipeline = new TrainingPipeline(this, 'Pipeline', {
      guard: this.launchGuard,
      functions: [props.vault.verifyFunction, gates.quality, gates.artifactScan, gates.evaluation, gates.register],
      encryptionKey: trainingKey,
      logKey,
      removalPolicy: props.removalPolicy,
      parts: {
        partition: Stack.of(this).partition,
        jobPrefix: jobPrefixOf(props.keys.system),
        verifyFunctionArn: props.vault.verifyFunction.functionArn,
        qualityGateArn: gates.quality.functionArn,
        artifactScanArn: gates.artifactScan.functionArn,
        evaluationGateArn: gates.evaluation.functionArn,
        registerFunctionArn: gates.register.functionArn,
        executionRoleArn: this.executionRole.roleArn,
        image: trainingImage,
        dataBucket: props.vault.bucket.bucketName,
        trainingBucket: this.bucket.bucketName,
        keyArn: trainingKey.keyArn,
        subnetIds: subnets.map((subnet) => subnet.subnetId),
        securityGroupIds: [props.network.securityGroup.securityGroupId],
        instanceType: instanceTypes[0],
        instanceCount,
        volumeSizeGib: (props.volumeSize ?? Size.gibibytes(30)).toGibibytes(),
        maximumRuntimeSeconds: maximumRuntime.toSeconds(),
      },
    });
    this.stateMachineArn = this.pipeline.stateMachineArn;
    this.studio = props.studio && new Studio(this, 'Studio', props.studio, props.network, trainingKey);
  }

  /** Lets `grantee` start the pipeline, follow its runs and stop them. The pipeline's image and gates are fixed. */
  grantStartPipeline(grantee: iam.IGrantable): iam.Grant {
    return this.pipeline.grantStart(grantee);
  }

  /**
   * Lets `grantee` start training, processing and tuning jobs outside the pipeline: isolated, encrypted, in the VPC, on
   * approved instance types, with the execution role and so with images that it can pull. What such a job makes is
   * not registered. Attaches `launchGuard`. Throws PALISADE-T004 for a principal that is no role, user or group.
   */
  grantStartTraining(grantee: iam.IGrantable): iam.Grant {
    return this.launchGuard.grantStart(grantee, [
      'sagemaker:CreateTrainingJob',
      'sagemaker:CreateProcessingJob',
      'sagemaker:CreateHyperParameterTuningJob',
    ]);
  }
}

function qualityOf(props: TrainingEnvironmentProps): QualityThresholds {
  return {
    minimumRows: props.minimumRows ?? 1000,
    completeness: props.completeness ?? 0.95,
    uniqueness: props.uniqueness ?? 0.95,
    classBalance: props.classBalance ?? (props.labelColumn === undefined ? 0 : 0.05),
  };
}

function expireRuns(retention: Duration): s3.LifecycleRule {
  return { expiration: retention, noncurrentVersionExpiration: Duration.days(30) };
}

function uriOf(image: ContainerImage): string {
  return image.repository.repositoryUriForDigest(image.digest);
}

/** Job names have 63 characters: 22 for this, a hyphen, and 40 for a hash. */
function jobPrefixOf(system: string): string {
  return system.slice(0, 22).replace(/-+$/, '');
}
