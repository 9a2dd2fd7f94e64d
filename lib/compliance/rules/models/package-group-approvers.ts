import { Opaque } from '../../../analysis';
import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { ERROR_FROM_HIGH } from '../../rule';
import { actionCovers, conditionKeys, type Statement } from '../../statements';
import { GROUP_POLICY, groupStatements } from './group-policy';

/** The call that approves a version. */
const APPROVE = 'sagemaker:UpdateModelPackage';

/** Condition keys that tell one principal of an account from another. */
const SINGLES_OUT = /^aws:(principalarn|principaltag\/.+|userid|username|sourceidentity)$/i;

/** Only approvers change the status of a registered version: the group's own policy denies it to everybody else. */
export const sageMakerModelPackageGroupApprovers = rule({
  id: 'SageMakerModelPackageGroupApprovers',
  appliesTo: ['AWS::SageMaker::ModelPackageGroup'],
  level: ERROR_FROM_HIGH,
  annexA: ['A.3.2', 'A.6.2.5'],
  crosswalk: { nist80053: ['AC-3', 'AC-5', 'CM-5'], euAiAct: ['Art. 14'], atlas: ['AML.T0018'] },
  why: 'Whoever has sagemaker:UpdateModelPackage by any policy of the account, such as a training role, approves its own model.',
  fix: 'Deny sagemaker:UpdateModelPackage in ModelPackageGroupPolicy to all whose aws:PrincipalArn or aws:PrincipalTag is not an approver.',
  claims: ['aws:PrincipalArn', 'aws:PrincipalTag'].map((key) => `${GROUP_POLICY}.Deny.${APPROVE}.${key}`),
  beyondGuard: 'whether a statement spares some principals depends on effect, actions and conditions together',
  check: (group) => {
    const statements = groupStatements(group);
    if (statements instanceof Opaque) {
      return [unresolved(GROUP_POLICY, statements)];
    }
    return statements.some(sparesApproversOnly)
      ? []
      : [violation(GROUP_POLICY, `found no statement that denies ${APPROVE} to all but approvers`)];
  },
  compliant: withEffect('Deny'),
  nonCompliant: withEffect('Allow'),
});

function sparesApproversOnly({ effect, actions, conditions, inverted }: Statement): boolean {
  const sparesSome = inverted || conditionKeys(conditions).some((key) => SINGLES_OUT.test(key));
  return effect === 'Deny' && actions.some((action) => actionCovers(action, APPROVE)) && sparesSome;
}

function withEffect(Effect: string) {
  const Condition = { StringNotEquals: { 'aws:PrincipalTag/registry': 'approve' } };
  const Statement = [
    { Effect, Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: APPROVE, Resource: '*', Condition },
  ];
  return {
    Group: { Type: 'AWS::SageMaker::ModelPackageGroup', Properties: { ModelPackageGroupPolicy: { Statement } } },
  };
}
