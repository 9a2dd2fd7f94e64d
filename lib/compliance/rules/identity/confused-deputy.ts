import { Opaque } from '../../../analysis';
import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { ERROR_FROM_LIMITED } from '../../rule';
import { type Statement, statementsOf } from '../../statements';
import { demands } from './demands';

/** A role that a service takes on for its customers says for which: otherwise another account can have the service use it. */
export const iamConfusedDeputy = rule({
  id: 'IamConfusedDeputy',
  scope: 'ai',
  appliesTo: ['AWS::IAM::Role'],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.3.2'],
  crosswalk: { nist80053: ['AC-3', 'AC-6'], atlas: ['AML.T0012'] },
  why: 'A service that is tricked into working for another account reads your data with this role.',
  fix: 'Add aws:SourceAccount with your account, or aws:SourceArn, to each statement of the trust policy that names a service.',
  claims: ['aws:SourceAccount', 'aws:SourceArn'].map((key) => `AssumeRolePolicyDocument.Statement.*.Condition.${key}`),
  beyondGuard: 'principals and conditions of a statement come in many forms',
  check: ({ properties: { AssumeRolePolicyDocument: trust } }) => {
    if (trust instanceof Opaque) {
      return [unresolved('AssumeRolePolicyDocument', trust)];
    }
    const deputies = statementsOf(trust).filter(
      ({ effect, principals }) => effect === 'Allow' && principals.some(isDeputy),
    );
    return deputies.length === 0
      ? undefined
      : deputies
          .filter((statement) => !demands(statement, SOURCE))
          .map((statement) => violation(`AssumeRolePolicyDocument.Statement.${statement.index}`, messageOf(statement)));
  },
  compliant: roleWith({ StringEquals: { 'aws:SourceAccount': '111122223333' } }),
  nonCompliant: roleWith(undefined),
});

/** Services that send aws:SourceAccount when they take on a customer's role, by each one's own guide. */
const DEPUTIES =
  /^(bedrock|bedrock-agentcore|events|firehose|sagemaker|scheduler|ssm|states|vpc-flow-logs)\.amazonaws\.com(\.cn)?$/;

/** Firehose also takes the account as external id (Firehose Developer Guide). */
const SOURCE = /^(aws:source(account|arn|orgid|orgpaths|owner)|sts:externalid)$/i;

function isDeputy(principal: string): boolean {
  return DEPUTIES.test(principal);
}

function messageOf({ principals }: Statement): string {
  return `lets ${principals.find(isDeputy)} take on the role for any account, expected aws:SourceAccount or aws:SourceArn`;
}

function roleWith(Condition: object | undefined) {
  const Statement = [
    { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole', Condition },
  ];
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  return { Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement }, Tags } } };
}
