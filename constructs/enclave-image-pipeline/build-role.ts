import { Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { WorkloadRole } from '../workload';

/** The role of a build: CodeBuild assumes it for projects of this account. */
export class BuildRole extends WorkloadRole {
  constructor(scope: Construct, id: string, description: string) {
    super(scope, id, {
      assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
      }),
      description,
    });
  }

  /** Allows `actions` on `resources`. */
  allow(actions: string[], resources: string[], conditions?: iam.Conditions): void {
    this.addToPrincipalPolicy(new iam.PolicyStatement({ actions, resources, conditions }));
  }

  /** AWS CodeBuild User Guide, "Allow a CodeBuild service role to create network interfaces in a VPC". */
  attachTo(subnets: readonly ec2.ISubnet[], securityGroup: ec2.ISecurityGroup): void {
    const stack = Stack.of(this);
    const arn = (resource: string, resourceName: string) => stack.formatArn({ service: 'ec2', resource, resourceName });
    const subnetArns = subnets.map(({ subnetId }) => arn('subnet', subnetId));
    // The id of an interface is not known before it is made.
    const interfaces = arn('network-interface', '*');
    this.allow(
      ['ec2:CreateNetworkInterface'],
      [interfaces, ...subnetArns, arn('security-group', securityGroup.securityGroupId)],
    );
    this.allow(['ec2:CreateNetworkInterfacePermission'], [interfaces], {
      StringEquals: { 'ec2:AuthorizedService': 'codebuild.amazonaws.com' },
      ArnEquals: { 'ec2:Subnet': subnetArns },
    });
    this.allow(['ec2:DeleteNetworkInterface'], [interfaces], { ArnEquals: { 'ec2:Subnet': subnetArns } });
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
