import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { ClosedSecurityGroup, type FunctionNetwork } from '../workload';

/** Properties of a fleet's balancer. */
interface FleetBalancerProps {
  readonly network: FunctionNetwork;
  /** Whether nobody deletes it by mistake. */
  readonly protected: boolean;
}

/** Where agents listen. */
const HOST_PORT = 8080;
/** Where clients ask. What they send is sealed, so that TLS would hide no more than sizes do. */
const CLIENT_PORT = 80;

/**
 * An internal Network Load Balancer in front of the hosts' agents, and the security groups of both: clients that are let in
 * reach the balancer, the balancer reaches agents, agents reach each other, and nothing else reaches anything.
 */
export class FleetBalancer extends Construct {
  readonly url: string;
  readonly connections: ec2.Connections;
  /** Group of the hosts, beside their tier's. */
  readonly hostGroup: ec2.SecurityGroup;
  readonly hostPort = HOST_PORT;
  readonly targetGroupArn: string;

  private readonly targets: elb.NetworkTargetGroup;

  constructor(scope: Construct, id: string, { network, protected: deletionProtection }: FleetBalancerProps) {
    super(scope, id);
    const { vpc } = network;
    const group = (name: string, description: string) => new ClosedSecurityGroup(this, name, { vpc, description });
    const own = group('Group', 'Balancer of enclave hosts: from clients that are let in, to hosts');
    this.hostGroup = group('Hosts', 'Enclave hosts: from their balancer, and from each other');
    const agents = ec2.Port.tcp(HOST_PORT);
    this.hostGroup.addIngressRule(own, agents, 'Requests, and health checks');
    own.addEgressRule(this.hostGroup, agents, 'Requests, and health checks');
    this.hostGroup.addIngressRule(this.hostGroup, agents, 'Requests sealed to the enclave of this host');
    this.hostGroup.addEgressRule(this.hostGroup, agents, 'Requests sealed to the enclave of another host');

    const balancer = new elb.NetworkLoadBalancer(this, 'Balancer', {
      vpc,
      vpcSubnets: network.subnets ?? { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      internetFacing: false,
      crossZoneEnabled: true,
      deletionProtection,
      securityGroups: [own],
    });
    this.targets = new elb.NetworkTargetGroup(this, 'Targets', {
      vpc,
      port: HOST_PORT,
      protocol: elb.Protocol.TCP,
      targetType: elb.TargetType.INSTANCE,
      preserveClientIp: false,
      deregistrationDelay: Duration.seconds(120),
      connectionTermination: false,
      healthCheck: {
        protocol: elb.Protocol.HTTP,
        path: '/health',
        interval: Duration.seconds(10),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 3,
      },
    });
    const listener = balancer.addListener('Listener', {
      port: CLIENT_PORT,
      protocol: elb.Protocol.TCP,
      defaultTargetGroups: [this.targets],
    });
    // The CDK knows tags of listeners; CloudFormation's schema, as cfn-lint 1.51 has it, does not.
    (listener.node.defaultChild as elb.CfnListener).addPropertyDeletionOverride('Tags');
    this.targetGroupArn = this.targets.targetGroupArn;
    this.url = `http://${balancer.loadBalancerDnsName}`;
    this.connections = new ec2.Connections({ securityGroups: [own], defaultPort: ec2.Port.tcp(CLIENT_PORT) });
  }

  /** Hosts whose enclave does not prove itself. */
  metricUnhealthyHosts(): cloudwatch.IMetric {
    return this.targets.metrics.unHealthyHostCount({ period: Duration.minutes(1), statistic: 'Maximum' });
  }
}
