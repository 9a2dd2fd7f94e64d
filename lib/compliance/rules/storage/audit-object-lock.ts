import type { GraphResource, TemplateGraph } from '../../../analysis';
import { Opaque } from '../../../analysis';
import { rule } from '../../define-rule';
import { mustBe, propertyOf, unresolved, violation } from '../../expect';
import { ALWAYS_ERROR, type Violation } from '../../rule';

const RETENTION = 'ObjectLockConfiguration.Rule.DefaultRetention';
const BUCKET = {
  ObjectLockEnabled: true,
  ObjectLockConfiguration: {
    ObjectLockEnabled: 'Enabled',
    Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 365 } },
  },
};

/** What a trail writes stays as it was written: its bucket has Object Lock with a default retention. */
export const s3AuditObjectLock = rule({
  id: 'S3AuditObjectLock',
  appliesTo: ['AWS::S3::Bucket'],
  level: ALWAYS_ERROR,
  annexA: ['A.6.2.8'],
  crosswalk: { securityHub: ['S3.15'], nist80053: ['AU-9', 'AU-11'], euAiAct: ['Art. 12', 'Art. 19'] },
  why: 'Evidence that an administrator can delete or overwrite is no evidence.',
  fix: 'Set ObjectLockEnabled and ObjectLockConfiguration with a DefaultRetention of mode COMPLIANCE or GOVERNANCE.',
  claims: ['ObjectLockEnabled', 'ObjectLockConfiguration'],
  beyondGuard: 'only the trail says which bucket holds the record',
  check: (bucket, graph) =>
    holdsTrail(bucket, graph)
      ? [
          ...mustBe(bucket, 'ObjectLockEnabled', true),
          ...mustBe(bucket, 'ObjectLockConfiguration.ObjectLockEnabled', 'Enabled'),
          ...retention(bucket),
        ]
      : undefined,
  compliant: withTrail(BUCKET),
  nonCompliant: withTrail({}),
});

function holdsTrail(bucket: GraphResource, graph: TemplateGraph): boolean {
  return graph.where('AWS::CloudTrail::Trail', 'S3BucketName', bucket.name).length > 0;
}

function retention(bucket: GraphResource): Violation[] {
  const [mode, days, years] = ['Mode', 'Days', 'Years'].map((name) => propertyOf(bucket, `${RETENTION}.${name}`));
  if (mode instanceof Opaque) {
    return [unresolved(`${RETENTION}.Mode`, mode)];
  }
  return [
    ...(mode === 'COMPLIANCE' || mode === 'GOVERNANCE'
      ? []
      : [violation(`${RETENTION}.Mode`, 'found no default retention mode')]),
    ...(days === undefined && years === undefined ? [violation(RETENTION, 'found no default retention period')] : []),
  ];
}

function withTrail(Properties: object) {
  return {
    Bucket: { Type: 'AWS::S3::Bucket', Properties },
    Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { S3BucketName: { Ref: 'Bucket' } } },
  };
}
