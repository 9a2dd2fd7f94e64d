import { Opaque } from '../../../analysis';
import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { ALWAYS_ERROR } from '../../rule';
import { allowsAnyone } from '../../statements';
import { GROUP_POLICY, groupStatements } from './group-policy';

const ACTIONS = ['sagemaker:DescribeModelPackage', 'sagemaker:ListModelPackages'];

/** The resource policy of a model package group lets in accounts by name, never everyone. */
export const sageMakerModelPackageGroupPolicy = rule({
  id: 'SageMakerModelPackageGroupPolicy',
  appliesTo: ['AWS::SageMaker::ModelPackageGroup'],
  level: ALWAYS_ERROR,
  annexA: ['A.10.2', 'A.6.2.5'],
  crosswalk: { nist80053: ['AC-3', 'AC-6'], owasp: ['LLM03:2025'], atlas: ['AML.T0010'] },
  why: 'With a wildcard principal, any AWS account can do to the models of the group what the statement allows.',
  fix: 'Name the accounts or roles in Principal, or bind the statement with aws:PrincipalOrgID.',
  claims: [`${GROUP_POLICY}.Statement.*.Principal`],
  beyondGuard: 'whether a statement lets everyone in depends on principal, effect and conditions together',
  check: (group) => {
    const statements = groupStatements(group);
    if (statements instanceof Opaque) {
      return [unresolved(GROUP_POLICY, statements)];
    }
    return statements.length === 0
      ? undefined
      : statements
          .filter(allowsAnyone)
          .map(({ index, sid, actions }) =>
            violation(
              `${GROUP_POLICY}.Statement.${index}`,
              `statement '${sid || index}' lets every AWS account call ${actions.join(', ')}`,
            ),
          );
  },
  compliant: withPrincipal({ AWS: 'arn:aws:iam::111122223333:root' }),
  nonCompliant: withPrincipal('*'),
});

function withPrincipal(Principal: unknown) {
  const Statement = [{ Sid: 'Read', Effect: 'Allow', Principal, Action: ACTIONS, Resource: '*' }];
  return {
    Group: { Type: 'AWS::SageMaker::ModelPackageGroup', Properties: { ModelPackageGroupPolicy: { Statement } } },
  };
}
