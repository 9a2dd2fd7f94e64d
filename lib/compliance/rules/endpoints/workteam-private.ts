import { Opaque } from '../../../analysis';
import { rule } from '../../define-rule';
import { asList, unresolved, valueAt, violation } from '../../expect';
import { each, isAnySet, type Requirement } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

const CIDRS = 'SourceIpConfig.Cidrs';
const EVERYWHERE = ['0.0.0.0/0', '::/0'];

/** The addresses that workers may come from are not all there are. */
const notEverywhere: Requirement = {
  claims: [CIDRS],
  judge: (workforce, at) => {
    const cidrs = valueAt(workforce, CIDRS);
    const open = asList(cidrs).filter((cidr) => EVERYWHERE.includes(cidr as string));
    return cidrs instanceof Opaque
      ? [unresolved(at + CIDRS, cidrs)]
      : open.map((cidr) => violation(at + CIDRS, `found ${cidr}, expected the networks of the workers`));
  },
  guard: (at) => `when ${at}${CIDRS} exists {\n${at}${CIDRS}[*] NOT IN [${EVERYWHERE.map((cidr) => `"${cidr}"`)}]\n}`,
};

/** People who label or review see the data: they are named groups of the owner, and work from known networks. */
export const sageMakerWorkteamPrivate = rule({
  id: 'SageMakerWorkteamPrivate',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.10.3', 'A.4.6'],
  crosswalk: { nist80053: ['AC-3', 'AC-17', 'PS-7'], euAiAct: ['Art. 10', 'Art. 14'], atlas: ['AML.T0020'] },
  why: 'A worker portal that is open to every address shows the data set to whoever steals one login, and lets them poison its labels.',
  fix: 'Give every work team user groups of your identity provider, and the workforce SourceIpConfig with your networks or WorkforceVpcConfig.',
  requires: {
    'AWS::SageMaker::Workteam': [
      each(
        'MemberDefinitions',
        [isAnySet(['CognitoMemberDefinition.CognitoUserGroup', 'OidcMemberDefinition.OidcGroups'])],
        { atLeastOne: true },
      ),
    ],
    'AWS::SageMaker::Workforce': [isAnySet([CIDRS, 'WorkforceVpcConfig.VpcId']), notEverywhere],
  },
  compliant: {
    Workforce: {
      Type: 'AWS::SageMaker::Workforce',
      Properties: { SourceIpConfig: { Cidrs: ['192.0.2.0/24'] } },
    },
    Team: {
      Type: 'AWS::SageMaker::Workteam',
      Properties: { MemberDefinitions: [{ OidcMemberDefinition: { OidcGroups: ['reviewers'] } }] },
    },
  },
  nonCompliant: { Workforce: { Type: 'AWS::SageMaker::Workforce', Properties: { WorkforceName: 'reviewers' } } },
});
