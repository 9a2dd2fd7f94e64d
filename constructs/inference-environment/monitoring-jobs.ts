import { createHash } from 'node:crypto';
import { type Duration, Lazy, Names, Stack } from 'aws-cdk-lib';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import type { MonitoringImages } from './monitoring-images';
import { BASELINES, GROUND_TRUTH, REPORTS } from './monitoring-role';

/** What a model predicts, in SageMaker's words. */
export enum ProblemType {
  BINARY_CLASSIFICATION = 'BinaryClassification',
  MULTICLASS_CLASSIFICATION = 'MulticlassClassification',
  REGRESSION = 'Regression',
}

/** How answers are compared with what came true. */
export interface Outcomes {
  /** What the model predicts. */
  readonly problemType: ProblemType;
  /**
   * Probability from which a binary answer counts as positive: 0 to 1.
   * @default - the model answers with the value or the class itself
   */
  readonly probabilityThreshold?: number;
  /** How long what came true takes to become known, in whole days; a day less than captures are kept at most. */
  readonly delay: Duration;
}

/** What all jobs of one endpoint share. */
export interface MonitoringJobsProps {
  readonly endpointName: string;
  readonly bucket: s3.IBucket;
  readonly images: MonitoringImages;
  readonly roleArn: string;
  readonly keyArn: string;
  readonly instanceType: string;
  readonly subnetIds: string[];
  readonly securityGroupId: string;
}

/** One kind of monitoring: its definition, and the hour (UTC) at which it runs every day. */
export interface MonitoringJob {
  readonly type: 'DataQuality' | 'ModelQuality' | 'ModelBias' | 'ModelExplainability';
  readonly hour: number;
  readonly definition:
    | sagemaker.CfnDataQualityJobDefinition
    | sagemaker.CfnModelQualityJobDefinition
    | sagemaker.CfnModelBiasJobDefinition
    | sagemaker.CfnModelExplainabilityJobDefinition;
}

/** Where SageMaker's own containers expect and leave files. */
const INPUT = '/opt/ml/processing/input/endpoint';
const OUTPUT = '/opt/ml/processing/output';

/** Four hours: own choice, well below the day after which the next run is due. */
const MAXIMUM_SECONDS = 14_400;

/** Own choice: captures of a day, and their merge with ground truth. */
const VOLUME_GIB = 20;

/** An isolated container cannot reach CloudWatch: what it finds is in its report. */
const ENVIRONMENT = { publish_cloudwatch_metrics: 'Disabled' };

/** Makes the definitions of monitoring jobs: one instance, isolated, encrypted, with the baseline of their kind. */
export class MonitoringJobs {
  constructor(
    private readonly scope: Construct,
    private readonly props: MonitoringJobsProps,
  ) {}

  /** Compares what reaches the model with what it was trained with. */
  dataQuality(): MonitoringJob {
    const { analyzerUri } = this.props.images;
    const settings = {
      ...this.common(),
      dataQualityAppSpecification: { imageUri: analyzerUri, environment: ENVIRONMENT },
      dataQualityBaselineConfig: {
        ...this.constraints('data-quality'),
        statisticsResource: { s3Uri: this.uri(BASELINES, 'data-quality', 'statistics.json') },
      },
      dataQualityJobInput: { endpointInput: this.captures() },
      dataQualityJobOutputConfig: this.reports('data-quality'),
    };
    const definition = new sagemaker.CfnDataQualityJobDefinition(this.scope, 'DataQuality', settings);
    return { type: 'DataQuality', hour: 1, definition: named(definition, settings) };
  }

  /** Compares the model's answers with what came true. */
  modelQuality(outcomes: Outcomes): MonitoringJob {
    const { analyzerUri } = this.props.images;
    const settings = {
      ...this.common(),
      modelQualityAppSpecification: {
        imageUri: analyzerUri,
        problemType: outcomes.problemType,
        environment: ENVIRONMENT,
      },
      modelQualityBaselineConfig: this.constraints('model-quality'),
      modelQualityJobInput: this.capturesWithTruth(outcomes),
      modelQualityJobOutputConfig: this.reports('model-quality'),
    };
    const definition = new sagemaker.CfnModelQualityJobDefinition(this.scope, 'ModelQuality', settings);
    return { type: 'ModelQuality', hour: 2, definition: named(definition, settings) };
  }

  /** Compares the model's answers between groups of people. */
  modelBias(outcomes: Outcomes): MonitoringJob {
    const settings = {
      ...this.common(),
      modelBiasAppSpecification: this.clarify('model-bias'),
      modelBiasBaselineConfig: this.constraints('model-bias'),
      modelBiasJobInput: this.capturesWithTruth(outcomes),
      modelBiasJobOutputConfig: this.reports('model-bias'),
    };
    const definition = new sagemaker.CfnModelBiasJobDefinition(this.scope, 'ModelBias', settings);
    return { type: 'ModelBias', hour: 3, definition: named(definition, settings) };
  }

  /** Compares what the answers depend on. The container asks the model itself, so it has the VPC's network. */
  modelExplainability(): MonitoringJob {
    const common = this.common();
    const settings = {
      ...common,
      networkConfig: { ...common.networkConfig, enableNetworkIsolation: false },
      modelExplainabilityAppSpecification: this.clarify('model-explainability'),
      modelExplainabilityBaselineConfig: this.constraints('model-explainability'),
      modelExplainabilityJobInput: { endpointInput: this.captures() },
      modelExplainabilityJobOutputConfig: this.reports('model-explainability'),
    };
    const definition = new sagemaker.CfnModelExplainabilityJobDefinition(this.scope, 'ModelExplainability', settings);
    return { type: 'ModelExplainability', hour: 4, definition: named(definition, settings) };
  }

  private common() {
    const { roleArn, keyArn, instanceType, subnetIds, securityGroupId } = this.props;
    return {
      roleArn,
      jobResources: {
        clusterConfig: { instanceCount: 1, instanceType, volumeSizeInGb: VOLUME_GIB, volumeKmsKeyId: keyArn },
      },
      networkConfig: {
        enableNetworkIsolation: true,
        enableInterContainerTrafficEncryption: true,
        vpcConfig: { subnets: subnetIds, securityGroupIds: [securityGroupId] },
      },
      stoppingCondition: { maxRuntimeInSeconds: MAXIMUM_SECONDS },
    };
  }

  private captures() {
    return { endpointName: this.props.endpointName, localPath: INPUT };
  }

  /** One day of captures, as long ago as the truth takes. */
  private capturesWithTruth({ probabilityThreshold, delay }: Outcomes) {
    const days = delay.toDays();
    // The answer is one value without a name, so it is told by its position.
    const answer =
      probabilityThreshold === undefined
        ? { inferenceAttribute: '0' }
        : { probabilityAttribute: '0', probabilityThresholdAttribute: probabilityThreshold };
    return {
      endpointInput: {
        ...this.captures(),
        ...answer,
        startTimeOffset: `-P${days + 1}D`,
        endTimeOffset: `-P${days}D`,
      },
      groundTruthS3Input: { s3Uri: this.uri(GROUND_TRUTH) },
    };
  }

  /** Clarify takes label, groups and model from a file, which is made with the baseline. */
  private clarify(kind: string) {
    const { clarifyUri } = this.props.images;
    return {
      imageUri: clarifyUri,
      configUri: this.uri(BASELINES, kind, 'analysis_config.json'),
      environment: ENVIRONMENT,
    };
  }

  private constraints(kind: string) {
    return { constraintsResource: { s3Uri: this.uri(BASELINES, kind, 'constraints.json') } };
  }

  private reports(kind: string) {
    const s3Output = { s3Uri: this.uri(REPORTS, kind), localPath: OUTPUT, s3UploadMode: 'EndOfJob' };
    return { kmsKeyId: this.props.keyArn, monitoringOutputs: [{ s3Output }] };
  }

  private uri(...path: string[]): string {
    return this.props.bucket.s3UrlForObject(path.join('/'));
  }
}

/**
 * Gives a definition a name that changes with it. Schedules refer to it by name, CloudFormation's Ref is its ARN, and
 * since nothing of it can be updated, a fixed name would stand in the way of its successor.
 */
function named<Definition extends MonitoringJob['definition']>(definition: Definition, settings: object): Definition {
  const name = Names.uniqueResourceName(definition, { maxLength: 54, separator: '-' });
  definition.jobDefinitionName = Lazy.string({
    produce: () => {
      const content = Stack.of(definition).resolve([settings, definition.tags.renderTags()]);
      return `${name}-${createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 8)}`;
    },
  });
  return definition;
}
