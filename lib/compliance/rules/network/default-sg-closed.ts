import { rule } from '../../define-rule';
import { violation } from '../../expect';
import { ALWAYS_WARNING } from '../../rule';
import { servesAi } from './workloads';

const CLOSES = 'Custom::VpcRestrictDefaultSG';

/** The default security group of an AI system's VPC is closed. CloudFormation has no type for it, so that a custom resource does it. */
export const networkDefaultSgClosed = rule({
  id: 'NetworkDefaultSgClosed',
  appliesTo: ['AWS::EC2::VPC'],
  level: ALWAYS_WARNING,
  annexA: ['A.4.5'],
  crosswalk: { securityHub: ['EC2.2'], nist80053: ['SC-7', 'AC-4'] },
  why: 'What is started without a security group gets the default one: it sends anywhere, and talks to all others that forgot theirs.',
  fix: 'Set restrictDefaultSecurityGroup on the CDK Vpc, or remove the rules of the default group by a custom resource of the same kind.',
  claims: ['Custom::VpcRestrictDefaultSG'],
  beyondGuard: 'another resource closes the group',
  check: (vpc, graph) => {
    if (!servesAi(vpc, [vpc.name], graph)) {
      return undefined;
    }
    const group = graph.resolve(vpc.stack, { 'Fn::GetAtt': [vpc.logicalId, 'DefaultSecurityGroup'] });
    return graph.where(CLOSES, 'DefaultSecurityGroupId', group).length > 0
      ? []
      : [violation('CidrBlock', 'nothing closes the default security group of this VPC')];
  },
  configRules: ['VPC_DEFAULT_SECURITY_GROUP_CLOSED'],
  compliant: vpcWithClosed('Vpc'),
  nonCompliant: vpcWithClosed('Other'),
});

function vpcWithClosed(closed: string) {
  const DefaultSecurityGroupId = { 'Fn::GetAtt': [closed, 'DefaultSecurityGroup'] };
  return {
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { Tags: [{ Key: 'ai:system-id', Value: 'x' }] } },
    Restrict: { Type: CLOSES, Properties: { DefaultSecurityGroupId } },
  };
}
