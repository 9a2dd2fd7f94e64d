import { type GraphResource, Opaque, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { asList, propertyOf, unresolved, valueAt, violation } from '../../expect';
import { isOwnKey } from '../../requirements';
import { ERROR_FROM_LIMITED, type Verdict } from '../../rule';
import { isPublicSite, receivesAccessLogs } from './buckets';

const RULES = 'BucketEncryption.ServerSideEncryptionConfiguration';
const OWN_KEY = isOwnKey('KMSMasterKeyID');
const Tags = [{ Key: 'ai:system-id', Value: 'x' }];

/** What an AI system stores is encrypted with a key that its owner can withdraw. */
export const s3CmkEncryption = rule({
  id: 'S3CmkEncryption',
  appliesTo: ['AWS::S3::Bucket'],
  scope: 'ai',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.7.2', 'A.4.5'],
  crosswalk: { securityHub: ['S3.17'], nist80053: ['SC-12', 'SC-13', 'SC-28'] },
  why: "With S3's own key, whoever may read the bucket may decrypt it, and nobody can withdraw the data by its key.",
  fix: 'Set SSEAlgorithm to aws:kms and KMSMasterKeyID to a customer managed key.',
  claims: [
    `${RULES}.*.ServerSideEncryptionByDefault.SSEAlgorithm`,
    `${RULES}.*.ServerSideEncryptionByDefault.KMSMasterKeyID`,
  ],
  beyondGuard: 'only other resources say that a bucket receives access logs or is a public site, which need no own key',
  check: (bucket, graph) =>
    receivesAccessLogs(bucket, graph) || isPublicSite(bucket, graph) ? undefined : encryption(bucket),
  configRules: ['S3_DEFAULT_ENCRYPTION_KMS'],
  compliant: bucketWith({ SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'key' }),
  nonCompliant: bucketWith({ SSEAlgorithm: 'AES256' }),
});

function encryption(bucket: GraphResource): Verdict {
  const rules = propertyOf(bucket, RULES);
  if (rules instanceof Opaque) {
    return [unresolved(RULES, rules)];
  }
  const items = asList(rules);
  return items.length === 0
    ? [violation(RULES, "found no default encryption, so S3's own key is used")]
    : items.flatMap((item, index) => byDefault(item, `${RULES}.${index}.ServerSideEncryptionByDefault`));
}

function byDefault(item: unknown, at: string) {
  const encryption = valueAt(item, 'ServerSideEncryptionByDefault');
  const algorithm = valueAt(encryption, 'SSEAlgorithm');
  if (algorithm instanceof Opaque) {
    return [unresolved(`${at}.SSEAlgorithm`, algorithm)];
  }
  return /^aws:kms(:dsse)?$/.test(textOf(algorithm))
    ? OWN_KEY.judge(encryption, `${at}.`)
    : [violation(`${at}.SSEAlgorithm`, `found ${textOf(algorithm)}, expected aws:kms or aws:kms:dsse`)];
}

function bucketWith(ServerSideEncryptionByDefault: object) {
  const BucketEncryption = { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault }] };
  return { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketEncryption, Tags } } };
}
