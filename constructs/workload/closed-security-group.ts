import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';

/** Properties of a closed security group. */
export interface ClosedSecurityGroupProps {
  readonly vpc: ec2.IVpc;
  /** What it is for. */
  readonly description: string;
}

/** What matches no packet: an inline rule that stands where EC2 would put its own, which lets everything out. */
const NO_TRAFFIC = {
  cidrIp: '255.255.255.255/32',
  ipProtocol: 'icmp',
  fromPort: 252,
  toPort: 86,
  description: 'nothing: rules that name a group stand beside this one',
};

/**
 * A security group that takes nothing and starts nothing until a rule names another group. The CDK leaves a group without
 * inline rules as soon as one is asked for that names a group, and EC2 then adds one that lets everything out.
 */
export class ClosedSecurityGroup extends ec2.SecurityGroup {
  constructor(scope: Construct, id: string, props: ClosedSecurityGroupProps) {
    super(scope, id, { ...props, allowAllOutbound: false });
    (this.node.defaultChild as ec2.CfnSecurityGroup).securityGroupEgress = [NO_TRAFFIC];
  }
}
