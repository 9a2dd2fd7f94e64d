import { rule } from '../../define-rule';
import { violation } from '../../expect';
import { ALWAYS_ERROR } from '../../rule';
import { allowsAnyone, conditionKeys, type Statement, statementName } from '../../statements';
import { inPolicies, judgeAllows, RESOURCE_POLICIES } from './resource-policies';

const TYPES = Object.keys(RESOURCE_POLICIES).filter((type) => type !== 'AWS::ECR::Repository');

/** No policy of a bucket, queue, topic, table, secret or backup lets anyone at all in. EcrHardened asks it of repositories. */
export const resourcePolicyNotPublic = rule({
  id: 'ResourcePolicyNotPublic',
  appliesTo: TYPES,
  level: ALWAYS_ERROR,
  annexA: ['A.4.5', 'A.7.2'],
  crosswalk: {
    securityHub: ['S3.2', 'S3.3', 'SQS.3', 'SNS.4'],
    nist80053: ['AC-3', 'AC-6', 'SC-7'],
    atlas: ['AML.T0025'],
  },
  why: 'Anyone with an AWS account, or without one, reads or writes what the policy opens, and IAM is never asked.',
  fix: 'Name the principals, or bind the statement by aws:PrincipalOrgID, aws:SourceArn or aws:SourceAccount.',
  claims: inPolicies(TYPES, 'Statement.*.Principal'),
  beyondGuard: 'whether a statement holds somebody back depends on all of its conditions together',
  check: (resource) =>
    judgeAllows(resource, (allows, at) =>
      allows
        .filter((statement) => allowsAnyone(statement) && !comesThroughAccessPoint(statement))
        .map((statement) => violation(at(statement), `${statementName(statement)} lets anyone in`)),
    ),
  configRules: ['S3_BUCKET_PUBLIC_READ_PROHIBITED', 'S3_BUCKET_PUBLIC_WRITE_PROHIBITED'],
  compliant: queueFor({ AWS: 'arn:aws:iam::111122223333:role/producer' }),
  nonCompliant: queueFor('*'),
});

/** A bucket may leave the decision to its access points (Amazon S3 User Guide, "Delegating access control to access points"). */
function comesThroughAccessPoint({ conditions }: Statement): boolean {
  return conditionKeys(conditions).some((key) => /^s3:dataaccesspoint(account|arn)$/i.test(key));
}

function queueFor(Principal: unknown) {
  const Statement = [{ Sid: 'Send', Effect: 'Allow', Principal, Action: 'sqs:SendMessage', Resource: '*' }];
  return { Policy: { Type: 'AWS::SQS::QueuePolicy', Properties: { PolicyDocument: { Statement } } } };
}
