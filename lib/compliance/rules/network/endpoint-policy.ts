import { Opaque } from '../../../analysis';
import { rule } from '../../define-rule';
import { propertyOf, unresolved, violation } from '../../expect';
import { ERROR_FROM_LIMITED } from '../../rule';
import { type Statement, statementsOf } from '../../statements';

/** Every VPC endpoint has a policy of its own that holds back somebody: a data perimeter, not AWS's default full access. */
export const vpcEndpointPerimeter = rule({
  id: 'NetworkEndpointPolicy',
  appliesTo: ['AWS::EC2::VPCEndpoint'],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5', 'A.7.2'],
  crosswalk: { nist80053: ['AC-4', 'SC-7'], atlas: ['AML.T0025'] },
  why: 'With the default policy, stolen credentials of another account carry data out through the endpoint.',
  fix: 'Set PolicyDocument to statements bound by aws:PrincipalAccount or aws:PrincipalOrgID, and by resource account.',
  claims: ['PolicyDocument'],
  beyondGuard: 'whether a statement holds somebody back depends on all of its conditions together',
  check: (endpoint) => {
    const document = propertyOf(endpoint, 'PolicyDocument');
    if (document instanceof Opaque) {
      return [unresolved('PolicyDocument', document)];
    }
    if (document === undefined) {
      return [violation('PolicyDocument', 'found none: AWS then allows everything')];
    }
    const statements = statementsOf(document);
    if (statements.length === 0) {
      return [violation('PolicyDocument', 'found no statement')];
    }
    return statements
      .filter(isOpen)
      .map(({ sid }) => violation('PolicyDocument', `statement '${sid}' lets any principal reach any resource`));
  },
  compliant: endpointWith({ StringEquals: { 'aws:PrincipalAccount': '111122223333' } }),
  nonCompliant: endpointWith(undefined),
});

/** Condition keys that say whose principals or whose resources pass. */
const PERIMETER = /^aws:(principal|resource)(account|arn|org(id|paths)|tag\/.+)$/i;

/** A statement that names its resources may be open to anyone: ECR's layer bucket is read with URLs that ECR signs. */
function isOpen({ effect, conditions, principals, resources, inverted }: Statement): boolean {
  const bound = Object.values(conditions).some((block) => Object.keys(block).some((key) => PERIMETER.test(key)));
  const anyone = principals.includes('*');
  return effect === 'Allow' && !bound && anyone && (inverted || resources.includes('*'));
}

function endpointWith(Condition: object | undefined) {
  const Statement = [{ Sid: 'Own', Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*', Condition }];
  return { Endpoint: { Type: 'AWS::EC2::VPCEndpoint', Properties: { PolicyDocument: { Statement } } } };
}
