import { contains, isPublic, overlaps } from './address';
import { type NetworkMember, networkMembers } from './network-members';
import { textOf } from './opaque';
import {
  ANYWHERE,
  egressRules,
  ingressRules,
  intersection,
  type Traffic,
  type TrafficRule,
  trafficText,
} from './security-groups';
import type { GraphResource, TemplateGraph } from './template-graph';

/** What a member can reach. */
export interface Destination {
  /**
   * `member`: another member of the network; `cidr`: a range within the VPC; `prefixList`: a service behind a gateway
   * endpoint; `network`: another network, through peering, a transit gateway, a VPN or an appliance; `internet`;
   * `unknown`: a subnet whose routes are not in the assembly.
   */
  readonly kind: 'member' | 'cidr' | 'prefixList' | 'network' | 'internet' | 'unknown';
  /** The member's name, the range or list, or the gateway that leads out. */
  readonly name: string;
  /** The resource behind it, where the assembly makes it. */
  readonly resource?: GraphResource;
}

/** One way that traffic can take. */
export interface Edge {
  readonly from: NetworkMember;
  readonly to: Destination;
  /** `tcp/443`, `udp/1024-2048` or `all`. */
  readonly port: string;
}

/**
 * Everything that each member of a network can reach, by the rules of its security groups and the routes of its subnets.
 * Network ACLs are not read: they can only take away.
 */
export function reachability(graph: TemplateGraph): readonly Edge[] {
  return graph.once('reachability', () => [...internalEdges(graph), ...[...exitsByMember(graph).values()].flat()]);
}

/**
 * The edges of a resource that leave its VPC: to another network, to the internet, or to where nobody knows. Undefined
 * for a resource that is in no network.
 */
export function exitsFrom(graph: TemplateGraph, resource: GraphResource): readonly Edge[] | undefined {
  return exitsByMember(graph).get(resource);
}

function exitsByMember(graph: TemplateGraph): ReadonlyMap<GraphResource, readonly Edge[]> {
  return graph.once('exits', () => {
    const exits = new Map<GraphResource, Edge[]>();
    for (const member of networkMembers(graph)) {
      const ways = outgoing(graph, member).flatMap((rule) => leaving(graph, member, rule));
      exits.set(member.resource, distinct([...(exits.get(member.resource) ?? []), ...ways]));
    }
    return exits;
  });
}

function internalEdges(graph: TemplateGraph): Edge[] {
  const members = networkMembers(graph);
  const edges = members.flatMap((from) =>
    outgoing(graph, from).flatMap((rule) => [
      ...members
        .filter((to) => to !== from && sameNetwork(from, to) && addresses(rule, to))
        .flatMap((to) =>
          accepted(graph, from, to, rule.traffic).map((traffic) =>
            edge(from, { kind: 'member', name: to.name, resource: to.resource }, traffic),
          ),
        ),
      ...withinVpc(graph, from, rule),
      ...behindGateway(graph, from, rule),
    ]),
  );
  return distinct(edges);
}

/** A member without groups of its own has the VPC's default group, which allows everything. Endpoints only answer. */
function outgoing(graph: TemplateGraph, { resource, securityGroups }: NetworkMember): readonly TrafficRule[] {
  if (resource.type === 'AWS::EC2::VPCEndpoint') {
    return [];
  }
  return securityGroups.length === 0 ? ANYWHERE : securityGroups.flatMap((group) => egressRules(graph, group));
}

/** Whether the rule names the member: by group, or by a range that its subnets are in. */
function addresses({ peer }: TrafficRule, member: NetworkMember): boolean {
  if (peer.kind === 'group') {
    return member.securityGroups.includes(peer.id);
  }
  return peer.kind === 'cidr' && member.ranges.some((range) => overlaps(range, peer.id));
}

/** The part of the traffic that the receiving member's groups accept. */
function accepted(graph: TemplateGraph, from: NetworkMember, to: NetworkMember, traffic: Traffic): Traffic[] {
  return to.securityGroups
    .flatMap((group) => ingressRules(graph, group))
    .filter((rule) => addresses(rule, from))
    .flatMap((rule) => intersection(traffic, rule.traffic) ?? []);
}

/** Security groups end at the VPC. */
function sameNetwork(a: NetworkMember, b: NetworkMember): boolean {
  return b.vpcs.some((vpc) => a.vpcs.includes(vpc));
}

function withinVpc(graph: TemplateGraph, from: NetworkMember, { peer, traffic }: TrafficRule): Edge[] {
  const within = peer.kind === 'cidr' && blocks(graph, from).some((block) => overlaps(block, peer.id));
  return within ? [edge(from, { kind: 'cidr', name: peer.id }, traffic)] : [];
}

/** Ranges of the member's VPCs. */
function blocks(graph: TemplateGraph, { vpcs }: NetworkMember): string[] {
  return vpcs.map((vpc) => textOf(graph.withName('AWS::EC2::VPC', vpc)?.properties.CidrBlock ?? '0.0.0.0/0'));
}

/** A prefix list leads somewhere when a route table of the member's subnets has a gateway endpoint. */
function behindGateway(graph: TemplateGraph, from: NetworkMember, { peer, traffic }: TrafficRule): Edge[] {
  const gateways = tables(graph, from).flatMap((table) => graph.where('AWS::EC2::VPCEndpoint', 'RouteTableIds', table));
  return peer.kind === 'prefixList' && gateways.length > 0
    ? [edge(from, { kind: 'prefixList', name: peer.id }, traffic)]
    : [];
}

function leaving(graph: TemplateGraph, from: NetworkMember, { peer, traffic }: TrafficRule): Edge[] {
  if (peer.kind === 'group' || staysInside(graph, from, peer)) {
    return [];
  }
  const routes = tables(graph, from).flatMap((table) => graph.where('AWS::EC2::Route', 'RouteTableId', table));
  const ways = routes.flatMap((route) => exit(graph, route, peer) ?? []);
  return [...unknownSubnets(graph, from), ...ways].map((to) => edge(from, to, traffic));
}

/** The local route of a VPC is more specific than any that leads out. */
function staysInside(graph: TemplateGraph, from: NetworkMember, peer: TrafficRule['peer']): boolean {
  const known = from.vpcs.filter((vpc) => graph.withName('AWS::EC2::VPC', vpc));
  return peer.kind === 'cidr' && known.length > 0 && blocks(graph, from).some((block) => contains(block, peer.id));
}

function unknownSubnets(graph: TemplateGraph, { subnets }: NetworkMember): Destination[] {
  const unknown = subnets.filter((subnet) => !graph.withName('AWS::EC2::Subnet', subnet));
  return (subnets.length === 0 ? ['that AWS chooses'] : unknown).map((name) => ({ kind: 'unknown', name }));
}

/** Route tables of the member's subnets. A subnet without one has the VPC's main table, to which no template adds routes. */
function tables(graph: TemplateGraph, { subnets }: NetworkMember): string[] {
  return subnets.flatMap((subnet) =>
    graph
      .where('AWS::EC2::SubnetRouteTableAssociation', 'SubnetId', subnet)
      .map(({ properties }) => textOf(properties.RouteTableId)),
  );
}

/** Where a route leads traffic that a rule allows, if anywhere. A prefix list may hold any address. */
function exit(graph: TemplateGraph, route: GraphResource, peer: TrafficRule['peer']): Destination | undefined {
  const { DestinationCidrBlock, DestinationIpv6CidrBlock } = route.properties;
  const range = textOf(DestinationCidrBlock ?? DestinationIpv6CidrBlock ?? '0.0.0.0/0');
  if (peer.kind === 'cidr' && !overlaps(range, peer.id)) {
    return undefined;
  }
  const [property, id] = Object.entries(route.properties).find(([key]) => Object.hasOwn(TARGETS, key)) ?? [];
  if (property === undefined || id === 'local') {
    return undefined;
  }
  const toInternet = isPublic(range) && (peer.kind !== 'cidr' || isPublic(peer.id)) && TARGETS[property](graph, id);
  return { kind: toInternet ? 'internet' : 'network', name: `${property} ${textOf(id)}`, resource: route };
}

/** Targets of a route that lead out of the VPC, and whether they lead to the internet. */
const TARGETS: Readonly<Record<string, (graph: TemplateGraph, id: unknown) => boolean>> = {
  CarrierGatewayId: () => true,
  CoreNetworkArn: () => false,
  EgressOnlyInternetGatewayId: () => true,
  GatewayId: (graph, id) => graph.withName('AWS::EC2::VPNGateway', id) === undefined && !textOf(id).startsWith('vgw-'),
  InstanceId: () => false,
  LocalGatewayId: () => false,
  NatGatewayId: (graph, id) => graph.withName('AWS::EC2::NatGateway', id)?.properties.ConnectivityType !== 'private',
  NetworkInterfaceId: () => false,
  TransitGatewayId: () => false,
  VpcEndpointId: () => false,
  VpcPeeringConnectionId: () => false,
};

function edge(from: NetworkMember, to: Destination, traffic: Traffic): Edge {
  return { from, to, port: trafficText(traffic) };
}

function distinct(edges: readonly Edge[]): Edge[] {
  const byText = new Map(
    edges.map((item) => [[item.from.name, item.to.kind, item.to.name, item.port].join('\u0000'), item]),
  );
  return [...byText.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}
