import { type GraphResource, Opaque, type TemplateGraph, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { asList, propertyOf, unresolved, valueAt, violation } from '../../expect';
import { ERROR_FROM_LIMITED, type MinimalTemplate, type Violation } from '../../rule';
import { FLEET, targetsOf, templatesOf } from './fleets';
import { HOST_TYPES, runsEnclaves } from './hosts';

const GROUP = 'AWS::EC2::SecurityGroup';
const INGRESS = 'AWS::EC2::SecurityGroupIngress';
const ADDRESSES = ['CidrIp', 'CidrIpv6', 'SourcePrefixListId'];

/** Where people log in, not programs. */
const FOR_PEOPLE = ['22', '3389'];

/**
 * Hosts of enclaves are reached by security groups that are named, such as their balancer's, and on the port of their agent
 * alone: what else listens on a host, such as a proxy between TCP and vsock, stays on the host.
 *
 * Prowler: ec2_confidential_workload_host_unrestricted_ingress and ..._vsock_proxy_exposed, which look for the internet only.
 */
export const enclaveHostIngress = rule({
  id: 'EnclaveHostIngress',
  appliesTo: [GROUP, INGRESS],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5'],
  crosswalk: {
    securityHub: ['EC2.13', 'EC2.14', 'EC2.19'],
    nist80053: ['AC-17', 'SC-7', 'AC-4'],
    euAiAct: ['Art. 15'],
  },
  why: 'The host carries all that the enclave receives: each further port is a way to stop, to replay and to watch it.',
  fix: 'Let in the security group of the balancer by SourceSecurityGroupId, on the TCP port of the target group; leave SSH to nobody.',
  claims: ['SecurityGroupIngress.*.CidrIp', 'SecurityGroupIngress.*.CidrIpv6', 'CidrIp', 'CidrIpv6', 'IpProtocol'],
  beyondGuard: 'which groups hosts of enclaves wear, and on which port they serve, is said by other resources',
  check: ({ type, name, properties }, graph) => {
    const ports = portsOfHosts(graph).get(textOf(type === GROUP ? name : properties.GroupId));
    if (ports === undefined) {
      return undefined;
    }
    return type === GROUP ? judgeList(properties.SecurityGroupIngress, ports) : judgeItem(properties, '', ports);
  },
  compliant: hostWith({ IpProtocol: 'tcp', FromPort: 8080, ToPort: 8080, SourceSecurityGroupId: 'sg-balancer' }),
  nonCompliant: hostWith({ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '10.0.0.0/16' }),
});

/** A group without rules lets nobody in: there is nothing to judge. */
function judgeList(list: unknown, ports: ReadonlySet<string>): Violation[] | undefined {
  if (list instanceof Opaque) {
    return [unresolved('SecurityGroupIngress', list)];
  }
  return list === undefined
    ? undefined
    : asList(list).flatMap((item, index) => judgeItem(item, `SecurityGroupIngress.${index}.`, ports));
}

function judgeItem(item: unknown, at: string, ports: ReadonlySet<string>): Violation[] {
  return item instanceof Opaque
    ? [unresolved(at.slice(0, -1) || 'SourceSecurityGroupId', item)]
    : [...judgeSource(item, at), ...judgePort(item, at, ports)];
}

function judgeSource(item: unknown, at: string): Violation[] {
  const addresses = ADDRESSES.filter((name) => valueAt(item, name) !== undefined);
  const isGroup = ['SourceSecurityGroupId', 'SourceSecurityGroupName'].some(
    (name) => valueAt(item, name) !== undefined,
  );
  return [
    ...addresses.map((name) =>
      violation(at + name, `lets ${textOf(valueAt(item, name))} in, expected a security group`),
    ),
    ...(isGroup || addresses.length > 0
      ? []
      : [violation(`${at}SourceSecurityGroupId`, 'found nothing, expected a security group')]),
  ];
}

/** Where no group of targets says on which port hosts serve, any port for programs may be theirs. */
function judgePort(item: unknown, at: string, served: ReadonlySet<string>): Violation[] {
  const [protocol, from, to] = ['IpProtocol', 'FromPort', 'ToPort'].map((name) => valueAt(item, name));
  const unknown = [protocol, from, to].find((value) => value instanceof Opaque);
  if (unknown instanceof Opaque) {
    return [unresolved(`${at}FromPort`, unknown)];
  }
  const port = textOf(from);
  if (!['tcp', '6'].includes(textOf(protocol)) || !/^\d+$/.test(port) || port !== textOf(to)) {
    return [violation(`${at}IpProtocol`, 'opens more than one TCP port')];
  }
  const isServed = served.size > 0 ? served.has(port) : !FOR_PEOPLE.includes(port);
  return isServed ? [] : [violation(`${at}FromPort`, `opens port ${port}, on which hosts serve no requests`)];
}

/** The ports on which hosts of enclaves serve, by the name of each security group that they wear. Found once for each graph. */
function portsOfHosts(graph: TemplateGraph): ReadonlyMap<string, ReadonlySet<string>> {
  return graph.once('ports of enclave hosts', () => {
    const ports = new Map<string, Set<string>>();
    for (const host of graph.ofType(...HOST_TYPES).filter(runsEnclaves.holds)) {
      const served = servedBy(host, graph);
      for (const group of groupsOf(host)) {
        ports.set(group, new Set([...(ports.get(group) ?? []), ...served]));
      }
    }
    return ports;
  });
}

function groupsOf({ type, properties }: GraphResource): string[] {
  const [data, worn] =
    type === 'AWS::EC2::Instance' ? [properties, 'GroupSet'] : [properties.LaunchTemplateData, 'Groups'];
  const interfaces = asList(valueAt(data, 'NetworkInterfaces')).map((item) => valueAt(item, worn));
  return [valueAt(data, 'SecurityGroupIds'), ...interfaces].flatMap(asList).map(textOf);
}

/** Where balancers send to, and check health. */
function servedBy(host: GraphResource, graph: TemplateGraph): string[] {
  const fleets = graph.ofType(FLEET).filter((fleet) => templatesOf(fleet, graph).includes(host));
  const registered = graph
    .ofType('AWS::ElasticLoadBalancingV2::TargetGroup')
    .filter((targets) => asList(propertyOf(targets, 'Targets')).some((target) => valueAt(target, 'Id') === host.name));
  return [...fleets.flatMap((fleet) => targetsOf(fleet, graph)), ...registered]
    .flatMap(({ properties: { Port, HealthCheckPort } }) => [Port, HealthCheckPort])
    .map(textOf)
    .filter((port) => /^\d+$/.test(port));
}

function hostWith(ingress: object): MinimalTemplate {
  return {
    Group: { Type: GROUP, Properties: { SecurityGroupIngress: [ingress] } },
    Host: {
      Type: 'AWS::EC2::LaunchTemplate',
      Properties: {
        LaunchTemplateData: {
          EnclaveOptions: { Enabled: true },
          SecurityGroupIds: [{ 'Fn::GetAtt': ['Group', 'GroupId'] }],
        },
      },
    },
  };
}
