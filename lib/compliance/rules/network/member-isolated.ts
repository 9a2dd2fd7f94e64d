import { type Edge, exitsFrom, Opaque, SENDER_TYPES } from '../../../analysis';
import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';
import { workloadsOf } from './workloads';

/** No AI workload can send out of its VPC, by the routes and security groups that are deployed with it. */
export const networkMemberIsolated = rule({
  id: 'NetworkMemberIsolated',
  appliesTo: SENDER_TYPES,
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5'],
  crosswalk: {
    securityHub: ['Lambda.3', 'SageMaker.2'],
    nist80053: ['SC-7', 'AC-4'],
    atlas: ['AML.T0024', 'AML.T0025'],
  },
  why: 'Data, prompts and weights leave by the first path that is open from where they are processed.',
  fix: 'Put it in subnets without a route out, or name the security groups it may send to instead of address ranges.',
  claims: [],
  beyondGuard: 'it follows routes and security groups across resources',
  check: (resource, graph) =>
    workloadsOf(graph).members.has(resource) ? merged(exitsFrom(graph, resource)) : undefined,
  compliant: networkWith('10.0.0.0/16'),
  nonCompliant: networkWith('0.0.0.0/0'),
});

/** Several exits of one kind, such as one in each zone, are one finding. */
function merged(exits: readonly Edge[] | undefined): Violation[] | undefined {
  const findings = exits?.map(finding);
  return findings?.filter(
    ({ property, message }, index) =>
      findings.findIndex((other) => other.property === property && kindOf(other.message) === kindOf(message)) === index,
  );
}

/** What a finding says, without the name of the exit. */
function kindOf(message: string): string {
  return message.split(' through ')[0];
}

function finding({ from, to, port }: Edge): Violation {
  const property = from.name === from.resource.path ? 'VpcConfig' : 'DefinitionString';
  if (to.kind === 'unknown') {
    return unresolved(property, new Opaque(`routes of subnet ${to.name}`));
  }
  const where = to.kind === 'internet' ? 'the internet' : 'another network';
  return violation(property, `${from.name.split('#')[1] ?? 'it'} reaches ${where} on ${port} through ${to.name}`);
}

/** A function whose subnet has a route to a NAT gateway, and whose group sends to one range. */
function networkWith(CidrIp: string) {
  return {
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
    Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.0.0/24' } },
    Table: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } },
    Association: {
      Type: 'AWS::EC2::SubnetRouteTableAssociation',
      Properties: { SubnetId: { Ref: 'Subnet' }, RouteTableId: { Ref: 'Table' } },
    },
    Route: {
      Type: 'AWS::EC2::Route',
      Properties: { RouteTableId: { Ref: 'Table' }, DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-1' },
    },
    Group: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        VpcId: { Ref: 'Vpc' },
        SecurityGroupEgress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp }],
      },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        VpcConfig: { SubnetIds: [{ Ref: 'Subnet' }], SecurityGroupIds: [{ 'Fn::GetAtt': ['Group', 'GroupId'] }] },
        Tags: [{ Key: 'ai:system-id', Value: 'x' }],
      },
    },
  };
}
