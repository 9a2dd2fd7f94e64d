import { type GraphResource, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { asList, propertyOf, valueAt, violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';

/** Types that lead out of a VPC by their mere presence. */
const GATEWAYS = [
  'AWS::EC2::EIP',
  'AWS::EC2::EgressOnlyInternetGateway',
  'AWS::EC2::InternetGateway',
  'AWS::EC2::NatGateway',
  'AWS::EC2::TransitGatewayAttachment',
  'AWS::EC2::VPCPeeringConnection',
];
const ANYWHERE = ['0.0.0.0/0', '::/0'];

/** Nothing in the assembly leads from a VPC to the internet or to another network. */
export const networkNoInternetPath = rule({
  id: 'NetworkNoInternetPath',
  appliesTo: [
    ...GATEWAYS,
    'AWS::EC2::Route',
    'AWS::EC2::SecurityGroup',
    'AWS::EC2::SecurityGroupEgress',
    'AWS::EC2::SecurityGroupIngress',
    'AWS::EC2::Subnet',
  ],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5'],
  crosswalk: { securityHub: ['EC2.15', 'EC2.18'], nist80053: ['SC-7', 'AC-4'], atlas: ['AML.T0024', 'AML.T0025'] },
  why: 'A path to the internet is a path for training data and weights.',
  fix: 'Use isolated subnets and VPC endpoints; name security groups, not address ranges, in rules.',
  claims: ['MapPublicIpOnLaunch', 'SecurityGroupEgress', 'DestinationCidrBlock', 'CidrIp', 'CidrIpv6'],
  beyondGuard: 'the rule is being split',
  check: (resource) =>
    GATEWAYS.includes(resource.type) ? [violation('Type', 'leads out of the VPC')] : openings(resource),
  compliant: {
    Group: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: { SecurityGroupEgress: [{ IpProtocol: 'tcp', DestinationSecurityGroupId: 'sg-1' }] },
    },
  },
  nonCompliant: {
    Route: { Type: 'AWS::EC2::Route', Properties: { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' } },
  },
});

function openings(resource: GraphResource): Violation[] {
  const publicIp = textOf(propertyOf(resource, 'MapPublicIpOnLaunch')) === 'true';
  const open = [
    ...['DestinationCidrBlock', 'DestinationIpv6CidrBlock', 'CidrIp', 'CidrIpv6'].map((property) => [
      property,
      resource.properties,
    ]),
    ...['SecurityGroupEgress', 'SecurityGroupIngress'].flatMap((property) =>
      asList(resource.properties[property]).map((rule) => [property, rule]),
    ),
  ] as [string, Record<string, unknown>][];
  return [
    ...(sendsAnywhere(resource) ? [violation('SecurityGroupEgress', 'found no rule; EC2 then allows everything')] : []),
    ...(publicIp ? [violation('MapPublicIpOnLaunch', 'gives out public addresses')] : []),
    ...open
      .filter(([property, rule]) => isOpen(property, rule))
      .map(([property]) => violation(property, 'is open to any address')),
  ];
}

/** A group whose own list is empty keeps the rule that EC2 gives it (CloudFormation, `AWS::EC2::SecurityGroup`). */
function sendsAnywhere({ type, properties }: GraphResource): boolean {
  return type === 'AWS::EC2::SecurityGroup' && asList(properties.SecurityGroupEgress).length === 0;
}

function isOpen(property: string, rule: Record<string, unknown>): boolean {
  const ranges = property.startsWith('SecurityGroup')
    ? [valueAt(rule, 'CidrIp'), valueAt(rule, 'CidrIpv6')]
    : [rule[property]];
  return ranges.some((range) => ANYWHERE.includes(textOf(range)));
}
