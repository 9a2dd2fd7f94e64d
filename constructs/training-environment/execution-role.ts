import { Arn, ArnFormat, Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { PurposeKey } from '../key-ring';
import { WorkloadRole } from '../workload';
import type { ITrainingDataSource } from './contracts';

/** Prefix of everything that training jobs write: `runs/<job>/output/`. */
export const RUNS = 'runs';

/** Properties of an execution role. */
export interface ExecutionRoleProps {
  readonly vault: ITrainingDataSource;
  /** Bucket that takes artifacts. */
  readonly bucket: s3.IBucket;
  readonly encryptionKey: PurposeKey;
  /** Repositories that images may come from. */
  readonly repositories: ecr.IRepository[];
  readonly subnets: ec2.ISubnet[];
  readonly securityGroup: ec2.ISecurityGroup;
}

/**
 * The role that SageMaker assumes to run a job: reads data sealed for training, pulls approved images, writes
 * artifacts, logs and metrics. It cannot start anything.
 *
 * The permissions follow the Amazon SageMaker Developer Guide, "CreateTrainingJob API: Execution Role Permissions".
 */
export class ExecutionRole extends WorkloadRole {
  constructor(scope: Construct, id: string, props: ExecutionRoleProps) {
    super(scope, id, {
      assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
      }),
      description: 'Runs training jobs',
    });
    props.vault.grantRead(this, { purpose: 'training' });
    for (const repository of props.repositories) {
      repository.grantPull(this);
    }
    this.writeArtifacts(props.bucket, props.encryptionKey);
    this.useVolumes(props.encryptionKey);
    this.attachToNetwork(props);
    this.writeLogsAndMetrics();
  }

  private writeArtifacts(bucket: s3.IBucket, key: PurposeKey): void {
    this.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: ['s3:AbortMultipartUpload', 's3:PutObject'],
        resources: [bucket.arnForObjects(`${RUNS}/*`)],
      }),
    );
    key.grants.actions(this, 'kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey');
  }

  /**
   * SageMaker encrypts volumes through a grant that it creates with this role. The key policy accepts that from
   * tagged roles, and for grants to AWS services only.
   */
  private useVolumes(key: PurposeKey): void {
    const forService = { Bool: { 'kms:GrantIsForAWSResource': 'true' } };
    key.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'VolumeGrantsByGrantedRoles',
        principals: [new iam.AccountRootPrincipal()],
        actions: ['kms:CreateGrant'],
        resources: ['*'],
        conditions: {
          ...forService,
          StringEquals: { [`aws:PrincipalTag/${key.useTag}`]: 'use', 'kms:CallerAccount': Stack.of(key).account },
        },
      }),
    );
    this.addToPrincipalPolicy(
      new iam.PolicyStatement({ actions: ['kms:CreateGrant'], resources: [key.keyArn], conditions: forService }),
    );
  }

  private attachToNetwork({ subnets, securityGroup }: ExecutionRoleProps): void {
    const stack = Stack.of(this);
    const arn = (resource: string, resourceName: string) => stack.formatArn({ service: 'ec2', resource, resourceName });
    const subnetArns = subnets.map((subnet) => arn('subnet', subnet.subnetId));
    const interfaces = arn('network-interface', '*');
    this.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: ['ec2:CreateNetworkInterface'],
        resources: [interfaces, ...subnetArns, arn('security-group', securityGroup.securityGroupId)],
      }),
    );
    this.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: [
          'ec2:CreateNetworkInterfacePermission',
          'ec2:DeleteNetworkInterface',
          'ec2:DeleteNetworkInterfacePermission',
        ],
        resources: [interfaces],
        conditions: { ArnEquals: { 'ec2:Subnet': subnetArns } },
      }),
    );
    this.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: [
          'ec2:DescribeDhcpOptions',
          'ec2:DescribeNetworkInterfaces',
          'ec2:DescribeSecurityGroups',
          'ec2:DescribeSubnets',
          'ec2:DescribeVpcs',
        ],
        // None of these actions can be limited to a resource (Service Authorization Reference, "Amazon EC2").
        resources: ['*'],
      }),
    );
  }

  private writeLogsAndMetrics(): void {
    const stack = Stack.of(this);
    this.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
        resources: ['TrainingJobs', 'ProcessingJobs'].map((name) =>
          Arn.format(
            {
              service: 'logs',
              resource: 'log-group',
              resourceName: `/aws/sagemaker/${name}:*`,
              arnFormat: ArnFormat.COLON_RESOURCE_NAME,
            },
            stack,
          ),
        ),
      }),
    );
    this.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: ['cloudwatch:PutMetricData'],
        // PutMetricData names no resource; its namespace is the bound.
        resources: ['*'],
        conditions: { StringLike: { 'cloudwatch:namespace': ['/aws/sagemaker/*', 'aws/sagemaker/*'] } },
      }),
    );
  }
}
