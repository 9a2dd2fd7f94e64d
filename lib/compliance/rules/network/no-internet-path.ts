import type { GraphResource, TemplateGraph } from '../../../analysis';
import { concernsAi } from '../../conditions';
import { rule } from '../../define-rule';
import { violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Verdict } from '../../rule';
import { saysIsolated, workloadsOf } from './workloads';

/** Routes are judged by whose subnets they lead out; gateways only where a VPC says that it is isolated, or none is known. */
export const networkNoInternetPath = rule({
  id: 'NetworkNoInternetPath',
  appliesTo: [
    'AWS::EC2::EgressOnlyInternetGateway',
    'AWS::EC2::InternetGateway',
    'AWS::EC2::NatGateway',
    'AWS::EC2::Route',
  ],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5'],
  crosswalk: { nist80053: ['SC-7', 'AC-4'], atlas: ['AML.T0024', 'AML.T0025'] },
  why: 'Whoever takes over a training job or a model server sends data and weights out by the default route.',
  fix: 'Run AI workloads in subnets without a route to an internet or NAT gateway, and reach AWS through VPC endpoints.',
  claims: [],
  beyondGuard: 'which subnets hold AI workloads stands in other resources',
  check: (resource, graph) =>
    resource.type === 'AWS::EC2::Route' ? ofRoute(resource, graph) : ofGateway(resource, graph),
  compliant: networkWith({ DestinationCidrBlock: '10.9.0.0/16', TransitGatewayId: 'tgw-1' }),
  nonCompliant: networkWith({ DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-1' }),
});

const DESTINATIONS = ['DestinationCidrBlock', 'DestinationIpv6CidrBlock', 'DestinationPrefixListId'];
const TARGETS = [
  'CarrierGatewayId',
  'CoreNetworkArn',
  'EgressOnlyInternetGatewayId',
  'GatewayId',
  'InstanceId',
  'LocalGatewayId',
  'NatGatewayId',
  'NetworkInterfaceId',
  'TransitGatewayId',
  'VpcEndpointId',
  'VpcPeeringConnectionId',
];

/** A route without a destination or a target is no route: EC2 refuses it. */
function ofRoute({ properties }: GraphResource, graph: TemplateGraph): Verdict {
  const destination = DESTINATIONS.find((name) => properties[name] !== undefined);
  const target = TARGETS.find((name) => properties[name] !== undefined);
  const whom = ledBy(properties.RouteTableId, graph);
  if (destination === undefined || target === undefined || whom === undefined) {
    return undefined;
  }
  return leadsToInternet(target, properties[target], graph)
    ? [violation(target, `leads ${whom} to the internet: ${properties[destination]} goes to ${properties[target]}`)]
    : [];
}

/** The AI workload, or the isolated VPC, whose traffic a route table directs. */
function ledBy(table: unknown, graph: TemplateGraph): string | undefined {
  const { subnets } = workloadsOf(graph);
  const member = graph
    .where('AWS::EC2::SubnetRouteTableAssociation', 'RouteTableId', table)
    .map(({ properties }) => subnets.get(String(properties.SubnetId)))
    .find((found) => found !== undefined);
  const vpc = graph.withName('AWS::EC2::RouteTable', table)?.properties.VpcId;
  return member?.name ?? (saysIsolated(vpc, graph) ? `the isolated VPC ${vpc}` : undefined);
}

function leadsToInternet(target: string, id: unknown, graph: TemplateGraph): boolean {
  switch (target) {
    case 'GatewayId':
      return id !== 'local' && !/^v(gw|pce)-/.test(String(id)) && !graph.withName('AWS::EC2::VPNGateway', id);
    case 'NatGatewayId':
      return graph.withName('AWS::EC2::NatGateway', id)?.properties.ConnectivityType !== 'private';
    default:
      return target === 'EgressOnlyInternetGatewayId' || target === 'CarrierGatewayId';
  }
}

/** A public subnet beside the workloads' own needs a gateway, so that a gateway alone says nothing where a VPC is not isolated. */
function ofGateway(gateway: GraphResource, graph: TemplateGraph): Verdict {
  if (gateway.properties.ConnectivityType === 'private') {
    return undefined;
  }
  const vpcs = vpcsOf(gateway, graph).filter((vpc) => graph.withName('AWS::EC2::VPC', vpc));
  const isolated = vpcs.find((vpc) => saysIsolated(vpc, graph));
  if (isolated !== undefined) {
    return [violation('Type', `leads out of VPC ${isolated}, which says that it is isolated`)];
  }
  const stray = gateway.type === 'AWS::EC2::InternetGateway' && vpcs.length === 0 && concernsAi(gateway, graph);
  return stray ? [violation('Type', 'found an internet gateway beside AI workloads, expected none')] : undefined;
}

function vpcsOf({ type, name, properties }: GraphResource, graph: TemplateGraph): unknown[] {
  if (type === 'AWS::EC2::InternetGateway') {
    const attachments = graph.where('AWS::EC2::VPCGatewayAttachment', 'InternetGatewayId', name);
    return attachments.map((attachment) => attachment.properties.VpcId);
  }
  const subnet = graph.withName('AWS::EC2::Subnet', properties.SubnetId);
  return [properties.VpcId ?? subnet?.properties.VpcId];
}

/** A model in a subnet whose table has this route. */
function networkWith(route: object) {
  return {
    Model: { Type: 'AWS::SageMaker::Model', Properties: { VpcConfig: { Subnets: [{ Ref: 'Subnet' }] } } },
    Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' } } },
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
    Table: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } },
    Association: {
      Type: 'AWS::EC2::SubnetRouteTableAssociation',
      Properties: { SubnetId: { Ref: 'Subnet' }, RouteTableId: { Ref: 'Table' } },
    },
    Route: { Type: 'AWS::EC2::Route', Properties: { RouteTableId: { Ref: 'Table' }, ...route } },
  };
}
