import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { FunctionNetwork } from '../workload';

/** The subnets that a network selects; the isolated ones when it selects none. */
export function isolatedSubnets(network: FunctionNetwork): ec2.ISubnet[] {
  return network.vpc.selectSubnets(network.subnets ?? { subnetType: ec2.SubnetType.PRIVATE_ISOLATED }).subnets;
}
