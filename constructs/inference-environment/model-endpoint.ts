import { createHash } from 'node:crypto';
import { CfnDeletionPolicy, type CfnResource, Duration, Fn, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as scaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { PalisadeError } from '../../runtime/errors';
import { type KeyRing, Purpose } from '../key-ring';
import { SecureBucket, SecureLogGroup } from '../workload';
import { CaptureMonitor } from './capture-monitor';
import { CAPTURES, EndpointRole } from './endpoint-role';
import { requireEncryptableVolumes } from './instance-storage';
import { maskPersonalData } from './masked-data';
import { ModelMonitoring } from './model-monitoring';
import { BASELINES, GROUND_TRUTH, REPORTS } from './monitoring-role';
import type { EndpointModelProps, IServing } from './served-model';

/** Properties of a model endpoint. */
export interface ModelEndpointProps {
  /** Keys of the AI system: INFERENCE encrypts volumes and captures, LOGS the log. */
  readonly keys: KeyRing;
  /** What to serve, and how. */
  readonly model: EndpointModelProps;
  /** @default RetentionDays.SIX_MONTHS - EU AI Act, Article 26(6) */
  readonly logRetention?: logs.RetentionDays;
  /** Of the log. DESTROY deletes it with the stack. @default RETAIN */
  readonly removalPolicy?: RemovalPolicy;
  /** Told of errors and slow answers. @default - nobody; the alarms still roll deployments back */
  readonly alarmTopic?: sns.ITopic;
}

const VARIANT = 'AllTraffic';

/**
 * A SageMaker endpoint in the VPC: no network for the container, volumes and captures under the INFERENCE key, at
 * least two instances, and a canary that goes back by itself when an alarm fires. What needs the model exists only
 * once one is approved.
 *
 * Throws PALISADE-I001 for an instance type, PALISADE-I002 for numbers and times that cannot be.
 */
export class ModelEndpoint extends Construct implements IServing {
  /** Name of the endpoint, known before it exists: alarms, log group and policies refer to it. */
  readonly endpointName: string;
  /** Requests and answers, as SageMaker captured them. */
  readonly captureBucket: s3.IBucket;
  readonly gatewaySettings: Record<string, string>;
  /** Watches what is captured. Undefined without `captureMonitor`. */
  readonly captureMonitor?: CaptureMonitor;
  /** Model Monitor's jobs. Undefined without `monitoring`. */
  readonly monitoring?: ModelMonitoring;

  private readonly props: ModelEndpointProps;

  constructor(scope: Construct, id: string, props: ModelEndpointProps) {
    super(scope, id);
    const { keys, model } = props;
    const { instanceType = 'ml.m5.large', capturePercent = 100, canaryTime = Duration.minutes(10) } = model;
    const { captureRetention = Duration.days(90), captureMonitor, monitoring } = model;
    requireEncryptableVolumes(this.node.path, instanceType);
    const instances = this.instances(model);
    this.requirePercent(capturePercent);
    this.requireCanary(canaryTime);
    const latency = this.latency(model);
    this.props = props;
    this.endpointName = nameOf(keys);
    keys.key(Purpose.INFERENCE).allowProvisioning('sagemaker');
    this.captureBucket = new SecureBucket(this, 'Captures', {
      encryptionKey: keys.key(Purpose.INFERENCE),
      lifecycleRules: lifecycle(captureRetention),
      removalPolicy: model.removalPolicy,
    });
    const served = this.model();
    const configuration = this.configuration(served, instanceType, instances.minimum, capturePercent);
    const alarms = this.alarms(latency);
    const endpoint = this.endpoint(configuration, alarms, canaryTime);
    const scaling = this.scaling(endpoint, instances);
    const { condition } = model.approvedModel;
    for (const resource of [served, configuration, endpoint, ...scaling, ...alarms.map(resourceOf)]) {
      resource.cfnOptions.condition = condition;
    }
    for (const replaced of [served, configuration]) {
      // What served before is what a rollback goes back to; with its stack it goes too.
      replaced.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
      replaced.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
    }
    this.captureMonitor =
      captureMonitor &&
      new CaptureMonitor(this, 'CaptureMonitor', {
        ...captureMonitor,
        keys,
        endpointName: this.endpointName,
        variantName: VARIANT,
        bucket: this.captureBucket,
        condition,
        alarmTopic: props.alarmTopic,
        logRetention: props.logRetention,
        removalPolicy: props.removalPolicy,
      });
    this.monitoring =
      monitoring &&
      new ModelMonitoring(this, 'Monitoring', {
        ...monitoring,
        keys,
        endpointName: this.endpointName,
        endpointInstanceType: instanceType,
        modelName: served.attrModelName,
        bucket: this.captureBucket,
        captureRetention,
        condition,
        endpoint,
        alarmTopic: props.alarmTopic,
      });
    const { guardrail } = model;
    this.gatewaySettings = {
      ENDPOINT_NAME: Fn.conditionIf(condition.logicalId, this.endpointName, '').toString(),
      ...(guardrail && { GUARDRAIL: guardrail.guardrailArn, GUARDRAIL_VERSION: guardrail.version }),
    };
  }

  grantInvoke(grantee: iam.IGrantable): iam.Grant {
    const invoke = iam.Grant.addToPrincipal({
      grantee,
      actions: ['sagemaker:InvokeEndpoint'],
      resourceArns: [
        Stack.of(this).formatArn({ service: 'sagemaker', resource: 'endpoint', resourceName: this.endpointName }),
      ],
    });
    const { guardrail } = this.props.model;
    return guardrail ? invoke.combine(guardrail.grantApply(grantee)) : invoke;
  }

  private model(): sagemaker.CfnModel {
    const { approvedModel, artifacts, network } = this.props.model;
    const { subnets } = network.vpc.selectSubnets(network.subnets ?? { subnetType: ec2.SubnetType.PRIVATE_ISOLATED });
    const role = new EndpointRole(this, 'Role', {
      encryptionKey: this.props.keys.key(Purpose.INFERENCE),
      captures: this.captureBucket,
      logGroup: this.logGroup(),
      repositories: this.props.model.repositories ?? [],
      subnets,
      securityGroup: network.securityGroup,
    });
    artifacts.grantReadArtifacts(role);
    const model = new sagemaker.CfnModel(this, 'Model', {
      executionRoleArn: role.roleArn,
      enableNetworkIsolation: true,
      primaryContainer: { modelPackageName: approvedModel.packageArn },
      vpcConfig: {
        subnets: subnets.map(({ subnetId }) => subnetId),
        securityGroupIds: [network.securityGroup.securityGroupId],
      },
    });
    // SageMaker tries the role when the model is made.
    model.node.addDependency(role, this.captureBucket, approvedModel.verified);
    return model;
  }

  /** Made before the endpoint, because the group that SageMaker would make has neither key nor end. */
  private logGroup(): SecureLogGroup {
    const encryptionKey = this.props.keys.key(Purpose.LOGS);
    encryptionKey.allowLogs();
    return new SecureLogGroup(this, 'Log', {
      logGroupName: `/aws/sagemaker/Endpoints/${this.endpointName}`,
      encryptionKey,
      retention: this.props.logRetention,
      dataProtectionPolicy: maskPersonalData(),
      removalPolicy: this.props.removalPolicy,
    });
  }

  private configuration(
    model: sagemaker.CfnModel,
    instanceType: string,
    initialInstanceCount: number,
    initialSamplingPercentage: number,
  ): sagemaker.CfnEndpointConfig {
    const { keyArn } = this.props.keys.key(Purpose.INFERENCE);
    return new sagemaker.CfnEndpointConfig(this, 'Configuration', {
      kmsKeyId: keyArn,
      productionVariants: [
        {
          variantName: VARIANT,
          modelName: model.attrModelName,
          instanceType,
          initialInstanceCount,
          initialVariantWeight: 1,
        },
      ],
      dataCaptureConfig: {
        enableCapture: true,
        captureOptions: [{ captureMode: 'Input' }, { captureMode: 'Output' }],
        captureContentTypeHeader: { csvContentTypes: ['text/csv'] },
        initialSamplingPercentage,
        destinationS3Uri: this.captureBucket.s3UrlForObject(CAPTURES),
        kmsKeyId: keyArn,
      },
    });
  }

  private endpoint(
    configuration: sagemaker.CfnEndpointConfig,
    alarms: cloudwatch.Alarm[],
    canaryTime: Duration,
  ): sagemaker.CfnEndpoint {
    const endpoint = new sagemaker.CfnEndpoint(this, 'Endpoint', {
      endpointName: this.endpointName,
      endpointConfigName: configuration.attrEndpointConfigName,
      // Scaling keeps its number of instances over a deployment; how much is captured is the new configuration's.
      retainAllVariantProperties: true,
      excludeRetainedVariantProperties: [{ variantPropertyType: 'DataCaptureConfig' }],
      deploymentConfig: {
        blueGreenUpdatePolicy: {
          trafficRoutingConfiguration: {
            type: 'CANARY',
            // At most half of the instances (Amazon SageMaker API Reference, TrafficRoutingConfig).
            canarySize: { type: 'INSTANCE_COUNT', value: 1 },
            waitIntervalInSeconds: canaryTime.toSeconds(),
          },
          terminationWaitInSeconds: 300,
          maximumExecutionTimeoutInSeconds: 7200,
        },
        autoRollbackConfiguration: { alarms: alarms.map(({ alarmName }) => ({ alarmName })) },
      },
    });
    // Kept till the last instance is gone, or SageMaker would make it anew, without a key.
    endpoint.node.addDependency(this.node.findChild('Log'));
    return endpoint;
  }

  /**
   * One minute of errors is enough, and two of three minutes of slowness, which one slow call at night would also be:
   * both fire well within the time that a canary is watched.
   */
  private alarms(latency: Duration): cloudwatch.Alarm[] {
    const errors = new cloudwatch.Alarm(this, 'ServerErrors', {
      alarmDescription: `The model behind ${this.endpointName} fails`,
      metric: this.metric('Invocation5XXErrors', cloudwatch.Stats.SUM),
      threshold: 5,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    const slowness = new cloudwatch.Alarm(this, 'Latency', {
      alarmDescription: `The model behind ${this.endpointName} takes more than ${latency.toMilliseconds()} ms for one call in 20`,
      metric: this.metric('ModelLatency', cloudwatch.Stats.percentile(95)),
      // The metric is in microseconds.
      threshold: latency.toMilliseconds() * 1000,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    const { alarmTopic } = this.props;
    for (const alarm of alarmTopic ? [errors, slowness] : []) {
      alarm.addAlarmAction(new actions.SnsAction(alarmTopic as NonNullable<typeof alarmTopic>));
    }
    return [errors, slowness];
  }

  private scaling(endpoint: sagemaker.CfnEndpoint, { minimum, maximum }: Instances): CfnResource[] {
    const target = new scaling.CfnScalableTarget(this, 'Scaling', {
      serviceNamespace: 'sagemaker',
      scalableDimension: 'sagemaker:variant:DesiredInstanceCount',
      resourceId: `endpoint/${this.endpointName}/variant/${VARIANT}`,
      minCapacity: minimum,
      maxCapacity: maximum,
    });
    target.addResourceDependency(endpoint);
    // Regions take this type's tags at different times; cfn-lint's schemas do not have them yet.
    target.addPropertyDeletionOverride('Tags');
    const policy = new scaling.CfnScalingPolicy(this, 'ScalingPolicy', {
      policyName: `${this.endpointName}-invocations`,
      policyType: 'TargetTrackingScaling',
      scalingTargetId: target.ref,
      targetTrackingScalingPolicyConfiguration: {
        targetValue: this.props.model.invocationsPerInstance ?? 1000,
        predefinedMetricSpecification: { predefinedMetricType: 'SageMakerVariantInvocationsPerInstance' },
        scaleInCooldown: 300,
        scaleOutCooldown: 60,
      },
    });
    return [target, policy];
  }

  private metric(metricName: string, statistic: string): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/SageMaker',
      metricName,
      dimensionsMap: { EndpointName: this.endpointName, VariantName: VARIANT },
      statistic,
      period: Duration.minutes(1),
    });
  }

  private instances({ minimumInstances: minimum = 2, maximumInstances: maximum = 4 }: EndpointModelProps): Instances {
    if (![minimum, maximum].every(Number.isInteger) || minimum < 2 || maximum < minimum) {
      throw this.refused(
        `from ${minimum} to ${maximum} instances; a canary needs at least one beside it`,
        'give minimumInstances of at least 2, and maximumInstances not below',
      );
    }
    return { minimum, maximum };
  }

  private requirePercent(percent: number): void {
    if (!Number.isInteger(percent) || percent < 1 || percent > 100) {
      throw this.refused(
        `capturePercent ${percent} is not a whole number from 1 to 100`,
        'capture at least one percent of the requests: drift and incidents are found in captures',
      );
    }
  }

  /** An hour is SageMaker's most (API Reference, TrafficRoutingConfig); below five minutes the alarms might be late. */
  private requireCanary(time: Duration): void {
    const seconds = time.toSeconds({ integral: false });
    if (!Number.isInteger(seconds) || seconds < 300 || seconds > 3600) {
      throw this.refused(
        `canaryTime of ${seconds} seconds`,
        'watch a canary for 5 to 60 minutes, in whole seconds: the alarms that roll it back need three',
      );
    }
  }

  /** SageMaker ends a call after 60 seconds (API Reference, InvokeEndpoint): an alarm from there on would never fire. */
  private latency({ latencyAlarm = Duration.seconds(5) }: EndpointModelProps): Duration {
    const milliseconds = latencyAlarm.toMilliseconds();
    if (milliseconds <= 0 || milliseconds >= 60_000) {
      throw this.refused(
        `latencyAlarm of ${milliseconds} milliseconds never fires, or always`,
        'give a latencyAlarm of less than 60 seconds',
      );
    }
    return latencyAlarm;
  }

  private refused(problem: string, fix: string): PalisadeError {
    return new PalisadeError({ code: 'PALISADE-I002', where: this.node.path, problem, fix });
  }
}

/**
 * Captures, what came true, and what is made of both hold personal data and end together. Baselines stay, and what
 * replaced them can be found for a year.
 */
function lifecycle(expiration: Duration): s3.LifecycleRule[] {
  return [
    ...[CAPTURES, GROUND_TRUTH, REPORTS].map((prefix) => ({
      prefix: `${prefix}/`,
      expiration,
      noncurrentVersionExpiration: Duration.days(1),
    })),
    { prefix: `${BASELINES}/`, noncurrentVersionExpiration: Duration.days(365) },
  ];
}

interface Instances {
  readonly minimum: number;
  readonly maximum: number;
}

/** SageMaker takes 63 characters; a longer name is cut and keeps a hash of the whole. */
function nameOf({ stage, system }: KeyRing): string {
  const name = `${stage}-${system}`;
  return name.length <= 63
    ? name
    : `${name.slice(0, 54)}-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
}

function resourceOf(construct: Construct): CfnResource {
  return construct.node.defaultChild as CfnResource;
}
