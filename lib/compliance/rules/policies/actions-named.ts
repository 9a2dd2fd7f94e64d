import { rule } from '../../define-rule';
import { violation } from '../../expect';
import { ALWAYS_WARNING } from '../../rule';
import { type Statement, statementName } from '../../statements';
import { isAccount } from '../keys/key-policy';
import { inPolicies, judgeAllows, RESOURCE_POLICIES } from './resource-policies';

const TYPES = Object.keys(RESOURCE_POLICIES);

/**
 * A resource's policy gives actions by name. To give an account as a whole everything is left: what its principals may do
 * is for its own IAM policies to say. Keys have KmsAdminUserSeparation.
 */
export const resourcePolicyActionsNamed = rule({
  id: 'ResourcePolicyActionsNamed',
  scope: 'ai',
  appliesTo: TYPES,
  level: ALWAYS_WARNING,
  annexA: ['A.3.2', 'A.4.5'],
  crosswalk: { nist80053: ['AC-3', 'AC-6'] },
  why: 'Whoever was let in to put one object or message may also delete everything and rewrite the policy itself.',
  fix: 'List the actions that the principal needs instead of "*" or all of the service.',
  claims: inPolicies(TYPES, 'Statement.*.Action'),
  beyondGuard: 'statements come in many forms, and an account as a whole is another matter than a role',
  check: (resource) =>
    judgeAllows(resource, (allows, at) =>
      allows
        .filter((statement) => allowsEverything(statement) && !statement.principals.every(isAccount))
        .map((statement) =>
          violation(at(statement), `${statementName(statement)} allows every action on the resource`),
        ),
    ),
  compliant: queueWith('sqs:SendMessage'),
  nonCompliant: queueWith('sqs:*'),
});

function allowsEverything({ actions }: Statement): boolean {
  return actions.length === 0 || actions.some((action) => /^(\*|[a-z0-9-]+:\*)$/i.test(action));
}

function queueWith(Action: string) {
  const Principal = { AWS: 'arn:aws:iam::111122223333:role/producer' };
  const Statement = [{ Sid: 'Send', Effect: 'Allow', Principal, Action, Resource: '*' }];
  return {
    Policy: { Type: 'AWS::SQS::QueuePolicy', Properties: { PolicyDocument: { Statement } } },
    Model: { Type: 'AWS::SageMaker::Model' },
  };
}
