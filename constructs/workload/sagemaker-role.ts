import { Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { PurposeKey } from '../key-ring/purpose-key';
import { WorkloadRole } from './workload-role';

/** Properties of a role that SageMaker assumes. */
export interface SageMakerRoleProps {
  /** What the role is for, as a reviewer reads it in the console. */
  readonly description: string;
  /** Encrypts the volumes of the instances. */
  readonly encryptionKey: PurposeKey;
  /** Repositories that images are pulled from. */
  readonly repositories: ecr.IRepository[];
  /** Subnets that containers are attached to. */
  readonly subnets: ec2.ISubnet[];
  /** Group of the containers' network interfaces. */
  readonly securityGroup: ec2.ISecurityGroup;
}

/**
 * What SageMaker needs to run containers for this account in a VPC, whether they learn or serve: pull images, encrypt
 * volumes, attach network interfaces, send metrics.
 *
 * The permissions follow the Amazon SageMaker Developer Guide, "SageMaker roles", CreateTrainingJob and CreateModel.
 */
export class SageMakerRole extends WorkloadRole {
  constructor(scope: Construct, id: string, props: SageMakerRoleProps) {
    super(scope, id, {
      assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
      }),
      description: props.description,
    });
    for (const repository of props.repositories) {
      repository.grantPull(this);
    }
    this.useVolumes(props.encryptionKey);
    this.attachToNetwork(props);
    // PutMetricData names no resource; its namespace is the bound.
    this.allow(['cloudwatch:PutMetricData'], ['*'], {
      StringLike: { 'cloudwatch:namespace': ['/aws/sagemaker/*', 'aws/sagemaker/*'] },
    });
  }

  /** Allows the role `actions` on `resources`. */
  protected allow(actions: string[], resources: string[], conditions?: iam.Conditions): void {
    this.addToPrincipalPolicy(new iam.PolicyStatement({ actions, resources, conditions }));
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
    this.allow(['kms:CreateGrant'], [key.keyArn], forService);
  }

  private attachToNetwork({ subnets, securityGroup }: SageMakerRoleProps): void {
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
}
