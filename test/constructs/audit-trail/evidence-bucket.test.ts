import { runSimulation } from '@cloud-copilot/iam-simulate';
import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { KeyRing, ObjectLockMode, Purpose } from '../../../constructs';
import { EvidenceBucket } from '../../../constructs/audit-trail/evidence-bucket';
import { appWith } from './app';

const ACCOUNT = '111122223333';
const BUCKET = 'arn:aws:s3:::evidence';
const TRAIL = `arn:aws:cloudtrail:eu-west-1:${ACCOUNT}:trail/palisade-prod-eu-west-1`;
const ADMIN = `arn:aws:iam::${ACCOUNT}:role/Admin`;
const EVERYTHING = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

/** The synthesized bucket policy, with the bucket's ARN in place of its reference. */
function bucketPolicy(): unknown {
  const stack = new Stack(appWith(), 'Stack', { env: { account: ACCOUNT, region: 'eu-west-1' } });
  const keys = new KeyRing(stack, 'Keys', { system: 'platform', stage: 'prod', purposes: [Purpose.AUDIT] });
  new EvidenceBucket(stack, 'Evidence', {
    encryptionKey: keys.key(Purpose.AUDIT),
    objectLock: { mode: ObjectLockMode.COMPLIANCE, retention: Duration.days(365) },
    trailArn: TRAIL,
  });
  const policies = Object.entries(Template.fromStack(stack).findResources('AWS::S3::BucketPolicy'));
  const [, policy] = policies.find(([id]) => id.startsWith('Evidence')) ?? [];
  return resolve(policy?.Properties.PolicyDocument);
}

function resolve(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(resolve);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? [];
  if (name === 'Fn::GetAtt') {
    return BUCKET;
  }
  if (name === 'Fn::Join') {
    return (resolve(argument[1]) as string[]).join(argument[0]);
  }
  return Object.fromEntries(entries.map(([key, inner]) => [key, resolve(inner)]));
}

const POLICY = bucketPolicy();

async function evaluate(
  action: string,
  resource: string,
  context: Record<string, string> = {},
  principal = ADMIN,
): Promise<string> {
  const results = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId: ACCOUNT },
        contextVariables: {
          'aws:PrincipalAccount': ACCOUNT,
          'aws:SecureTransport': 'true',
          's3:TlsVersion': '1.3',
          ...context,
        },
      },
      identityPolicies: principal === ADMIN ? [{ name: 'Everything', policy: EVERYTHING }] : [],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: POLICY,
    },
    {},
  );
  return results.resultType === 'error' ? JSON.stringify(results.errors) : results.overallResult;
}

const RECORD = `${BUCKET}/records/credit-scoring/1.json`;
const TRAIL_FILE = `${BUCKET}/AWSLogs/${ACCOUNT}/CloudTrail/eu-west-1/2026/11/24/1.json.gz`;

describe('an administrator who may do everything', () => {
  test.each(['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention'])(
    'is denied %s',
    async (action) => {
      expect(await evaluate(action, RECORD)).toBe('ExplicitlyDenied');
    },
  );

  test('cannot shorten a retention, and can extend it', async () => {
    const days = (n: number) => ({ 's3:object-lock-remaining-retention-days': String(n) });
    expect(await evaluate('s3:PutObjectRetention', RECORD, days(1))).toBe('ExplicitlyDenied');
    expect(await evaluate('s3:PutObjectRetention', RECORD, days(730))).toBe('Allowed');
  });

  test('cannot forge a trail file', async () => {
    expect(await evaluate('s3:PutObject', TRAIL_FILE)).toBe('ExplicitlyDenied');
  });

  test('reads and adds records, and can still mend the bucket policy', async () => {
    expect(await evaluate('s3:GetObject', RECORD)).toBe('Allowed');
    expect(await evaluate('s3:PutObject', RECORD)).toBe('Allowed');
    expect(await evaluate('s3:PutBucketPolicy', BUCKET)).toBe('Allowed');
  });
});

describe('CloudTrail', () => {
  const service = 'cloudtrail.amazonaws.com';
  const delivery = { 's3:x-amz-acl': 'bucket-owner-full-control', 'aws:PrincipalServiceName': service };

  test('delivers the files of its own trail', async () => {
    expect(await evaluate('s3:PutObject', TRAIL_FILE, { ...delivery, 'aws:SourceArn': TRAIL }, service)).toBe(
      'Allowed',
    );
    expect(await evaluate('s3:GetBucketAcl', BUCKET, { 'aws:SourceArn': TRAIL }, service)).toBe('Allowed');
  });

  test('delivers nothing for a trail of somebody else, and nothing among the records', async () => {
    const other = { ...delivery, 'aws:SourceArn': TRAIL.replace(ACCOUNT, '999999999999') };
    expect(await evaluate('s3:PutObject', TRAIL_FILE, other, service)).toBe('ImplicitlyDenied');
    expect(await evaluate('s3:PutObject', RECORD, { ...delivery, 'aws:SourceArn': TRAIL }, service)).toBe(
      'ImplicitlyDenied',
    );
  });
});
