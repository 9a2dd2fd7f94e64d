import { Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { PurposeKey } from '../key-ring';
import { WorkloadRole } from '../workload';

/** Prefix of what SageMaker captures. */
export const CAPTURES = 'captures';

/** Properties of an endpoint role. */
interface EndpointRoleProps {
  readonly encryptionKey: PurposeKey;
  readonly captures: s3.IBucket;
  readonly logGroup: logs.ILogGroup;
  readonly repositories: ecr.IRepository[];
  readonly subnets: ec2.ISubnet[];
  readonly securityGroup: ec2.ISecurityGroup;
}

/**
 * The role that SageMaker assumes to serve a model: pulls the image, attaches to the network, writes captures, logs
 * and metrics. What it may read of the model is granted by whoever keeps the artifacts.
 *
 * The permissions follow the Amazon SageMaker Developer Guide, "CreateModel API: Execution Role Permissions".
 */
export class EndpointRole extends WorkloadRole {
  constructor(scope: Construct, id: string, props: EndpointRoleProps) {
    super(scope, id, {
      assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
      }),
      description: 'Serves the model',
    });
    for (const repository of props.repositories) {
      repository.grantPull(this);
    }
    this.allow(['s3:PutObject'], [props.captures.arnForObjects(`${CAPTURES}/*`)]);
    props.encryptionKey.grant(this, 'kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey');
    this.useVolumes(props.encryptionKey);
    this.attachToNetwork(props);
    props.logGroup.grant(this, 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents');
    // PutMetricData names no resource; its namespace is the bound.
    this.allow(['cloudwatch:PutMetricData'], ['*'], {
      StringLike: { 'cloudwatch:namespace': ['/aws/sagemaker/*', 'aws/sagemaker/*'] },
    });
  }

  /** SageMaker encrypts volumes through a grant that it creates with this role: for AWS services only. */
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
    this.allow(['kms:CreateGrant'], [key.keyArn], forService);
  }

  private attachToNetwork({ subnets, securityGroup }: EndpointRoleProps): void {
    const stack = Stack.of(this);
    const arn = (resource: string, resourceName: string) => stack.formatArn({ service: 'ec2', resource, resourceName });
    const subnetArns = subnets.map((subnet) => arn('subnet', subnet.subnetId));
    const interfaces = arn('network-interface', '*');
    const group = arn('security-group', securityGroup.securityGroupId);
    this.allow(['ec2:CreateNetworkInterface'], [interfaces, ...subnetArns, group]);
    this.allow(
      ['ec2:CreateNetworkInterfacePermission', 'ec2:DeleteNetworkInterface', 'ec2:DeleteNetworkInterfacePermission'],
      [interfaces],
      { ArnEquals: { 'ec2:Subnet': subnetArns } },
    );
    this.allow(
      [
        'ec2:DescribeDhcpOptions',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSubnets',
        'ec2:DescribeVpcs',
      ],
      // None of these actions can be limited to a resource (Service Authorization Reference, "Amazon EC2").
      ['*'],
    );
  }

  private allow(actions: string[], resources: string[], conditions?: iam.Conditions): void {
    this.addToPrincipalPolicy(new iam.PolicyStatement({ actions, resources, conditions }));
  }
}
