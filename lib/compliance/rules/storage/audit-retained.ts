import { type GraphResource, type TemplateGraph, textOf } from '../../../analysis';
import { inProduction } from '../../conditions';
import { rule } from '../../define-rule';
import { asList, propertyOf, valueAt, violation } from '../../expect';
import { ALWAYS_ERROR, type Violation } from '../../rule';
import { RECORD_DAYS } from '../logging/record-retention';
import { holdsTrail } from './buckets';

const POLICIES = ['DeletionPolicy', 'UpdateReplacePolicy'] as const;
const Trail = { Type: 'AWS::CloudTrail::Trail', Properties: { S3BucketName: { Ref: 'Bucket' } } };

/** The audit record outlives its stack: no stack operation, custom resource or lifecycle rule takes it away. */
export const s3AuditRetained = rule({
  id: 'S3AuditRetained',
  appliesTo: ['AWS::S3::Bucket'],
  level: ALWAYS_ERROR,
  annexA: ['A.6.2.8'],
  crosswalk: { nist80053: ['AU-9', 'AU-11'], euAiAct: ['Art. 12', 'Art. 19'] },
  why: 'Whoever may delete a stack deletes the record of everything done with it.',
  fix: 'Set DeletionPolicy and UpdateReplacePolicy to Retain, without autoDeleteObjects and without an early expiry.',
  claims: [...POLICIES],
  beyondGuard: 'only the trail says which bucket holds the record',
  check: (bucket, graph) =>
    holdsTrail(bucket, graph)
      ? [...notRetained(bucket), ...emptied(bucket, graph), ...(inProduction.holds(bucket) ? expired(bucket) : [])]
      : undefined,
  compliant: { Bucket: { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' }, Trail },
  nonCompliant: { Bucket: { Type: 'AWS::S3::Bucket' }, Trail },
});

function notRetained({ template }: GraphResource): Violation[] {
  return POLICIES.filter((policy) => template[policy] !== 'Retain').map((policy) =>
    violation(policy, `found ${textOf(template[policy] ?? 'nothing')}, expected Retain`),
  );
}

/** The custom resource behind the CDK's `autoDeleteObjects`. */
function emptied(bucket: GraphResource, graph: TemplateGraph): Violation[] {
  return graph
    .where('Custom::S3AutoDeleteObjects', 'BucketName', bucket.name)
    .map(({ logicalId }) => violation('DeletionPolicy', `${logicalId} deletes all objects with the stack`));
}

function expired(bucket: GraphResource): Violation[] {
  return asList(propertyOf(bucket, 'LifecycleConfiguration.Rules')).flatMap((item, index) => {
    const days = Number(textOf(valueAt(item, 'ExpirationInDays') ?? Infinity));
    return valueAt(item, 'Status') === 'Enabled' && days < RECORD_DAYS
      ? [
          violation(
            `LifecycleConfiguration.Rules.${index}.ExpirationInDays`,
            `found ${days}, expected at least ${RECORD_DAYS}`,
          ),
        ]
      : [];
  });
}
