import { rule } from '../../define-rule';
import { violation } from '../../expect';
import { ALWAYS_WARNING, type Violation } from '../../rule';
import { type Statement, statementName } from '../../statements';
import { demands } from '../identity/demands';
import { inPolicies, judgeAllows } from './resource-policies';

/** Services that say for whom they deliver, by where they deliver to and by the guide of each. */
const DEPUTIES: Readonly<Record<string, RegExp>> = {
  'AWS::S3::BucketPolicy':
    /^(bedrock|cloudfront|cloudtrail|config|delivery\.logs|guardduty|logging\.s3|macie|s3|ses)\.amazonaws\.com(\.cn)?$/,
  'AWS::SNS::TopicPolicy': /^(budgets|cloudtrail|cloudwatch|codestar-notifications|config|s3)\.amazonaws\.com(\.cn)?$/,
  'AWS::SQS::QueuePolicy': /^(events|s3|sns)\.amazonaws\.com(\.cn)?$/,
};

const TYPES = Object.keys(DEPUTIES);

const SOURCE = /^aws:source(account|arn|orgid|orgpaths|owner)$/i;

/** A service that delivers to a bucket, queue or topic does so for own resources only. */
export const resourcePolicyConfusedDeputy = rule({
  id: 'ResourcePolicyConfusedDeputy',
  scope: 'ai',
  appliesTo: TYPES,
  level: ALWAYS_WARNING,
  annexA: ['A.3.2', 'A.4.5'],
  crosswalk: { nist80053: ['AC-3', 'AC-6', 'SI-10'] },
  why: 'Another account tells the service to deliver here, and its forged logs or events stand beside your own.',
  fix: 'Add aws:SourceArn or aws:SourceAccount to each statement that lets a service in.',
  claims: inPolicies(TYPES, 'Statement.*.Condition.aws:SourceAccount', 'Statement.*.Condition.aws:SourceArn'),
  beyondGuard: 'principals and conditions of a statement come in many forms',
  check: (resource) => judgeAllows(resource, (allows, at) => unbound(allows, DEPUTIES[resource.type], at)),
  compliant: topicFor({ StringEquals: { 'aws:SourceAccount': '111122223333' } }),
  nonCompliant: topicFor(undefined),
});

/** One finding for each service: its statements belong together, and so does their repair. */
function unbound(allows: readonly Statement[], deputies: RegExp, at: (statement: Statement) => string): Violation[] {
  const open = allows.filter((statement) => !demands(statement, SOURCE));
  const services = new Set(open.flatMap(({ principals }) => principals).filter((name) => deputies.test(name)));
  return [...services].flatMap((service) => {
    const first = open.find(({ principals }) => principals.includes(service));
    return first
      ? [violation(at(first), `${statementName(first)} lets ${service} in for any account, expected aws:SourceArn`)]
      : [];
  });
}

function topicFor(Condition: object | undefined) {
  const Principal = { Service: 'cloudwatch.amazonaws.com' };
  const Statement = [{ Sid: 'Alarms', Effect: 'Allow', Principal, Action: 'sns:Publish', Resource: '*', Condition }];
  return {
    Policy: { Type: 'AWS::SNS::TopicPolicy', Properties: { PolicyDocument: { Statement } } },
    Model: { Type: 'AWS::SageMaker::Model' },
  };
}
