import { type GraphResource, Opaque, textOf } from '../../../analysis';
import { inProduction } from '../../conditions';
import { rule } from '../../define-rule';
import { mustBe, propertyOf, unresolved, violation } from '../../expect';
import { ALWAYS_ERROR, type Violation } from '../../rule';
import { RECORD_DAYS } from '../logging/record-retention';
import { asOne } from '../structure';
import { holdsTrail } from './buckets';

const CONFIGURATION = 'ObjectLockConfiguration';
const RETENTION = 'ObjectLockConfiguration.Rule.DefaultRetention';
const BUCKET = {
  ObjectLockEnabled: true,
  ObjectLockConfiguration: {
    ObjectLockEnabled: 'Enabled',
    Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 365 } },
  },
};

/**
 * What a trail writes stays as it was written. In production nobody, not even root, may shorten that, and it lasts as
 * long as the record must be kept; elsewhere a lock that an administrator can lift is enough.
 */
export const s3AuditObjectLock = rule({
  id: 'S3AuditObjectLock',
  appliesTo: ['AWS::S3::Bucket'],
  scope: 'ai',
  level: ALWAYS_ERROR,
  annexA: ['A.6.2.8'],
  crosswalk: { securityHub: ['S3.15'], nist80053: ['AU-9', 'AU-11'], euAiAct: ['Art. 12', 'Art. 19'] },
  why: 'Whoever takes over an administrator deletes or overwrites the record of what they did.',
  fix: `Set ObjectLockEnabled and a DefaultRetention of mode COMPLIANCE for at least ${RECORD_DAYS} days.`,
  claims: [
    'ObjectLockEnabled',
    'ObjectLockConfiguration.ObjectLockEnabled',
    `${RETENTION}.Mode`,
    `${RETENTION}.Days`,
    `${RETENTION}.Years`,
  ],
  beyondGuard: 'only the trail says which bucket holds the record',
  check: (bucket, graph) => (holdsTrail(bucket, graph) ? judge(bucket) : undefined),
  configRules: ['S3_BUCKET_DEFAULT_LOCK_ENABLED'],
  compliant: withTrail(BUCKET),
  nonCompliant: withTrail({}),
});

function judge(bucket: GraphResource): Violation[] {
  const lock = mustBe(bucket, 'ObjectLockEnabled', true);
  const rule = [
    ...mustBe(bucket, 'ObjectLockConfiguration.ObjectLockEnabled', 'Enabled'),
    ...mode(bucket),
    ...period(bucket),
  ];
  if (propertyOf(bucket, CONFIGURATION) !== undefined) {
    return [...lock, ...rule];
  }
  return lock.length > 0 ? lock : asOne(CONFIGURATION, rule);
}

function mode(bucket: GraphResource): Violation[] {
  const found = propertyOf(bucket, `${RETENTION}.Mode`);
  if (found instanceof Opaque) {
    return [unresolved(`${RETENTION}.Mode`, found)];
  }
  const modes = inProduction.holds(bucket) ? ['COMPLIANCE'] : ['COMPLIANCE', 'GOVERNANCE'];
  return modes.includes(textOf(found))
    ? []
    : [violation(`${RETENTION}.Mode`, `found ${textOf(found ?? 'nothing')}, expected ${modes.join(' or ')}`)];
}

function period(bucket: GraphResource): Violation[] {
  const [days, years] = ['Days', 'Years'].map((name) => propertyOf(bucket, `${RETENTION}.${name}`));
  const opaque = [days, years].find((value) => value instanceof Opaque);
  if (opaque instanceof Opaque) {
    return [unresolved(RETENTION, opaque)];
  }
  const found = years === undefined ? Number(textOf(days ?? 0)) : Number(textOf(years)) * 365;
  const least = inProduction.holds(bucket) ? RECORD_DAYS : 1;
  return found >= least ? [] : [violation(RETENTION, `found ${found} days, expected at least ${least}`)];
}

function withTrail(Properties: object) {
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  return {
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { ...Properties, Tags } },
    Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { S3BucketName: { Ref: 'Bucket' } } },
  };
}
