import type { GraphResource, TemplateGraph } from '../../../analysis';
import { rule } from '../../define-rule';
import { violation } from '../../expect';
import { ALWAYS_WARNING } from '../../rule';
import { servesAi } from './workloads';

/** A network of AI workloads is joined only to networks that the same templates make, so that a review sees both ends. */
export const networkNoUnreviewedPeering = rule({
  id: 'NetworkNoUnreviewedPeering',
  appliesTo: [
    'AWS::EC2::TransitGatewayAttachment',
    'AWS::EC2::TransitGatewayVpcAttachment',
    'AWS::EC2::VPCPeeringConnection',
    'AWS::EC2::VPNConnection',
  ],
  level: ALWAYS_WARNING,
  annexA: ['A.4.5', 'A.10.2'],
  crosswalk: { nist80053: ['CA-3', 'SC-7', 'AC-4'], atlas: ['AML.T0025'] },
  why: 'Through a joined network, an attacker elsewhere reaches model servers, and data leaves by gateways that nobody here sees.',
  fix: 'Remove the connection, or register an exception in which the owner of the other network is named.',
  claims: [],
  beyondGuard: 'which networks hold AI workloads, and who makes the other end, stands in other resources',
  check: (connection, graph) => {
    const { own, other } = endsOf(connection, graph);
    if (!servesAi(connection, own, graph)) {
      return undefined;
    }
    return other.known ? [] : [violation(other.property, `joins another network: ${other.what} is not made here`)];
  },
  compliant: peeringWith({ Ref: 'Other' }),
  nonCompliant: peeringWith('vpc-0123456789abcdef0'),
});

interface Ends {
  readonly own: readonly unknown[];
  readonly other: { readonly known: boolean; readonly property: string; readonly what: string };
}

function endsOf({ type, properties }: GraphResource, graph: TemplateGraph): Ends {
  const { VpcId, PeerVpcId, TransitGatewayId, VpnGatewayId } = properties;
  switch (type) {
    case 'AWS::EC2::VPCPeeringConnection': {
      const known = [VpcId, PeerVpcId].every((vpc) => graph.withName('AWS::EC2::VPC', vpc));
      return { own: [VpcId, PeerVpcId], other: { known, property: 'PeerVpcId', what: `VPC ${PeerVpcId}` } };
    }
    case 'AWS::EC2::VPNConnection': {
      const attached = [
        ...graph.where('AWS::EC2::VPCGatewayAttachment', 'VpnGatewayId', VpnGatewayId),
        ...graph.where('AWS::EC2::TransitGatewayVpcAttachment', 'TransitGatewayId', TransitGatewayId),
        ...graph.where('AWS::EC2::TransitGatewayAttachment', 'TransitGatewayId', TransitGatewayId),
      ];
      const own = attached.map((attachment) => attachment.properties.VpcId);
      return { own, other: { known: false, property: 'CustomerGatewayId', what: 'what lies behind a VPN' } };
    }
    default: {
      const known = graph.withName('AWS::EC2::TransitGateway', TransitGatewayId) !== undefined;
      const what = `transit gateway ${TransitGatewayId}`;
      return { own: [VpcId], other: { known, property: 'TransitGatewayId', what } };
    }
  }
}

function peeringWith(PeerVpcId: unknown) {
  const vpc = (CidrBlock: string) => ({ Type: 'AWS::EC2::VPC', Properties: { CidrBlock } });
  const Properties = { VpcId: { Ref: 'Vpc' }, PeerVpcId, Tags: [{ Key: 'ai:system-id', Value: 'x' }] };
  return {
    Vpc: vpc('10.0.0.0/16'),
    Other: vpc('10.1.0.0/16'),
    Peering: { Type: 'AWS::EC2::VPCPeeringConnection', Properties },
  };
}
