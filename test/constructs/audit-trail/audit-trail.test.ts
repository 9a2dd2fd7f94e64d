import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import {
  AiService,
  AuditTrail,
  type AuditTrailProps,
  KeyRing,
  ObjectLockMode,
  Purpose,
  WorkloadRole,
} from '../../../constructs';
import { DATA_EVENT_TYPES } from '../../../constructs/audit-trail/ai-service';
import { AuditTrailExample } from '../../../examples/audit-trail';
import { nagErrors } from '../../support/nag';
import { appWith } from './app';

const ENV = { account: '111122223333', region: 'eu-west-1' };
const TRAIL_ARN = 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/palisade-dev-eu-west-1';

interface Selector {
  readonly FieldSelectors: { Field: string; Equals?: string[]; StartsWith?: unknown[]; NotStartsWith?: unknown[] }[];
}

function trailIn(stack: Stack, props: Partial<AuditTrailProps> = {}): AuditTrail {
  const keys = new KeyRing(stack, 'Keys', {
    system: 'platform',
    stage: 'dev',
    purposes: [Purpose.AUDIT, Purpose.LOGS],
  });
  return new AuditTrail(stack, 'AuditTrail', {
    stage: 'dev',
    auditKey: keys.key(Purpose.AUDIT),
    logKey: keys.key(Purpose.LOGS),
    ...props,
  });
}

function stackIn(app = appWith()): Stack {
  return new Stack(app, 'Stack', { env: ENV });
}

function templateOf(props: Partial<AuditTrailProps> = {}): Template {
  const stack = stackIn();
  trailIn(stack, props);
  return Template.fromStack(stack);
}

function selectorsOf(template: Template): Selector[] {
  return Object.values(template.findResources('AWS::CloudTrail::Trail'))[0].Properties.AdvancedEventSelectors;
}

function roleIn(stack: Stack): WorkloadRole {
  return new WorkloadRole(stack, 'Role', {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    description: 'Writes',
  });
}

/** Findings that the exception register accepts: the boundary's ceiling, access logs and replication of buckets. */
const ACCEPTED = [
  'AwsSolutions-IAM5[Resource::*] Stack/WorkloadBoundary/Resource',
  'NIST.800.53.R5-S3BucketReplicationEnabled Stack/AccessLogs/Resource',
  'NIST.800.53.R5-S3BucketReplicationEnabled Stack/AuditTrail/Evidence/Resource',
  'NIST.800.53.R5-S3BucketReplicationEnabled Stack/AuditTrail/Queries/Results/Resource',
  'NIST.800.53.R5-S3DefaultEncryptionKMS Stack/AccessLogs/Resource',
];

/** Invocation logging adds a bucket, a function outside the VPC, and three actions that take no resource. */
const ACCEPTED_WITH_INVOCATION_LOGGING = [
  ...ACCEPTED,
  'AwsSolutions-IAM5[Resource::*] Stack/AuditTrail/InvocationLogging/HandlerRole/Permissions/Resource',
  'NIST.800.53.R5-LambdaInsideVPC Stack/AuditTrail/InvocationLogging/Handler/Resource',
  'NIST.800.53.R5-S3BucketReplicationEnabled Stack/AuditTrail/InvocationLogging/LargeData/Resource',
].sort();

describe('default form', () => {
  const template = templateOf();

  test('the trail covers every Region, is validated, encrypted and searchable', () => {
    template.hasResourceProperties('AWS::CloudTrail::Trail', {
      TrailName: 'palisade-dev-eu-west-1',
      IsLogging: true,
      IsMultiRegionTrail: true,
      IncludeGlobalServiceEvents: true,
      EnableLogFileValidation: true,
      KMSKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^KeysAudit'), 'Arn'] },
      CloudWatchLogsLogGroupArn: Match.anyValue(),
      InsightSelectors: [{ InsightType: 'ApiCallRateInsight' }, { InsightType: 'ApiErrorRateInsight' }],
    });
  });

  test('the trail is made after the policies that CloudTrail tries', () => {
    template.hasResource('AWS::CloudTrail::Trail', {
      DependsOn: Match.arrayWith([
        Match.stringLikeRegexp('EvidencePolicy'),
        Match.stringLikeRegexp('LogRolePermissions'),
      ]),
    });
  });

  test('records management events, object calls and one selector per type of the AI services in use', () => {
    const types = selectorsOf(template).map(({ FieldSelectors }) =>
      FieldSelectors.filter(({ Field }) => Field === 'resources.type').flatMap(({ Equals }) => Equals ?? []),
    );
    expect(types).toEqual([
      [],
      ['AWS::S3::Object'],
      ...[...DATA_EVENT_TYPES[AiService.BEDROCK], ...DATA_EVENT_TYPES[AiService.SAGEMAKER]].map((type) => [type]),
    ]);
    expect(selectorsOf(template)[0].FieldSelectors).toEqual([{ Field: 'eventCategory', Equals: ['Management'] }]);
  });

  test("object calls leave out the trail's own bucket and its access logs, which would feed themselves", () => {
    const [, objects] = selectorsOf(template);
    const arns = objects.FieldSelectors.find(({ Field }) => Field === 'resources.ARN');
    expect(arns?.StartsWith).toBeUndefined();
    expect(JSON.stringify(arns?.NotStartsWith)).toMatch(/Evidence.*AccessLogs/);
  });

  test('the key serves this one trail, and whoever is granted', () => {
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            Principal: { Service: 'cloudtrail.amazonaws.com' },
            Condition: {
              StringEquals: { 'aws:SourceArn': TRAIL_ARN },
              StringLikeIfExists: { 'kms:EncryptionContext:aws:cloudtrail:arn': Match.anyValue() },
            },
          }),
          Match.objectLike({
            Action: 'kms:DescribeKey',
            Principal: { Service: 'cloudtrail.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceArn': TRAIL_ARN } },
          }),
        ]),
      },
    });
  });

  test('evidence is locked, versioned and retained', () => {
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        ObjectLockEnabled: true,
        ObjectLockConfiguration: {
          ObjectLockEnabled: 'Enabled',
          Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1 } },
        },
        VersioningConfiguration: { Status: 'Enabled' },
      },
    });
  });

  test('log groups are encrypted and end', () => {
    template.allResourcesProperties('AWS::Logs::LogGroup', {
      KmsKeyId: Match.anyValue(),
      RetentionInDays: Match.anyValue(),
    });
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 400 });
  });

  test('every principal of the app stays inside the boundary', () => {
    template.allResourcesProperties('AWS::IAM::Role', { PermissionsBoundary: Match.anyValue() });
  });

  test('passes cdk-nag but for what is accepted', () => {
    const app = appWith();
    trailIn(stackIn(app));
    expect(nagErrors(app)).toEqual(ACCEPTED_WITH_INVOCATION_LOGGING);
  });
});

describe('customised form', () => {
  const props: Partial<AuditTrailProps> = {
    objectLock: { mode: ObjectLockMode.COMPLIANCE, retention: Duration.days(365) },
    services: [AiService.BEDROCK_AGENTCORE],
    datasetBucketPrefixes: ['credit-'],
    logRetention: logs.RetentionDays.TWO_YEARS,
    queryRegions: ['eu-west-1', 'eu-central-1'],
  };
  const template = templateOf(props);

  test('COMPLIANCE holds evidence for the given time', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 365 } } },
    });
  });

  test('object calls are those of the named buckets, and still not of the trail', () => {
    const [, objects] = selectorsOf(template);
    expect(objects.FieldSelectors[2]).toMatchObject({
      StartsWith: ['arn:aws:s3:::credit-'],
      NotStartsWith: [expect.anything(), expect.anything()],
    });
  });

  test('without Bedrock there is no invocation logging', () => {
    template.resourceCountIs('Custom::BedrockInvocationLogging', 0);
    template.resourceCountIs('AWS::Lambda::Function', 0);
  });

  test('the table covers the given Regions', () => {
    template.hasResourceProperties('AWS::Glue::Table', {
      TableInput: { Parameters: Match.objectLike({ 'projection.region.values': 'eu-west-1,eu-central-1' }) },
    });
  });

  test('passes cdk-nag but for what is accepted', () => {
    const app = appWith();
    trailIn(stackIn(app), props);
    expect(nagErrors(app)).toEqual(ACCEPTED);
  });

  test('evidence goes only when both switches are on', () => {
    const app = appWith({ 'palisade:allowDataRemoval': true });
    const stack = stackIn(app);
    trailIn(stack, { removalPolicy: RemovalPolicy.DESTROY });
    const policies = Object.entries(Template.fromStack(stack).findResources('AWS::S3::Bucket')).map(([id, bucket]) => [
      id.replace(/[0-9A-F]{8}$/, ''),
      bucket.DeletionPolicy,
    ]);
    expect(Object.fromEntries(policies)).toMatchObject({ AuditTrailEvidence: 'Delete' });
  });
});

describe('grants', () => {
  test('a writer of a later stack adds records of its own system, and nothing else', () => {
    const app = appWith();
    const stack = stackIn(app);
    const later = new Stack(app, 'Later', { env: ENV });
    trailIn(stack).grantWriteRecords(roleIn(later), 'credit-scoring');
    const template = Template.fromStack(later);
    const [policy] = Object.values(template.findResources('AWS::IAM::ManagedPolicy')).filter(
      ({ Properties }) => Properties.Roles,
    );
    expect(policy.Properties.PolicyDocument.Statement).toMatchObject([
      { Action: 's3:PutObject', Resource: { 'Fn::Join': ['', [expect.anything(), '/records/credit-scoring/*']] } },
      { Action: 'kms:GenerateDataKey' },
    ]);
    template.hasResourceProperties('AWS::IAM::Role', {
      Tags: [{ Key: 'palisade:key/dev/platform/audit', Value: 'use' }],
    });
  });

  test('a reader lists and decrypts the records of one system', () => {
    const stack = stackIn();
    trailIn(stack).grantReadRecords(roleIn(stack), 'credit-scoring');
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::ManagedPolicy', {
      Roles: [{ Ref: Match.stringLikeRegexp('^Role') }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Condition: { StringLike: { 's3:prefix': 'records/credit-scoring/*' } } }),
          Match.objectLike({ Action: 'kms:Decrypt' }),
        ]),
      },
    });
  });

  test('an auditor queries the trail, and does not read records', () => {
    const stack = stackIn();
    const trail = trailIn(stack);
    trail.grantQuery(roleIn(stack));
    const policies = Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy', {
      Properties: { Roles: [{ Ref: Match.stringLikeRegexp('^Role') }] },
    });
    const text = JSON.stringify(policies);
    expect(text).toContain('athena:StartQueryExecution');
    expect(text).toContain(`table/${trail.databaseName}/*`);
    expect(text).toContain('/AWSLogs/*');
    expect(text).not.toContain('records/');
  });
});

describe('bad input', () => {
  test.each<[string, string, Partial<AuditTrailProps>]>([
    ['a stage that is no name', 'PALISADE-A001', { stage: 'Prod' }],
    [
      'a retention below a day',
      'PALISADE-A002',
      { objectLock: { mode: ObjectLockMode.COMPLIANCE, retention: Duration.hours(12) } },
    ],
    [
      'a retention of no whole days',
      'PALISADE-A002',
      { objectLock: { mode: ObjectLockMode.COMPLIANCE, retention: Duration.hours(36) } },
    ],
    ['no services', 'PALISADE-A003', { services: [] }],
    ['no buckets', 'PALISADE-A003', { datasetBucketPrefixes: [] }],
    ['no Regions', 'PALISADE-A003', { queryRegions: [] }],
  ])('refuses %s', (_what, code, props) => {
    expect(() => trailIn(stackIn(), props)).toThrow(expect.objectContaining({ code }));
  });

  test('refuses to guess the Region', () => {
    expect(() => trailIn(new Stack())).toThrow(expect.objectContaining({ code: 'PALISADE-A004' }));
  });

  test('refuses a system that would leave its folder', () => {
    const stack = stackIn();
    const trail = trailIn(stack);
    const grant = () => trail.grantWriteRecords(roleIn(stack), '*');
    expect(grant).toThrow(expect.objectContaining({ code: 'PALISADE-A001' }));
  });
});

test('the example synthesizes', () => {
  const template = Template.fromStack(new AuditTrailExample(appWith()));
  template.hasResourceProperties('AWS::CloudTrail::Trail', { TrailName: 'palisade-prod-eu-west-1' });
});
