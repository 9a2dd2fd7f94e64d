import { rule } from '../../define-rule';
import { each } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';
import { isNotAnyone } from './address-range';

const RANGES = ['CidrIp', 'CidrIpv6'].map(isNotAnyone);

/**
 * Security groups name where their members may send to. A group without an egress list of its own keeps the rule that
 * EC2 gives it, which allows everything. All protocols within a group are fine: EFA needs them for distributed training.
 */
export const networkSecurityGroupEgress = rule({
  id: 'NetworkSecurityGroupEgress',
  scope: 'ai',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5'],
  crosswalk: { nist80053: ['SC-7', 'AC-4'], atlas: ['AML.T0024', 'AML.T0025'] },
  why: 'A compromised workload sends data to any address that it likes, as soon as somebody adds a route.',
  fix: 'Set SecurityGroupEgress to the security groups, prefix lists or ranges that the workload needs (CDK: allowAllOutbound: false).',
  requires: {
    'AWS::EC2::SecurityGroup': [each('SecurityGroupEgress', RANGES, { atLeastOne: true })],
    'AWS::EC2::SecurityGroupEgress': RANGES,
  },
  compliant: groupWith({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, DestinationSecurityGroupId: 'sg-1' }),
  nonCompliant: groupWith({ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }),
});

function groupWith(egress: object) {
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  return { Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { SecurityGroupEgress: [egress], Tags } } };
}
