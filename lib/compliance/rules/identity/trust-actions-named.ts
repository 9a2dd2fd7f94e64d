import { Opaque } from '../../../analysis';
import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { ALWAYS_WARNING } from '../../rule';
import { statementsOf } from '../../statements';

/** A trust policy names the ways in which a role is taken on: a wildcard lets the caller choose its session tags. */
export const iamTrustActionsNamed = rule({
  id: 'IamTrustActionsNamed',
  appliesTo: ['AWS::IAM::Role'],
  level: ALWAYS_WARNING,
  annexA: ['A.3.2'],
  crosswalk: { nist80053: ['AC-3', 'AC-6'] },
  why: 'With sts:* the caller sets tags of its session, and so passes every policy and key that asks for a tag of the principal.',
  fix: 'List sts:AssumeRole, and sts:TagSession only where the caller is trusted to choose tags.',
  claims: ['AssumeRolePolicyDocument.Statement.*.Action'],
  beyondGuard: 'actions of a statement come in many forms',
  check: ({ properties: { AssumeRolePolicyDocument: trust } }) => {
    if (trust instanceof Opaque) {
      return [unresolved('AssumeRolePolicyDocument', trust)];
    }
    const allowed = statementsOf(trust).filter(({ effect }) => effect === 'Allow');
    return allowed.length === 0
      ? undefined
      : allowed
          .filter(({ actions }) => actions.length === 0 || actions.some((action) => /^(\*|sts:\*)$/i.test(action)))
          .map(({ index }) => violation(`AssumeRolePolicyDocument.Statement.${index}`, 'allows every action of STS'));
  },
  compliant: roleWith('sts:AssumeRole'),
  nonCompliant: roleWith('sts:*'),
});

function roleWith(Action: string) {
  const Statement = [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action }];
  return { Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement } } } };
}
