import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { type GovernanceLedgerProps, ObjectLockMode } from '../../../constructs';
import { evaluateRules, RULES } from '../../../lib/compliance';
import { graphFrom } from '../../support/graph';
import { nagErrors } from '../../support/nag';
import { appWithFlags } from '../inference-environment/stacks';
import { LedgerStack } from './ledger';

interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
}
type Resources = Record<string, Resource>;

const template = Template.fromStack(new LedgerStack());
const resources: Resources = template.toJSON().Resources;
const OF_LEDGER = /^(Ledger|KeysLedger)/;
const CUSTOM: Partial<GovernanceLedgerProps> = {
  objectLock: { mode: ObjectLockMode.GOVERNANCE, retention: Duration.days(1) },
  checkpointInterval: Duration.minutes(1),
};

/** What the rules say of the ledger. The VPC of these tests has no endpoint for S3. */
function findings(json: object): string[] {
  return evaluateRules(
    graphFrom(json),
    RULES.filter(({ id }) => id !== 'NetworkRequiredEndpoints'),
  )
    .flatMap(({ violations, unresolvable }) => [...violations, ...unresolvable])
    .filter(({ resource }) => OF_LEDGER.test(resource.logicalId))
    .map(({ rule, resource }) => `${rule.id} ${resource.logicalId}`);
}

/** The one resource whose id goes on so. */
function named(all: Resources, id: string): Resource {
  const found = Object.entries(all).filter(([logicalId]) => new RegExp(`^Ledger${id}[0-9A-F]{8}$`).test(logicalId));
  expect(found).toHaveLength(1);
  return found[0][1];
}

describe('the rules', () => {
  test('find nothing, in any form', () => {
    expect(findings(template.toJSON())).toEqual([]);
    expect(findings(Template.fromStack(new LedgerStack(CUSTOM)).toJSON())).toEqual([]);
  });

  const changed = (id: string, property: string, value?: unknown) => (all: Resources) => {
    if (value === undefined) {
      delete named(all, id).Properties[property];
    } else {
      named(all, id).Properties[property] = value;
    }
  };

  test.each<[string, (all: Resources) => void, string]>([
    ['entries are not encrypted with a key', changed('Bucket', 'BucketEncryption'), 'S3'],
    ['the bucket may be public', changed('Bucket', 'PublicAccessBlockConfiguration'), 'S3'],
    ['the writer runs outside the VPC', changed('Append', 'VpcConfig'), 'LambdaHardened'],
    ['the environment of the signer has no key', changed('Checkpoint', 'KmsKeyArn'), 'LambdaHardened'],
    ['the role of the writer has no boundary', changed('AppendRole', 'PermissionsBoundary'), 'IamPermissionsBoundary'],
    ['the log of the signer has no key', changed('CheckpointLog', 'KmsKeyId'), 'LogGroupCmk'],
    ['the log of the verifier ends too early', changed('VerifyLog', 'RetentionInDays', 30), 'LogGroupRetention'],
    ['nobody hears of a ledger that does not hold', changed('NotVerified', 'AlarmActions'), 'AlarmHasAction'],
    ['silence raises no alarm', changed('NoCheckpoints', 'TreatMissingData'), 'AlarmHasAction'],
    [
      'a checkpoint that was not made is dropped',
      (all) => {
        const [target] = named(all, 'Checkpoints').Properties.Targets as Record<string, unknown>[];
        delete target.DeadLetterConfig;
      },
      'EventTargetsDlq',
    ],
  ])('find that %s', (_, change, rule) => {
    const json = JSON.parse(JSON.stringify(template.toJSON()));
    change(json.Resources);
    expect(json).not.toEqual(template.toJSON());
    expect(findings(json)).toContainEqual(expect.stringMatching(new RegExp(`^${rule}`)));
  });
});

describe('Object Lock', () => {
  const lockOf = (all: Resources) => named(all, 'Bucket').Properties;

  test('holds entries for a year, so that not even root removes them', () => {
    expect(lockOf(resources)).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 365 } } },
    });
  });

  test('is looser in development only', () => {
    const { Resources: custom } = Template.fromStack(new LedgerStack(CUSTOM)).toJSON();
    expect(lockOf(custom)).toMatchObject({
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1 } } },
    });
  });

  test.each([
    [ObjectLockMode.COMPLIANCE, 179],
    [ObjectLockMode.COMPLIANCE, 180.5],
    [ObjectLockMode.COMPLIANCE, 36_501],
    [ObjectLockMode.GOVERNANCE, 0],
  ])('is refused in %s mode for %d days', (mode, days) => {
    const retention = Duration.minutes(days * 24 * 60);
    expect(() => new LedgerStack({ objectLock: { mode, retention } })).toThrow(
      expect.objectContaining({ code: 'PALISADE-L150' }),
    );
  });
});

test.each([Duration.seconds(30), Duration.minutes(61)])('checkpoints each %s are refused', (checkpointInterval) => {
  expect(() => new LedgerStack({ checkpointInterval })).toThrow(expect.objectContaining({ code: 'PALISADE-L151' }));
});

test.each(['Credit', '1', '', '$LATEST', 'a'.repeat(41)])("'%s' is refused as a system", (system) => {
  expect(() => new LedgerStack().ledger.writerOf(system)).toThrow(expect.objectContaining({ code: 'PALISADE-L152' }));
});

test('the functions know their ledger; the writer its stage, signer and verifier the key', () => {
  const variables = (id: string) =>
    (named(resources, id).Properties.Environment as { Variables: Record<string, unknown> }).Variables;
  const own = { ACCOUNT: '111122223333', BUCKET: { Ref: expect.any(String) }, LEDGER: 'prod/governance' };
  const key = { LEDGER_KEY: { 'Fn::GetAtt': [expect.stringMatching('^KeysLedger'), 'Arn'] } };
  expect(variables('Append')).toEqual({ ...own, STAGE: 'prod' });
  expect(variables('Checkpoint')).toEqual({ ...own, ...key });
  expect(variables('Verify')).toEqual({ ...own, ...key });
});

test('each system has one alias, however often it is granted', () => {
  const stack = new LedgerStack();
  expect(stack.ledger.writerOf('chat')).toBe(stack.ledger.writerOf('chat'));
  const aliases = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Alias'));
  expect(aliases.map(({ Properties }) => [Properties.Name, Properties.FunctionVersion])).toEqual([
    ['credit-scoring', '$LATEST'],
    ['chat', '$LATEST'],
  ]);
});

test('the signing key is P-384, signs and nothing else, and only the signer may sign', () => {
  template.hasResourceProperties('AWS::KMS::Key', { KeySpec: 'ECC_NIST_P384', KeyUsage: 'SIGN_VERIFY' });
  const signing = Object.values(template.findResources('AWS::IAM::ManagedPolicy'))
    .filter(({ Properties }) => Properties.Roles)
    .filter(({ Properties }) => JSON.stringify(Properties.PolicyDocument).includes('kms:Sign'));
  expect(signing.map(({ Properties }) => Properties.Roles)).toEqual([
    [{ Ref: expect.stringMatching('^LedgerCheckpointRole') }],
  ]);
});

test.each([
  ['Checkpoints', 'rate(15 minutes)', 'LedgerCheckpoint'],
  ['Verification', 'cron(25 3 * * ? *)', 'LedgerVerify'],
])('%s run by themselves: %s', (id, schedule, target) => {
  expect(named(resources, id).Properties).toMatchObject({
    ScheduleExpression: schedule,
    State: 'ENABLED',
    Targets: [expect.objectContaining({ Arn: { 'Fn::GetAtt': [expect.stringMatching(`^${target}`), 'Arn'] } })],
  });
});

test('alarms go off for what was not recorded, signed or verified, and for silence', () => {
  const alarms = Object.entries(template.findResources('AWS::CloudWatch::Alarm'));
  expect(
    alarms.map(([id, { Properties }]) => [id.slice(6, -8), Properties.MetricName, Properties.TreatMissingData]),
  ).toEqual([
    ['NotRecorded', 'Errors', 'notBreaching'],
    ['NotSigned', 'Errors', 'notBreaching'],
    ['NotVerified', 'Errors', 'notBreaching'],
    ['NoCheckpoints', 'Checked', 'breaching'],
    ['NoVerification', 'Verified', 'breaching'],
  ]);
  for (const [, { Properties }] of alarms) {
    expect(Properties.AlarmActions).toEqual([{ Ref: expect.stringMatching('^Topic') }]);
  }
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'Palisade/GovernanceLedger',
    MetricName: 'Verified',
    Dimensions: [{ Name: 'Ledger', Value: 'prod/governance' }],
    Period: 86_400,
    Statistic: Match.stringLikeRegexp('^(SampleCount|n)$'),
  });
});

test('digests the records of a system each hour, reads no others, and says when it did not', () => {
  const stack = new LedgerStack();
  const granted: [string, string][] = [];
  const records = {
    bucket: s3.Bucket.fromBucketName(stack, 'Evidence', 'evidence'),
    grantReadRecords: (grantee: iam.IGrantable, system: string) => {
      granted.push([(grantee as unknown as IConstruct).node.id, system]);
      return iam.Grant.drop(grantee, 'a stand-in');
    },
  };
  stack.ledger.digestRecords(records, 'chat');
  expect(granted).toEqual([['Digest-chat', 'chat']]);
  const digesting = Template.fromStack(stack);
  digesting.hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: {
        LEDGER_WRITER: { Ref: Match.stringLikeRegexp('^LedgerWriterchat') },
        RECORDS_BUCKET: 'evidence',
        STAGE: 'prod',
        SYSTEM: 'chat',
        BUCKET: Match.absent(),
      },
    },
  });
  digesting.hasResourceProperties('AWS::Events::Rule', {
    ScheduleExpression: 'cron(20 * * * ? *)',
    Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^LedgerDigestchat'), 'Arn'] } })],
  });
  digesting.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmDescription: 'Inference records of chat have no digest in the ledger',
    AlarmActions: [{ Ref: Match.stringLikeRegexp('^Topic') }],
  });
});

test('passes cdk-nag but for what is accepted: prefixes of a bucket, and no replication', () => {
  const app = appWithFlags();
  new LedgerStack({}, app);
  const own = nagErrors(app).filter((finding) => finding.includes('Stack/Ledger/'));
  const wildcards = own.flatMap(
    (finding) =>
      /^AwsSolutions-IAM5\[Resource::<.*>(.*)\] Stack\/Ledger\/(\w+)Role\//.exec(finding)?.slice(1).join(' ') ?? [],
  );
  expect(wildcards).toEqual([
    '/checkpoints/* Checkpoint',
    '/checkpoints/* Verify',
    '/entries/* Append',
    '/entries/* Checkpoint',
    '/entries/* Verify',
    '/requests/* Append',
  ]);
  expect(own.filter((finding) => !finding.startsWith('AwsSolutions-IAM5'))).toEqual([
    'NIST.800.53.R5-S3BucketReplicationEnabled Stack/Ledger/Bucket/Resource',
  ]);
});
