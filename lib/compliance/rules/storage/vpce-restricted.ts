import { holdsPersonalData } from '../../conditions';
import { rule } from '../../define-rule';
import { ALWAYS_WARNING } from '../../rule';
import type { Statement } from '../../statements';
import { bucketOf, coversObjects, judgePolicy, receivesAccessLogs } from './buckets';

/** Condition keys that say where a caller comes from or whose it is. */
const PERIMETER =
  /^aws:(source(vpc|vpce|vpcarn|orgid|ip)|vpceaccount|vpceorgid|vpcsourceip|principal(account|orgid|orgpaths))$/i;
const MISSING = 'found no statement that denies reads from outside a VPC endpoint or organisation';

/** Personal data leaves its bucket only to one's own network or organisation, whatever an IAM policy allows. */
export const s3VpceRestricted = rule({
  id: 'S3VpceRestricted',
  appliesTo: ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy'],
  scope: 'ai',
  level: ALWAYS_WARNING,
  annexA: ['A.7.2', 'A.4.5'],
  crosswalk: { nist80053: ['AC-3', 'AC-4', 'SC-7'], atlas: ['AML.T0025', 'AML.T0036'] },
  why: 'Credentials stolen from a training job read personal data from any computer on the internet.',
  fix: 'Deny reads unless aws:SourceVpce or aws:PrincipalOrgID is yours, except where aws:PrincipalIsAWSService is true.',
  claims: ['aws:PrincipalAccount', 'aws:PrincipalOrgID', 'aws:SourceVpce'].map((key) => `PolicyDocument.Deny.${key}`),
  beyondGuard: 'the policy of a bucket is a resource of its own',
  check: (resource, graph) => {
    const bucket = bucketOf(resource, graph);
    return bucket && holdsPersonalData.holds(bucket) && !receivesAccessLogs(bucket, graph)
      ? judgePolicy(resource, graph, (statements) => (statements.some(keepsIn) ? [] : [MISSING]))
      : undefined;
  },
  compliant: policyOf({ StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } }),
  nonCompliant: policyOf({ Bool: { 'aws:SecureTransport': 'false' } }),
});

/** A denial of whatever comes from elsewhere: only negated operators hold back a caller without the key. */
function keepsIn({ effect, principals, actions, resources, conditions }: Statement): boolean {
  const negated = Object.entries(conditions).filter(([operator]) => /^(StringNot|ArnNot|NotIp)/i.test(operator));
  return (
    effect === 'Deny' &&
    principals.includes('*') &&
    resources.some(coversObjects) &&
    actions.some((action) => /^(\*|s3:(\*|Get\*|GetObject\*?))$/i.test(action)) &&
    negated.some(([, block]) => Object.keys(block).some((key) => PERIMETER.test(key)))
  );
}

function policyOf(Condition: object) {
  const Statement = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition };
  return {
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { Tags: [{ Key: 'ai:data-class', Value: 'personal' }] } },
    Policy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Statement } },
    },
  };
}
