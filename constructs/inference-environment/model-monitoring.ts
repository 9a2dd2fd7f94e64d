import { type CfnCondition, Duration, Names, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct, type IDependable } from 'constructs';
import { PalisadeError } from '../../runtime/errors';
import { type KeyRing, Purpose } from '../key-ring';
import { DeadLetterQueue, type FunctionNetwork, WorkloadRole } from '../workload';
import { requireEncryptableVolumes } from './instance-storage';
import { monitoringImages } from './monitoring-images';
import { type MonitoringJob, MonitoringJobs, type Outcomes, ProblemType } from './monitoring-jobs';
import { BASELINES, GROUND_TRUTH, MonitoringRole } from './monitoring-role';

/** How an endpoint is monitored. */
export interface MonitoringProps {
  /**
   * Where the jobs run, in a security group of their own. Needs an endpoint for S3; with `outcomes`, for the SageMaker
   * API and runtime too.
   */
  readonly network: FunctionNetwork;
  /**
   * Compares answers with what came true, between groups of people, and in what they depend on: what high impact needs.
   * @default - only what reaches the model is compared with what it was trained with
   */
  readonly outcomes?: Outcomes;
  /** Instance type of the jobs. One with local storage is refused. @default 'ml.m5.xlarge' */
  readonly instanceType?: string;
}

/** Properties of model monitoring. */
export interface ModelMonitoringProps extends MonitoringProps {
  /** Keys of the AI system: INFERENCE encrypts volumes and reports, LOGS what could not be told. */
  readonly keys: KeyRing;
  /** Name of the endpoint. */
  readonly endpointName: string;
  /** Instance type of the endpoint: explanations may ask the model on this one and no other. */
  readonly endpointInstanceType: string;
  /** Name of the model behind the endpoint. */
  readonly modelName: string;
  /** Holds captures, baselines, ground truth and reports. */
  readonly bucket: s3.IBucket;
  /** How long captures are kept. */
  readonly captureRetention: Duration;
  /** Under which the endpoint exists. */
  readonly condition: CfnCondition;
  /** The endpoint: schedules are made after it and deleted before. */
  readonly endpoint: IDependable;
  /** Told of jobs that fail or find violations. @default - nobody */
  readonly alarmTopic?: sns.ITopic;
}

/**
 * Daily SageMaker Model Monitor jobs for one endpoint: isolated, in the VPC, under the INFERENCE key, each against the
 * baseline under `baselines/<kind>/`. Only for accounts that used Model Monitor before AWS closed it to new customers.
 *
 * Throws PALISADE-I001 for an instance type, PALISADE-I005 for a Region without known images, PALISADE-I006 for
 * outcomes that no capture could be compared with.
 */
export class ModelMonitoring extends Construct {
  /** Role of the jobs. */
  readonly role: iam.IRole;

  private readonly props: ModelMonitoringProps;

  constructor(scope: Construct, id: string, props: ModelMonitoringProps) {
    super(scope, id);
    this.props = props;
    const { keys, bucket, network, outcomes, instanceType = 'ml.m5.xlarge' } = props;
    requireEncryptableVolumes(this.node.path, instanceType);
    if (outcomes) {
      this.requireComparable(outcomes);
    }
    const images = monitoringImages(this);
    const encryptionKey = keys.key(Purpose.INFERENCE);
    const { securityGroup } = network;
    const { subnets } = network.vpc.selectSubnets(network.subnets ?? { subnetType: ec2.SubnetType.PRIVATE_ISOLATED });
    const role = new MonitoringRole(this, 'Role', {
      bucket,
      encryptionKey,
      subnets,
      securityGroup,
      repositories: images.repositories,
    });
    this.role = role;
    const jobs = new MonitoringJobs(this, {
      endpointName: props.endpointName,
      bucket,
      images,
      instanceType,
      roleArn: role.roleArn,
      keyArn: encryptionKey.keyArn,
      subnetIds: subnets.map(({ subnetId }) => subnetId),
      securityGroupId: securityGroup.securityGroupId,
    });
    this.schedule(jobs.dataQuality());
    if (outcomes) {
      role.allowShadowEndpoint(props.modelName, props.endpointInstanceType, props.condition);
      this.schedule(jobs.modelQuality(outcomes));
      this.schedule(jobs.modelBias(outcomes));
      this.schedule(jobs.modelExplainability());
    }
    if (props.alarmTopic) {
      this.tell(props.alarmTopic);
    }
  }

  /** Lets `grantee` put what the model is compared with, under `baselines/`. */
  grantWriteBaselines(grantee: iam.IGrantable): iam.Grant {
    return this.grantWrite(grantee, BASELINES);
  }

  /** Lets `grantee` put what came true, under `ground-truth/`. */
  grantWriteGroundTruth(grantee: iam.IGrantable): iam.Grant {
    return this.grantWrite(grantee, GROUND_TRUTH);
  }

  private grantWrite(grantee: iam.IGrantable, prefix: string): iam.Grant {
    const { bucket, keys } = this.props;
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['s3:PutObject'],
      resourceArns: [bucket.arnForObjects(`${prefix}/*`)],
    }).combine(keys.key(Purpose.INFERENCE).grant(grantee, 'kms:GenerateDataKey'));
  }

  private schedule({ type, hour, definition }: MonitoringJob): void {
    const { bucket, condition, endpoint, endpointName } = this.props;
    definition.node.addDependency(this.role, bucket);
    const scope = new Construct(this, `${type}Schedule`);
    const schedule = new sagemaker.CfnMonitoringSchedule(scope, 'Resource', {
      monitoringScheduleName: Names.uniqueResourceName(scope, { maxLength: 63, separator: '-' }),
      endpointName,
      monitoringScheduleConfig: {
        monitoringType: type,
        monitoringJobDefinitionName: definition.jobDefinitionName,
        scheduleConfig: { scheduleExpression: `cron(0 ${hour} ? * * *)` },
      },
    });
    schedule.node.addDependency(definition, endpoint);
    for (const resource of [definition, schedule]) {
      resource.cfnOptions.condition = condition;
    }
  }

  /**
   * Jobs are known by their role, which only they have. The message is the event: it names the job and says why.
   *
   * A role publishes, rather than EventBridge itself, so that the topic and its key need not be opened to a service.
   */
  private tell(topic: sns.ITopic): void {
    const { keys, endpointName } = this.props;
    const logKey = keys.key(Purpose.LOGS);
    logKey.allowService('events.amazonaws.com', ['kms:Decrypt', 'kms:GenerateDataKey']);
    const rule = new events.Rule(this, 'Finding', {
      description: `Monitoring of ${endpointName} failed or found violations`,
      eventPattern: {
        source: ['aws.sagemaker'],
        detailType: ['SageMaker Processing Job State Change'],
        detail: {
          RoleArn: [this.role.roleArn],
          $or: [
            { ProcessingJobStatus: ['Failed', 'Stopped'] },
            { ExitMessage: [{ prefix: 'CompletedWithViolations' }] },
          ],
        },
      },
    });
    rule.addTarget(
      new targets.SnsTopic(topic, {
        role: this.publisher(),
        deadLetterQueue: DeadLetterQueue.of(this, logKey),
        maxEventAge: Duration.hours(2),
        retryAttempts: 5,
      }),
    );
  }

  /** Gets the topic and its key from the target that it is given to. */
  private publisher(): WorkloadRole {
    return new WorkloadRole(this, 'PublisherRole', {
      assumedBy: new iam.ServicePrincipal('events.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      description: 'Tells of findings in the monitoring of the model',
    });
  }

  private requireComparable({ problemType, probabilityThreshold: threshold, delay }: Outcomes): void {
    const days = delay.toDays({ integral: false });
    const kept = this.props.captureRetention.toDays({ integral: false });
    if (!Number.isInteger(days) || days < 1 || days + 1 >= kept) {
      throw this.refused(
        `outcomes are known after ${days} days, captures are kept for ${kept}`,
        'give a delay in whole days, at least one, and keep captures two days longer',
      );
    }
    const binary = problemType === ProblemType.BINARY_CLASSIFICATION;
    if (threshold !== undefined && (!binary || !(threshold >= 0 && threshold <= 1))) {
      throw this.refused(
        `probabilityThreshold ${threshold} for ${problemType}`,
        'give a threshold from 0 to 1 for a binary classification, and none for anything else',
      );
    }
  }

  private refused(problem: string, fix: string): PalisadeError {
    return new PalisadeError({ code: 'PALISADE-I006', where: this.node.path, problem, fix });
  }
}
