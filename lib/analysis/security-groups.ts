import { textOf } from './opaque';
import type { TemplateGraph } from './template-graph';

/** What a rule of a security group names at its other end. */
export interface TrafficPeer {
  readonly kind: 'group' | 'cidr' | 'prefixList';
  readonly id: string;
}

/** Protocol and ports; `-1` is every protocol. */
export interface Traffic {
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
}

/** One rule of a security group. */
export interface TrafficRule {
  readonly peer: TrafficPeer;
  readonly traffic: Traffic;
}

const EVERYTHING: Traffic = { protocol: '-1', from: 0, to: 65535 };
/** What EC2 allows where nobody says otherwise. */
export const ANYWHERE: readonly TrafficRule[] = ['0.0.0.0/0', '::/0'].map((id) => ({
  peer: { kind: 'cidr', id },
  traffic: EVERYTHING,
}));

/**
 * Where members of a group may send to.
 *
 * Of a group that the assembly does not make, nothing is known, so everything is assumed. A group whose own list is
 * empty keeps the rule that EC2 gives it, which allows everything (CloudFormation, `AWS::EC2::SecurityGroup`).
 */
export function egressRules(graph: TemplateGraph, group: string): readonly TrafficRule[] {
  const resource = graph.withName('AWS::EC2::SecurityGroup', group);
  const inline = trafficRules([resource?.properties.SecurityGroupEgress].flat(), 'Destination');
  const separate = graph.where('AWS::EC2::SecurityGroupEgress', 'GroupId', group).map(({ properties }) => properties);
  return [...(inline.length === 0 ? ANYWHERE : inline), ...trafficRules(separate, 'Destination')];
}

/** Whom members of a group accept. Everyone, for a group that the assembly does not make. */
export function ingressRules(graph: TemplateGraph, group: string): readonly TrafficRule[] {
  const resource = graph.withName('AWS::EC2::SecurityGroup', group);
  if (!resource) {
    return ANYWHERE;
  }
  const separate = graph.where('AWS::EC2::SecurityGroupIngress', 'GroupId', group).map(({ properties }) => properties);
  return trafficRules([...[resource.properties.SecurityGroupIngress].flat(), ...separate], 'Source');
}

/** What two rules both allow, if anything. */
export function intersection(a: Traffic, b: Traffic): Traffic | undefined {
  if (a.protocol !== '-1' && b.protocol !== '-1' && a.protocol !== b.protocol) {
    return undefined;
  }
  const protocol = a.protocol === '-1' ? b.protocol : a.protocol;
  const from = Math.max(a.from, b.from);
  const to = Math.min(a.to, b.to);
  return from <= to ? { protocol, from, to } : undefined;
}

/** `tcp/443`, `udp/1024-2048`, `all`. */
export function trafficText({ protocol, from, to }: Traffic): string {
  if (protocol === '-1') {
    return 'all';
  }
  return from === to ? `${protocol}/${from}` : `${protocol}/${from}-${to}`;
}

function trafficRules(items: readonly unknown[], direction: 'Source' | 'Destination'): TrafficRule[] {
  return items
    .filter((item): item is Record<string, unknown> => item !== null && typeof item === 'object')
    .flatMap((item) => {
      const peers: [TrafficPeer['kind'], unknown][] = [
        ['group', item[`${direction}SecurityGroupId`]],
        ['cidr', item.CidrIp],
        ['cidr', item.CidrIpv6],
        ['prefixList', item[`${direction}PrefixListId`]],
      ];
      return peers
        .filter(([, id]) => id !== undefined)
        .map(([kind, id]) => ({ peer: { kind, id: textOf(id) }, traffic: trafficOf(item) }));
    });
}

/** Only TCP and UDP have ports; FromPort and ToPort of ICMP are its type and code. */
function trafficOf({ IpProtocol, FromPort, ToPort }: Record<string, unknown>): Traffic {
  const protocol = protocolName(textOf(IpProtocol ?? '-1'));
  if (protocol !== 'tcp' && protocol !== 'udp') {
    return { ...EVERYTHING, protocol };
  }
  const port = (value: unknown, otherwise: number) => {
    const number = Number(textOf(value));
    return Number.isInteger(number) && number >= 0 ? number : otherwise;
  };
  return { protocol, from: port(FromPort, 0), to: port(ToPort, 65535) };
}

/** Numbers of the IANA protocol registry. */
function protocolName(protocol: string): string {
  return { '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6' }[protocol] ?? protocol;
}
