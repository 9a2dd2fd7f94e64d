import type { GraphResource } from '../../../analysis';
import { rule } from '../../define-rule';
import { violation } from '../../expect';
import { ALWAYS_ERROR } from '../../rule';
import { usesOf } from './key-uses';

/** A key outlives what it encrypts: where a store is kept when its stack goes, so is its key. */
export const kmsKeyRetained = rule({
  id: 'KmsKeyRetained',
  appliesTo: ['AWS::KMS::Key'],
  level: ALWAYS_ERROR,
  annexA: ['A.6.2.8', 'A.7.2'],
  crosswalk: { nist80053: ['SC-12', 'CP-9', 'AU-9'], euAiAct: ['Art. 19'] },
  why: 'Deleting the stack keeps the bucket and destroys its key, and data and evidence can never be read again.',
  fix: 'Set DeletionPolicy of the key to Retain, as on what it encrypts.',
  claims: ['DeletionPolicy'],
  beyondGuard: 'what a key encrypts stands in other resources',
  check: (key, graph) => {
    const kept = usesOf(key, graph).find(({ resource }) => isKept(resource));
    if (!kept) {
      return undefined;
    }
    const { DeletionPolicy = 'Delete' } = key.template;
    return isKept(key)
      ? []
      : [violation('DeletionPolicy', `found ${DeletionPolicy}, expected Retain as ${kept.resource.path} has it`)];
  },
  compliant: keyOfBucket({ DeletionPolicy: 'Retain' }),
  nonCompliant: keyOfBucket({}),
});

function isKept({ template: { DeletionPolicy } }: GraphResource): boolean {
  return DeletionPolicy === 'Retain' || DeletionPolicy === 'RetainExceptOnCreate';
}

function keyOfBucket(policy: { DeletionPolicy?: string }) {
  const ServerSideEncryptionByDefault = { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: { 'Fn::GetAtt': ['Key', 'Arn'] } };
  const BucketEncryption = { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault }] };
  return {
    Key: { Type: 'AWS::KMS::Key', ...policy },
    Bucket: { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain', Properties: { BucketEncryption } },
  };
}
