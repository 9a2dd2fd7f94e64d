import type { GraphResource, TemplateGraph } from '../../analysis';
import { asList, mustBe, propertyOf, violation } from '../expect';
import { ALWAYS_ERROR, type Rule, type Violation } from '../rule';
import { statementsOf } from '../statements';

const BLOCKS = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];

/** A bucket is encrypted, closed to the public, and speaks TLS only. */
export const s3BucketProtected: Rule = {
  id: 'S3BucketProtected',
  appliesTo: ['AWS::S3::Bucket'],
  level: ALWAYS_ERROR,
  annexA: ['A.4.5', 'A.7.2'],
  crosswalk: { securityHub: ['S3.5', 'S3.8', 'S3.17'], nist80053: ['AC-3', 'SC-8', 'SC-28'] },
  why: 'Datasets, models and evidence live in buckets.',
  fix: 'Encrypt the bucket with a CMK, block public access four times, and deny what is not aws:SecureTransport.',
  check: (bucket, graph) => [...encrypted(bucket), ...closed(bucket), ...tlsOnly(bucket, graph)],
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
};

/** A target of server access logs cannot have a CMK (Amazon S3 User Guide), so S3-managed keys count there. */
function encrypted(bucket: GraphResource): Violation[] {
  const property = 'BucketEncryption.ServerSideEncryptionConfiguration';
  const [rule] = asList(propertyOf(bucket, property)) as {
    ServerSideEncryptionByDefault?: { SSEAlgorithm?: string };
  }[];
  const algorithm = rule?.ServerSideEncryptionByDefault?.SSEAlgorithm;
  return algorithm ? [] : [violation(property, 'found no default encryption')];
}

function closed(bucket: GraphResource): Violation[] {
  return BLOCKS.flatMap((block) => mustBe(bucket, `PublicAccessBlockConfiguration.${block}`, true));
}

function tlsOnly(bucket: GraphResource, graph: TemplateGraph): Violation[] {
  const policies = graph.ofType('AWS::S3::BucketPolicy').filter(({ properties }) => properties.Bucket === bucket.name);
  const denies = policies.flatMap(({ properties }) => statementsOf(properties.PolicyDocument)).some(deniesPlainText);
  return denies ? [] : [violation('PolicyDocument', 'no bucket policy denies requests without TLS')];
}

function deniesPlainText({
  effect,
  actions,
  principals,
  conditions,
}: ReturnType<typeof statementsOf>[number]): boolean {
  const secure = conditions.Bool?.['aws:SecureTransport'];
  return effect === 'Deny' && actions.includes('s3:*') && principals.includes('*') && String(secure) === 'false';
}
