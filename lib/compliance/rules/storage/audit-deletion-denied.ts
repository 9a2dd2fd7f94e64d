import type { GraphResource } from '../../../analysis';
import { rule } from '../../define-rule';
import { propertyOf } from '../../expect';
import { ALWAYS_ERROR } from '../../rule';
import { actionCovers, type Statement } from '../../statements';
import { bucketOf, coversObjects, deniesEveryone, holdsTrail, judgePolicy } from './buckets';

const DELETIONS = ['s3:DeleteObject', 's3:DeleteObjectVersion'];
const BYPASS = 's3:BypassGovernanceRetention';

/**
 * Nobody deletes from the audit record or lifts its lock. Object Lock alone lets anyone who may delete hide a file behind
 * a delete marker. A denial with a condition has a way around it, so it does not count.
 */
export const s3AuditDeletionDenied = rule({
  id: 'S3AuditDeletionDenied',
  appliesTo: ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy'],
  scope: 'ai',
  level: ALWAYS_ERROR,
  annexA: ['A.6.2.8'],
  crosswalk: { nist80053: ['AU-9', 'AC-3'], euAiAct: ['Art. 12', 'Art. 19'] },
  why: 'Whoever may delete hides the files that record what they did, or lifts a governance lock and destroys them.',
  fix: `Add a bucket policy that denies ${DELETIONS.join(', ')} and ${BYPASS} to everyone, without conditions.`,
  claims: [...DELETIONS, BYPASS].map((action) => `PolicyDocument.Deny.${action}`),
  beyondGuard: 'only the trail says which bucket holds the record, and the policy is a resource of its own',
  check: (resource, graph) => {
    const bucket = bucketOf(resource, graph);
    return bucket && holdsTrail(bucket, graph)
      ? judgePolicy(resource, graph, (statements) => faults(undenied(bucket, statements)))
      : undefined;
  },
  compliant: policyOf({ Effect: 'Deny', Principal: '*', Action: [...DELETIONS, BYPASS], Resource: '*' }),
  nonCompliant: policyOf({
    ...{ Effect: 'Deny', Principal: '*', Action: DELETIONS, Resource: '*' },
    Condition: { StringNotEquals: { 'aws:PrincipalTag/role': 'administrator' } },
  }),
});

function faults(actions: readonly string[]): string[] {
  return actions.length > 0 ? [`found no denial of ${actions.join(', ')} to everyone, on every object`] : [];
}

/** A lock in compliance mode has no bypass. */
function undenied(bucket: GraphResource, statements: readonly Statement[]): string[] {
  const compliance = propertyOf(bucket, 'ObjectLockConfiguration.Rule.DefaultRetention.Mode') === 'COMPLIANCE';
  const denials = statements.filter(
    (statement) => deniesEveryone(statement) && statement.resources.some(coversObjects),
  );
  return [...DELETIONS, ...(compliance ? [] : [BYPASS])].filter(
    (action) => !denials.some(({ actions }) => actions.some((pattern) => actionCovers(pattern, action))),
  );
}

function policyOf(Statement: object) {
  return {
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { Tags: [{ Key: 'ai:stage', Value: 'prod' }] } },
    Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { S3BucketName: { Ref: 'Bucket' } } },
    Policy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Statement } },
    },
  };
}
