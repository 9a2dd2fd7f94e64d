import { textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { ALWAYS_ERROR } from '../../rule';
import { deniesPlainText, type Statement } from '../../statements';
import { coversBucket, coversObjects, judgePolicy } from './buckets';

/** What else such a statement may ask for and still hold back every caller but AWS's own services. */
const HARMLESS = /^aws:(securetransport|principalisawsservice|viaawsservice)$/i;

/**
 * A bucket speaks TLS only, for its objects and for itself. A version is not asked for: AWS's endpoints take TLS 1.2 at
 * least (AWS Security Blog, "TLS 1.2 to become the minimum TLS protocol level for all AWS API endpoints").
 */
export const s3TlsOnly = rule({
  id: 'S3TlsOnly',
  appliesTo: ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy'],
  level: ALWAYS_ERROR,
  annexA: ['A.7.2', 'A.4.5'],
  crosswalk: { securityHub: ['S3.5'], nist80053: ['SC-8', 'SC-13'] },
  why: 'Without it, a client that is told to use plain HTTP sends datasets and credentials readable to the network.',
  fix: 'Add a bucket policy that denies s3:* to everyone on the bucket and its objects if aws:SecureTransport is false.',
  claims: ['PolicyDocument.Deny.aws:SecureTransport', 'AWS::S3::BucketPolicy'],
  beyondGuard: 'the policy of a bucket is a resource of its own, and its statements must be read together',
  check: (resource, graph) => judgePolicy(resource, graph, plainText),
  configRules: ['S3_BUCKET_SSL_REQUESTS_ONLY'],
  compliant: policyOf({
    ...{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: ['arn:aws:s3:::data', 'arn:aws:s3:::data/*'] },
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  }),
  nonCompliant: policyOf({
    ...{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:role/training' }, Action: 's3:GetObject' },
    Resource: 'arn:aws:s3:::data/*',
  }),
});

function plainText(statements: readonly Statement[]): string[] {
  const resources = statements.filter(denies).flatMap((statement) => statement.resources);
  const open = [
    ...(resources.some(coversObjects) ? [] : ['objects']),
    ...(resources.some(coversBucket) ? [] : ['the bucket itself']),
  ];
  return open.length > 0 ? [`found no statement that denies requests without TLS for ${open.join(' and ')}`] : [];
}

function denies(statement: Statement): boolean {
  const asked = Object.values(statement.conditions).flatMap((block) => Object.entries(block));
  return (
    deniesPlainText(statement, 's3') && asked.every(([key, value]) => HARMLESS.test(key) && textOf(value) === 'false')
  );
}

function policyOf(Statement: object) {
  return {
    Bucket: { Type: 'AWS::S3::Bucket' },
    Policy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Statement } },
    },
  };
}
