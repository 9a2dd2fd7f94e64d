import { type GraphResource, Opaque, type TemplateGraph, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { asList, unresolved, valueAt, violation } from '../../expect';
import { ALWAYS_WARNING, type Verdict } from '../../rule';
import { holdsWorkload } from './workloads';

const ASSOCIATION = 'AWS::Route53Resolver::FirewallRuleGroupAssociation';
const GROUP = 'AWS::Route53Resolver::FirewallRuleGroup';

/** The resolver of an isolated network answers for listed names only, or at least detects tunnels. */
export const networkDnsFirewall = rule({
  id: 'NetworkDnsFirewall',
  appliesTo: ['AWS::EC2::VPC', GROUP],
  level: ALWAYS_WARNING,
  annexA: ['A.4.5'],
  crosswalk: { nist80053: ['SC-7', 'SC-20', 'AC-4'], atlas: ['AML.T0025'] },
  why: 'DNS is the way out that is left without a gateway: malware writes data into names that it asks the resolver for.',
  fix: 'Associate a rule group that allows the names of the AWS services in use and blocks "*".',
  claims: ['FirewallRules.*', 'FirewallRules.*.Action', ASSOCIATION],
  beyondGuard: 'rules, lists and their association with a VPC are resources of their own',
  check: (resource, graph) => (resource.type === GROUP ? ofGroup(resource, graph) : ofVpc(resource, graph)),
  compliant: networkWith('BLOCK'),
  nonCompliant: networkWith('ALERT'),
});

function ofVpc({ name }: GraphResource, graph: TemplateGraph): Verdict {
  if (!isIsolatedForAi(name, graph)) {
    return undefined;
  }
  const associations = graph.where(ASSOCIATION, 'VpcId', name);
  if (associations.length === 0) {
    return [violation('CidrBlock', 'is isolated, but no DNS firewall is associated with it')];
  }
  const groups = associations.map(({ properties }) => graph.withName(GROUP, properties.FirewallRuleGroupId));
  return groups.every((group) => group === undefined || hole(group, graph) === undefined)
    ? []
    : [violation('CidrBlock', 'is isolated, but its DNS firewall lets other names through')];
}

/** A group that the assembly does not make belongs to whoever shares it. */
function ofGroup(group: GraphResource, graph: TemplateGraph): Verdict {
  const vpcs = graph.where(ASSOCIATION, 'FirewallRuleGroupId', group.name).map(({ properties }) => properties.VpcId);
  if (!vpcs.some((vpc) => isIsolatedForAi(vpc, graph))) {
    return undefined;
  }
  const { FirewallRules } = group.properties;
  if (FirewallRules instanceof Opaque) {
    return [unresolved('FirewallRules', FirewallRules)];
  }
  const found = hole(group, graph);
  return found ? [violation('FirewallRules', found)] : [];
}

function isIsolatedForAi(vpc: unknown, graph: TemplateGraph): boolean {
  const gateways = graph
    .where('AWS::EC2::VPCGatewayAttachment', 'VpcId', vpc)
    .filter(({ properties }) => properties.InternetGatewayId !== undefined);
  return gateways.length === 0 && graph.withName('AWS::EC2::VPC', vpc) !== undefined && holdsWorkload(vpc, graph);
}

function hole(group: GraphResource, graph: TemplateGraph): string | undefined {
  const rules = asList(group.properties.FirewallRules);
  const forAll = rules.filter((item) => namesEverything(item, graph));
  const allowed = forAll.find((item) => valueAt(item, 'Action') === 'ALLOW');
  if (allowed !== undefined) {
    return `rule of priority ${textOf(valueAt(allowed, 'Priority'))} allows every name`;
  }
  const blocks = [...forAll, ...rules.filter((item) => valueAt(item, 'DnsThreatProtection') === 'DNS_TUNNELING')];
  return blocks.some((item) => valueAt(item, 'Action') === 'BLOCK')
    ? undefined
    : 'no rule blocks the names that are not listed';
}

function namesEverything(item: unknown, graph: TemplateGraph): boolean {
  const list = graph.withName('AWS::Route53Resolver::FirewallDomainList', valueAt(item, 'FirewallDomainListId'));
  return asList(list?.properties.Domains).some((domain) => /^\*\.?$/.test(textOf(domain)));
}

function networkWith(Action: string) {
  const id = (of: string) => ({ 'Fn::GetAtt': [of, 'Id'] });
  const FirewallRules = [{ Priority: 100, Action, FirewallDomainListId: id('Everything') }];
  return {
    Model: { Type: 'AWS::SageMaker::Model', Properties: { VpcConfig: { Subnets: [{ Ref: 'Subnet' }] } } },
    Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' } } },
    Vpc: { Type: 'AWS::EC2::VPC' },
    Everything: { Type: 'AWS::Route53Resolver::FirewallDomainList', Properties: { Domains: ['*'] } },
    Group: { Type: GROUP, Properties: { FirewallRules } },
    Association: { Type: ASSOCIATION, Properties: { VpcId: { Ref: 'Vpc' }, FirewallRuleGroupId: id('Group') } },
  };
}
