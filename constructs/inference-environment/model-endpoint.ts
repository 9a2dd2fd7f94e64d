import { ArnFormat, type CfnCondition, type CfnResource, Duration, Stack } from 'aws-cdk-lib';
import * as scaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { PalisadeError } from '../../runtime/errors';
import { type KeyRing, Purpose } from '../key-ring';
import { SecureBucket, WorkloadRole } from '../workload';
import type { EndpointModelProps } from './served-model';

/** Properties of a model endpoint. */
export interface ModelEndpointProps {
  readonly keys: KeyRing;
  readonly model: EndpointModelProps;
  readonly alarmTopic?: sns.ITopic;
}

const VARIANT = 'AllTraffic';
/** Types with NVMe instance storage: SageMaker refuses KmsKeyId for them (SageMaker API, CreateEndpointConfig, "KmsKeyId"). */
const LOCAL_STORAGE = /^ml\.([a-z]+\d+[a-z]*d[a-z]*|g[4-9][a-z]*|p[4-9][a-z]*|inf\d|trn\d[a-z]*)\./;
const INSTANCE_TYPE = /^ml\.[a-z0-9-]+\.[a-z0-9]+$/;

/**
 * The approved model on a SageMaker endpoint: isolated, in the VPC, encrypted, captured, scaled, and replaced by canary
 * with rollback. Everything but its role and bucket exists only once a model is approved.
 *
 * Throws PALISADE-I001 for an instance type, PALISADE-I002 for numbers that cannot be.
 */
export class ModelEndpoint extends Construct {
  /** Name of the endpoint. */
  readonly endpointName: string;
  /** Captured requests and answers. */
  readonly captureBucket: s3.IBucket;

  private readonly condition: CfnCondition;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ModelEndpointProps,
  ) {
    super(scope, id);
    const { keys, model } = props;
    const { instanceType = 'ml.m5.large', minimumInstances = 2, maximumInstances = 4, capturePercent = 100 } = model;
    this.requireInstanceType(instanceType);
    this.requireNumbers(minimumInstances, maximumInstances, capturePercent);
    this.condition = model.approvedModel.condition;
    // Given here, because alarms that guard a deployment must name the endpoint before it exists.
    this.endpointName = `${keys.stage}-${keys.system}`;
    this.captureBucket = new SecureBucket(this, 'Captures', {
      encryptionKey: keys.key(Purpose.INFERENCE),
      lifecycleRules: [{ expiration: Duration.days(90), noncurrentVersionExpiration: Duration.days(1) }],
    });
    keys.key(Purpose.INFERENCE).allowProvisioning('sagemaker');
    const role = this.executionRole();
    const sageMakerModel = this.model(role);
    const configuration = this.configuration(sageMakerModel, instanceType, minimumInstances, capturePercent);
    const alarms = this.rollbackAlarms();
    const endpoint = this.endpoint(configuration, alarms);
    this.scale(endpoint, minimumInstances, maximumInstances);
  }

  /** ARN of the endpoint. */
  get endpointArn(): string {
    return Stack.of(this).formatArn({ service: 'sagemaker', resource: 'endpoint', resourceName: this.endpointName });
  }

  /** SageMaker takes the role to load the model, attach it to the VPC and write captures and logs. */
  private executionRole(): iam.Role {
    const { keys, model } = this.props;
    const stack = Stack.of(this);
    const role = new WorkloadRole(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
      }),
      description: `Serves models of ${keys.system}`,
    });
    model.artifacts.grantReadArtifacts(role);
    const logGroupArn = stack.formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: `/aws/sagemaker/Endpoints/${this.endpointName}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const statements: [string[], string[]][] = [
      [['s3:PutObject'], [this.captureBucket.arnForObjects('captures/*')]],
      [['cloudwatch:PutMetricData'], ['*']],
      [['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'], [logGroupArn]],
      [['ecr:GetAuthorizationToken'], ['*']],
      [
        [
          'ec2:CreateNetworkInterface',
          'ec2:CreateNetworkInterfacePermission',
          'ec2:DeleteNetworkInterface',
          'ec2:DeleteNetworkInterfacePermission',
          'ec2:DescribeDhcpOptions',
          'ec2:DescribeNetworkInterfaces',
          'ec2:DescribeSecurityGroups',
          'ec2:DescribeSubnets',
          'ec2:DescribeVpcs',
        ],
        ['*'],
      ],
    ];
    for (const [allowed, resources] of statements) {
      role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: allowed, resources }));
    }
    const context = { 'aws:s3:arn': this.captureBucket.bucketArn };
    keys.key(Purpose.INFERENCE).grantWithContext(role, context, 'kms:GenerateDataKey', 'kms:Decrypt');
    return role;
  }

  private model(role: iam.Role): sagemaker.CfnModel {
    const { approvedModel, network } = this.props.model;
    const { subnetIds } = network.vpc.selectSubnets(network.subnets ?? { subnets: network.vpc.isolatedSubnets });
    const model = new sagemaker.CfnModel(this, 'Model', {
      executionRoleArn: role.roleArn,
      enableNetworkIsolation: true,
      containers: [{ modelPackageName: approvedModel.packageArn }],
      vpcConfig: { subnets: subnetIds, securityGroupIds: [network.securityGroup.securityGroupId] },
    });
    model.node.addDependency(role, approvedModel.verified);
    return this.conditional(model);
  }

  private configuration(
    model: sagemaker.CfnModel,
    instanceType: string,
    initialInstanceCount: number,
    capturePercent: number,
  ): sagemaker.CfnEndpointConfig {
    const { keyArn } = this.props.keys.key(Purpose.INFERENCE);
    return this.conditional(
      new sagemaker.CfnEndpointConfig(this, 'Configuration', {
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
          initialSamplingPercentage: capturePercent,
          destinationS3Uri: this.captureBucket.s3UrlForObject('captures'),
          kmsKeyId: keyArn,
          captureContentTypeHeader: { csvContentTypes: ['text/csv'] },
        },
      }),
    );
  }

  private endpoint(configuration: sagemaker.CfnEndpointConfig, alarms: cloudwatch.CfnAlarm[]): sagemaker.CfnEndpoint {
    const endpoint = new sagemaker.CfnEndpoint(this, 'Endpoint', {
      endpointName: this.endpointName,
      endpointConfigName: configuration.attrEndpointConfigName,
      deploymentConfig: {
        autoRollbackConfiguration: { alarms: alarms.map((alarm) => ({ alarmName: alarm.ref })) },
        blueGreenUpdatePolicy: {
          maximumExecutionTimeoutInSeconds: 3600,
          terminationWaitInSeconds: 600,
          trafficRoutingConfiguration: {
            type: 'CANARY',
            canarySize: { type: 'INSTANCE_COUNT', value: 1 },
            waitIntervalInSeconds: 600,
          },
        },
      },
    });
    return this.conditional(endpoint);
  }

  /** The alarms that roll a deployment back: errors of the model, and answers that take too long. */
  private rollbackAlarms(): cloudwatch.CfnAlarm[] {
    const dimensionsMap = { EndpointName: this.endpointName, VariantName: VARIANT };
    const metric = (metricName: string, statistic: string) =>
      new cloudwatch.Metric({
        namespace: 'AWS/SageMaker',
        metricName,
        dimensionsMap,
        statistic,
        period: Duration.minutes(1),
      });
    // ModelLatency is in microseconds (SageMaker Developer Guide, "Metrics for monitoring with CloudWatch").
    const signals: [string, cloudwatch.Metric, number, string][] = [
      ['Errors', metric('Invocation5XXErrors', 'Sum'), 5, 'The endpoint answers with server errors'],
      ['Latency', metric('ModelLatency', 'p95'), 5_000_000, 'The model takes longer than 5 s for one call in 20'],
    ];
    return signals.map(([id, signal, threshold, alarmDescription]) => {
      const alarm = new cloudwatch.Alarm(this, id, {
        alarmDescription,
        metric: signal,
        threshold,
        evaluationPeriods: 3,
        datapointsToAlarm: 2,
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      });
      if (this.props.alarmTopic) {
        alarm.addAlarmAction(new actions.SnsAction(this.props.alarmTopic));
      }
      return alarm.node.defaultChild as cloudwatch.CfnAlarm;
    });
  }

  /** Follows calls per instance; 1,000 a minute suits a tabular model on two virtual CPUs. */
  private scale(endpoint: sagemaker.CfnEndpoint, minCapacity: number, maxCapacity: number): void {
    const target = new scaling.CfnScalableTarget(this, 'Scaling', {
      serviceNamespace: 'sagemaker',
      scalableDimension: 'sagemaker:variant:DesiredInstanceCount',
      resourceId: `endpoint/${this.endpointName}/variant/${VARIANT}`,
      minCapacity,
      maxCapacity,
    });
    target.addResourceDependency(endpoint);
    // Regions take this type's tags at different times; cfn-lint's schemas do not have them yet.
    target.addPropertyDeletionOverride('Tags');
    const policy = new scaling.CfnScalingPolicy(this, 'ScalingPolicy', {
      policyName: `${this.endpointName}-invocations`,
      policyType: 'TargetTrackingScaling',
      scalingTargetId: target.ref,
      targetTrackingScalingPolicyConfiguration: {
        targetValue: 1000,
        predefinedMetricSpecification: { predefinedMetricType: 'SageMakerVariantInvocationsPerInstance' },
        scaleInCooldown: 300,
        scaleOutCooldown: 60,
      },
    });
    this.conditional(target);
    this.conditional(policy);
  }

  private conditional<T extends CfnResource>(resource: T): T {
    resource.cfnOptions.condition = this.condition;
    return resource;
  }

  private requireInstanceType(instanceType: string): void {
    if (!INSTANCE_TYPE.test(instanceType) || LOCAL_STORAGE.test(instanceType)) {
      throw new PalisadeError({
        code: 'PALISADE-I001',
        where: this.node.path,
        problem: `'${instanceType}' is not a SageMaker instance type whose storage a CMK can encrypt`,
        fix: "use a type without local storage, such as 'ml.m5.large'",
      });
    }
  }

  private requireNumbers(minimum: number, maximum: number, percent: number): void {
    const whole = [minimum, maximum, percent].every(Number.isInteger);
    if (!whole || minimum < 2 || maximum < minimum || percent < 1 || percent > 100) {
      throw new PalisadeError({
        code: 'PALISADE-I002',
        where: this.node.path,
        problem: `found ${minimum} to ${maximum} instances and ${percent} % capture`,
        fix: 'use at least 2 instances (a canary needs one beside it), a maximum not below, and 1 to 100 percent',
      });
    }
  }
}
