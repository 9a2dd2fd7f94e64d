import { rule } from '../../define-rule';
import { violation } from '../../expect';
import { ERROR_FROM_LIMITED } from '../../rule';
import { actionSet, firstCovering } from './covering';
import { allowedActions, roleWithArn } from './roles';

const APPROVES = actionSet('sagemaker:UpdateModelPackage');
const DEPLOYS = actionSet('sagemaker:CreateEndpoint', 'sagemaker:UpdateEndpoint');

/** Who approves a model does not deploy it. Roles with every action of the service are the concern of IamNoAdminWildcards. */
export const iamApproverNotDeployer = rule({
  id: 'IamApproverNotDeployer',
  appliesTo: ['AWS::IAM::Role'],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.3.2', 'A.6.2.4', 'A.6.2.5'],
  crosswalk: { nist80053: ['AC-5', 'CM-5'], euAiAct: ['Art. 14'], atlas: ['AML.T0010'] },
  why: 'One stolen role approves a poisoned model and puts it into service, and no second person sees it.',
  fix: 'Take sagemaker:UpdateModelPackage from the role that creates or updates endpoints.',
  claims: [],
  beyondGuard: 'the rights of a role stand in several policies',
  check: ({ arn }, graph) => {
    const role = roleWithArn(arn, graph);
    const actions = role ? allowedActions(role).filter((action) => !/^(\*|sagemaker:\*)$/i.test(action)) : [];
    const approves = firstCovering(actions, APPROVES);
    const deploys = firstCovering(actions, DEPLOYS);
    if (!approves && !deploys) {
      return undefined;
    }
    return approves && deploys
      ? [violation('Policies', `may approve models by ${approves} and deploy them by ${deploys}`)]
      : [];
  },
  compliant: roleWith('sagemaker:CreateEndpoint'),
  nonCompliant: roleWith('sagemaker:CreateEndpoint', 'sagemaker:UpdateModelPackage'),
});

function roleWith(...Action: string[]) {
  const PolicyDocument = {
    Statement: [{ Effect: 'Allow', Action, Resource: 'arn:aws:sagemaker:eu-west-1:111122223333:*' }],
  };
  return { Role: { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyName: 'own', PolicyDocument }] } } };
}
