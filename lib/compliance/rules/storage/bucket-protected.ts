import { type GraphResource, Opaque, type TemplateGraph, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { asList, mustBe, propertyOf, unresolved, valueAt, violation } from '../../expect';
import { ALWAYS_ERROR, type Violation } from '../../rule';
import { statementsOf } from '../../statements';

const BLOCKS = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];

/** A bucket is encrypted, closed to the public, and speaks TLS only. */
export const s3BucketProtected = rule({
  id: 'S3BucketProtected',
  appliesTo: ['AWS::S3::Bucket'],
  level: ALWAYS_ERROR,
  annexA: ['A.4.5', 'A.7.2'],
  crosswalk: { securityHub: ['S3.5', 'S3.8', 'S3.17'], nist80053: ['AC-3', 'SC-8', 'SC-28'] },
  why: 'Datasets, models and evidence live in buckets.',
  fix: 'Encrypt the bucket with a CMK, block public access four times, and deny what is not aws:SecureTransport.',
  claims: ['BucketEncryption', 'PublicAccessBlockConfiguration'],
  beyondGuard: 'the rule is being split',
  check: (bucket, graph) => [...encrypted(bucket, graph), ...closed(bucket), ...tlsOnly(bucket, graph)],
  compliant: {
    Bucket: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'key' } },
          ],
        },
        PublicAccessBlockConfiguration: Object.fromEntries(BLOCKS.map((block) => [block, true])),
      },
    },
    Policy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: { Ref: 'Bucket' },
        PolicyDocument: {
          Statement: [
            {
              Effect: 'Deny',
              Principal: '*',
              Action: 's3:*',
              Resource: '*',
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            },
          ],
        },
      },
    },
  },
  nonCompliant: { Bucket: { Type: 'AWS::S3::Bucket', Properties: {} } },
});

const ENCRYPTION = 'BucketEncryption.ServerSideEncryptionConfiguration';

/** A target of server access logs cannot have a CMK (Amazon S3 User Guide), so any default encryption counts there. */
function encrypted(bucket: GraphResource, graph: TemplateGraph): Violation[] {
  const rules = propertyOf(bucket, ENCRYPTION);
  if (rules instanceof Opaque) {
    return [unresolved(ENCRYPTION, rules)];
  }
  const byDefault = asList(rules).map((rule) => valueAt(rule, 'ServerSideEncryptionByDefault'));
  const kms = byDefault.some(withOwnKey);
  if (kms || (receivesAccessLogs(bucket, graph) && byDefault.some((rule) => valueAt(rule, 'SSEAlgorithm')))) {
    return [];
  }
  return [violation(ENCRYPTION, 'found no default encryption with a key of the owner')];
}

/** `alias/aws/s3` is AWS's key: nobody can withdraw it or see who may use it. */
function withOwnKey(encryption: unknown): boolean {
  const [algorithm, key] = ['SSEAlgorithm', 'KMSMasterKeyID'].map((name) => valueAt(encryption, name));
  return /^aws:kms/.test(textOf(algorithm)) && key !== undefined && !/alias\/aws\/s3$/.test(textOf(key));
}

function receivesAccessLogs({ name }: GraphResource, graph: TemplateGraph): boolean {
  return graph.where('AWS::S3::Bucket', 'LoggingConfiguration.DestinationBucketName', name).length > 0;
}

function closed(bucket: GraphResource): Violation[] {
  return BLOCKS.flatMap((block) => mustBe(bucket, `PublicAccessBlockConfiguration.${block}`, true));
}

function tlsOnly(bucket: GraphResource, graph: TemplateGraph): Violation[] {
  const denies = graph
    .where('AWS::S3::BucketPolicy', 'Bucket', bucket.name)
    .flatMap(({ properties }) => statementsOf(properties.PolicyDocument))
    .some(deniesPlainText);
  return denies ? [] : [violation('PolicyDocument', 'no bucket policy denies requests without TLS')];
}

function deniesPlainText({
  effect,
  actions,
  principals,
  conditions,
}: ReturnType<typeof statementsOf>[number]): boolean {
  const secure = conditions.Bool?.['aws:SecureTransport'];
  return effect === 'Deny' && actions.includes('s3:*') && principals.includes('*') && textOf(secure) === 'false';
}
