import { type GraphResource, Opaque, type TemplateGraph, textOf } from '../../../analysis';
import { concernsAi } from '../../conditions';
import { rule } from '../../define-rule';
import { asList, unresolved, valueAt, violation } from '../../expect';
import { ALWAYS_ERROR, type Violation } from '../../rule';
import { isAnyone } from './address-range';
import { workloadsOf } from './workloads';

/**
 * Nobody is let in from everywhere. Ports 80 and 443 may be open as Security Hub's EC2.18 has it, but beside AI
 * workloads only at a load balancer.
 */
export const networkSecurityGroupIngress = rule({
  id: 'NetworkSecurityGroupIngress',
  appliesTo: ['AWS::EC2::SecurityGroup', 'AWS::EC2::SecurityGroupIngress'],
  level: ALWAYS_ERROR,
  annexA: ['A.4.5'],
  crosswalk: { securityHub: ['EC2.13', 'EC2.14', 'EC2.18', 'EC2.19'], nist80053: ['SC-7', 'AC-4'] },
  why: 'Scanners find an open port within minutes, and whatever listens there is attacked by everyone.',
  fix: 'Name the security group or the address range that may connect, and put a load balancer before public services.',
  claims: ['SecurityGroupIngress.*.CidrIp', 'SecurityGroupIngress.*.CidrIpv6', 'CidrIp', 'CidrIpv6'],
  beyondGuard: 'whether a group is that of a load balancer stands in other resources',
  check: (resource, graph) => {
    if (resource.type === 'AWS::EC2::SecurityGroupIngress') {
      return openings(resource.properties, '', webIsFine(resource, textOf(resource.properties.GroupId), graph));
    }
    const { SecurityGroupIngress: list } = resource.properties;
    if (list instanceof Opaque) {
      return [unresolved('SecurityGroupIngress', list)];
    }
    const fine = webIsFine(resource, resource.name, graph);
    const rules = asList(list);
    return rules.length === 0
      ? undefined
      : rules.flatMap((item, index) => openings(item, `SecurityGroupIngress.${index}.`, fine));
  },
  configRules: ['INCOMING_SSH_DISABLED', 'VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS'],
  compliant: groupWith('10.0.0.0/16'),
  nonCompliant: groupWith('0.0.0.0/0'),
});

function openings(item: unknown, at: string, webIsAllowed: boolean): Violation[] {
  return ['CidrIp', 'CidrIpv6'].flatMap((name) => {
    const range = valueAt(item, name);
    if (range instanceof Opaque) {
      return [unresolved(at + name, range)];
    }
    const open = isAnyone(range) && !(webIsAllowed && isWeb(item));
    return open ? [violation(at + name, `lets ${textOf(range)} in on ${portsOf(item)}`)] : [];
  });
}

function webIsFine(resource: GraphResource, group: string, graph: TemplateGraph): boolean {
  return !concernsAi(resource, graph) || isOfLoadBalancer(group, graph);
}

function isOfLoadBalancer(group: string, graph: TemplateGraph): boolean {
  const wearers = workloadsOf(graph).wearers.get(group) ?? [];
  const classic = graph.where('AWS::ElasticLoadBalancing::LoadBalancer', 'SecurityGroups', group);
  return [...wearers, ...classic].some(({ type }) => /^AWS::ElasticLoadBalancing(V2)?::LoadBalancer$/.test(type));
}

function isWeb(item: unknown): boolean {
  const [protocol, from, to] = ['IpProtocol', 'FromPort', 'ToPort'].map((name) => textOf(valueAt(item, name)));
  return ['tcp', '6'].includes(protocol) && from === to && ['80', '443'].includes(from);
}

function portsOf(item: unknown): string {
  const [protocol, from, to] = ['IpProtocol', 'FromPort', 'ToPort'].map((name) => valueAt(item, name));
  if (textOf(protocol) === '-1' || from === undefined) {
    return 'every port';
  }
  return textOf(from) === textOf(to) ? `${protocol} port ${from}` : `${protocol} ports ${from} to ${to}`;
}

function groupWith(CidrIp: string) {
  const SecurityGroupIngress = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp }];
  return { Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { SecurityGroupIngress } } };
}
