import { Arn, ArnFormat, type CfnCondition, type CfnResource, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { SageMakerRole, type SageMakerRoleProps, WorkloadBoundary } from '../workload';
import { CAPTURES } from './endpoint-role';

/** Prefix of what the model is compared with: `baselines/<kind>/`. */
export const BASELINES = 'baselines';
/** Prefix of what came true, by inference id. */
export const GROUND_TRUTH = 'ground-truth';
/** Prefix of what the jobs report: `monitoring/<kind>/`. */
export const REPORTS = 'monitoring';

/** Properties of a monitoring role. */
interface MonitoringRoleProps extends Omit<SageMakerRoleProps, 'description'> {
  /** Holds captures, baselines, ground truth and reports. */
  readonly bucket: s3.IBucket;
}

/**
 * The role that SageMaker assumes to monitor a model: beside what every container needs, it reads captures, baselines
 * and ground truth, and writes reports and logs.
 */
export class MonitoringRole extends SageMakerRole {
  constructor(scope: Construct, id: string, props: MonitoringRoleProps) {
    super(scope, id, { ...props, description: 'Monitors the model' });
    const { bucket, encryptionKey } = props;
    // Ground truth is merged with captures by a first job, whose result lies beside the reports.
    const read = [CAPTURES, BASELINES, GROUND_TRUTH, REPORTS].map((prefix) => `${prefix}/*`);
    this.allow(
      ['s3:GetObject'],
      read.map((objects) => bucket.arnForObjects(objects)),
    );
    this.allow(['s3:ListBucket'], [bucket.bucketArn], { StringLike: { 's3:prefix': read } });
    this.allow(['s3:AbortMultipartUpload', 's3:PutObject'], [bucket.arnForObjects(`${REPORTS}/*`)]);
    encryptionKey.grant(this, 'kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey');
    this.writeLogs();
  }

  /**
   * Lets explanations ask the model: Clarify serves it on an endpoint of its own, on `instanceType`, and deletes that
   * (SageMaker Developer Guide, "Configure a Model Amazon VPC for Inference"). A policy of its own, because the model
   * that it names exists under `condition` only.
   */
  allowShadowEndpoint(modelName: string, instanceType: string, condition: CfnCondition): void {
    const arn = (resource: string, resourceName: string) =>
      Stack.of(this).formatArn({ service: 'sagemaker', resource, resourceName });
    const shadows = ['endpoint', 'endpoint-config'].map((resource) => arn(resource, 'sagemaker-clarify-*'));
    const statements = [
      new iam.PolicyStatement({ actions: ['sagemaker:DescribeModel'], resources: [arn('model', modelName)] }),
      new iam.PolicyStatement({
        actions: ['sagemaker:CreateEndpointConfig'],
        resources: shadows,
        conditions: { 'ForAllValues:StringEquals': { 'sagemaker:InstanceTypes': [instanceType] } },
      }),
      new iam.PolicyStatement({
        actions: [
          'sagemaker:AddTags',
          'sagemaker:CreateEndpoint',
          'sagemaker:DeleteEndpoint',
          'sagemaker:DeleteEndpointConfig',
          'sagemaker:DescribeEndpoint',
          'sagemaker:DescribeEndpointConfig',
          'sagemaker:InvokeEndpoint',
        ],
        resources: shadows,
      }),
    ];
    WorkloadBoundary.of(this).allow(...statements.flatMap(({ actions }) => actions));
    const policy = new iam.ManagedPolicy(this, 'ShadowEndpoint', { roles: [this], statements });
    (policy.node.defaultChild as CfnResource).cfnOptions.condition = condition;
  }

  /** SageMaker runs monitoring as processing jobs, whose one log group it names itself. */
  private writeLogs(): void {
    const logGroup = Arn.format(
      {
        service: 'logs',
        resource: 'log-group',
        resourceName: '/aws/sagemaker/ProcessingJobs:*',
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      },
      Stack.of(this),
    );
    this.allow(
      ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      [logGroup],
    );
  }
}
