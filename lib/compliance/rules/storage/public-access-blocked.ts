import { textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { asList, valueAt } from '../../expect';
import { each, is, type Requirement } from '../../requirements';
import { ALWAYS_ERROR } from '../../rule';
import { inside } from '../structure';

const BLOCKS = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];
const CONFIGURATION = 'PublicAccessBlockConfiguration';

/**
 * A bucket is closed to the public, four times. S3 closes new buckets by itself, but a template without the block says
 * nothing of older ones, and CloudFormation opens a bucket whose block is taken out of its template.
 */
export const s3PublicAccessBlocked = rule({
  id: 'S3PublicAccessBlocked',
  level: ALWAYS_ERROR,
  annexA: ['A.7.2', 'A.4.5'],
  crosswalk: { securityHub: ['S3.2', 'S3.3', 'S3.8'], nist80053: ['AC-3', 'AC-21', 'SC-7'], atlas: ['AML.T0025'] },
  why: 'One policy or ACL written in haste lets anyone on the internet read the datasets and models of the bucket.',
  fix: 'Set all four of PublicAccessBlockConfiguration to true and ObjectOwnership to BucketOwnerEnforced.',
  requires: {
    'AWS::S3::Bucket': [
      inside(
        CONFIGURATION,
        BLOCKS.map((block) => is(`${CONFIGURATION}.${block}`, true)),
      ),
      ofTagged(each('OwnershipControls.Rules', [is('ObjectOwnership', 'BucketOwnerEnforced')])),
    ],
  },
  configRules: ['S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED'],
  compliant: {
    Bucket: {
      Type: 'AWS::S3::Bucket',
      Properties: { [CONFIGURATION]: Object.fromEntries(BLOCKS.map((block) => [block, true])) },
    },
  },
  nonCompliant: { Bucket: { Type: 'AWS::S3::Bucket', Properties: {} } },
});

/** ACLs are legitimate in other people's stacks: CloudFront and older log deliveries need them. */
function ofTagged({ claims, judge, guard }: Requirement): Requirement {
  const isTagged = (holder: unknown) =>
    asList(valueAt(holder, 'Tags')).some((tag) => textOf(valueAt(tag, 'Key')).startsWith('ai:'));
  return {
    claims,
    judge: (holder, at) => (isTagged(holder) ? judge(holder, at) : []),
    guard: (at) => `when ${at}Tags[ Key == /^ai:/ ] !empty {\n${guard(at)}\n}`,
  };
}
