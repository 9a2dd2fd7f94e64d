import type { GraphResource, TemplateGraph } from '../../../analysis';
import { rule } from '../../define-rule';
import { propertyOf, violation } from '../../expect';
import { each } from '../../requirements';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';
import { isNotAnyone } from './address-range';

const GROUP = 'AWS::EC2::SecurityGroup';
const RULE = 'AWS::EC2::SecurityGroupEgress';
const RANGES = ['CidrIp', 'CidrIpv6'].map(isNotAnyone);
const OWN_RULES = each('SecurityGroupEgress', RANGES);

/**
 * Security groups name where their members may send to. A group to which nobody adds an egress rule keeps the one that
 * EC2 gives it, which allows everything (CloudFormation, AWS::EC2::SecurityGroup). All protocols within a group are fine: EFA needs them for distributed training.
 */
export const networkSecurityGroupEgress = rule({
  id: 'NetworkSecurityGroupEgress',
  scope: 'ai',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5'],
  crosswalk: { nist80053: ['SC-7', 'AC-4'], atlas: ['AML.T0024', 'AML.T0025'] },
  why: 'A compromised workload sends data to any address that it likes, as soon as somebody adds a route.',
  fix: 'Set SecurityGroupEgress to the security groups, prefix lists or ranges that the workload needs (CDK: allowAllOutbound: false).',
  appliesTo: [GROUP, RULE],
  claims: [...OWN_RULES.claims, ...RANGES.flatMap(({ claims }) => claims)],
  beyondGuard: 'rules of a group may be resources of their own',
  check: (resource, graph) => {
    const asked = resource.type === RULE ? RANGES : [OWN_RULES];
    return [...ruleless(resource, graph), ...asked.flatMap(({ judge }) => judge(resource.properties, ''))];
  },
  compliant: groupWith({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, DestinationSecurityGroupId: 'sg-1' }),
  nonCompliant: groupWith({ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }),
});

function ruleless(group: GraphResource, graph: TemplateGraph): Violation[] {
  const rules = propertyOf(group, 'SecurityGroupEgress');
  const none = rules === undefined || (Array.isArray(rules) && rules.length === 0);
  return group.type === GROUP && none && graph.where(RULE, 'GroupId', group.name).length === 0
    ? [violation('SecurityGroupEgress', 'found no rule, so EC2 adds one that allows everything')]
    : [];
}

function groupWith(egress: object) {
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  return { Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { SecurityGroupEgress: [egress], Tags } } };
}
