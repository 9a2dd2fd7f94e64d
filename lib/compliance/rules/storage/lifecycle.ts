import { type GraphResource, Opaque, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { asList, propertyOf, unresolved, valueAt, violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';
import { holdsTrail } from './buckets';

const RULES = 'LifecycleConfiguration.Rules';
const VersioningConfiguration = { Status: 'Enabled' };
const Tags = [{ Key: 'ai:system-id', Value: 'x' }];

/** What is deleted goes away: where versions are kept, old ones expire. The audit record is kept on purpose. */
export const s3Lifecycle = rule({
  id: 'S3Lifecycle',
  appliesTo: ['AWS::S3::Bucket'],
  scope: 'ai',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.7.2'],
  crosswalk: { securityHub: ['S3.10'], nist80053: ['SI-12'] },
  why: 'A person has their data erased and the object is deleted, yet its old version stays readable for ever.',
  fix: 'Give every prefix whose objects expire or are deleted an enabled rule with NoncurrentVersionExpiration.',
  claims: [`${RULES}.*.NoncurrentVersionExpiration`],
  configRules: ['S3_VERSION_LIFECYCLE_POLICY_CHECK'],
  beyondGuard: 'whether old versions of a prefix expire depends on all rules of the bucket together',
  check: (bucket, graph) => {
    const versioned = propertyOf(bucket, 'VersioningConfiguration.Status') === 'Enabled';
    const locked = textOf(propertyOf(bucket, 'ObjectLockEnabled')) === 'true';
    return !versioned || locked || holdsTrail(bucket, graph) ? undefined : keptVersions(bucket);
  },
  compliant: bucketWith({
    LifecycleConfiguration: { Rules: [{ Status: 'Enabled', NoncurrentVersionExpiration: { NoncurrentDays: 30 } }] },
  }),
  nonCompliant: bucketWith({}),
});

function keptVersions(bucket: GraphResource): Violation[] {
  const found = propertyOf(bucket, RULES);
  if (found instanceof Opaque) {
    return [unresolved(RULES, found)];
  }
  const rules = asList(found).map((item, index) => ({ item, index }));
  const enabled = rules.filter(({ item }) => valueAt(item, 'Status') === 'Enabled');
  const cleared = enabled
    .filter(({ item }) => has(item, ['NoncurrentVersionExpiration', 'NoncurrentVersionExpirationInDays']))
    .map(({ item }) => prefixOf(item));
  if (cleared.length === 0) {
    return [violation(RULES, 'found no enabled rule that expires old versions')];
  }
  return enabled
    .filter(({ item }) => has(item, ['ExpirationInDays', 'ExpirationDate']))
    .filter(({ item }) => !cleared.some((prefix) => prefixOf(item).startsWith(prefix)))
    .map(({ item, index }) =>
      violation(
        `${RULES}.${index}.NoncurrentVersionExpiration`,
        `objects of '${prefixOf(item)}' expire, found nothing that expires their old versions`,
      ),
    );
}

function has(item: unknown, properties: readonly string[]): boolean {
  return properties.some((property) => valueAt(item, property) !== undefined);
}

function prefixOf(item: unknown): string {
  return textOf(valueAt(item, 'Prefix') ?? '');
}

function bucketWith(properties: object) {
  return { Bucket: { Type: 'AWS::S3::Bucket', Properties: { VersioningConfiguration, Tags, ...properties } } };
}
