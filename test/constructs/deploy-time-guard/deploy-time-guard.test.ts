import * as fs from 'node:fs';
import * as path from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { GuardedOperation, GuardFailureMode } from '../../../constructs/deploy-time-guard';
import { loadAssembly } from '../../../lib/analysis';
import { evaluateRules, RULES } from '../../../lib/compliance';
import { graphOf } from '../../support/graph';
import { evaluate } from '../../support/iam';
import { withChanged } from '../../support/mutations';
import { nagErrors } from '../../support/nag';
import { guarded, POLICY, propertiesOf } from './guarded';

const HOOK = 'AWS::CloudFormation::GuardHook';
const ASSETS = 'cdk-hnb659fds-assets-111122223333-eu-west-1';
const HOOK_ARN = 'arn:aws:cloudformation:eu-west-1:111122223333:type/hook/Palisade-Guard-DeployTime';

/** Findings that the exception register accepts for every stack: the boundary's ceiling, access logs, replication. */
const ACCEPTED = [
  `AwsSolutions-IAM5[Resource::*] Stack/WorkloadBoundary/Resource`,
  `AwsSolutions-IAM5[Resource::<GuardReports4DC18FE7.Arn>/*] Stack/Guard/Role/Permissions/Resource`,
  `AwsSolutions-IAM5[Resource::arn:aws:s3:::${ASSETS}/*.guard] Stack/Guard/Role/Permissions/Resource`,
  'NIST.800.53.R5-S3BucketReplicationEnabled Stack/AccessLogs/Resource',
  'NIST.800.53.R5-S3BucketReplicationEnabled Stack/Guard/Reports/Resource',
  'NIST.800.53.R5-S3DefaultEncryptionKMS Stack/AccessLogs/Resource',
];

const CUSTOMISED = {
  alias: 'Company::Guard::TryOut',
  failureMode: GuardFailureMode.WARN,
  excludedStacks: ['network-*'],
  reportRetention: Duration.days(30),
  removalPolicy: RemovalPolicy.DESTROY,
};

describe('the hook', () => {
  test('stops what breaks a rule, before a stack creates or updates a resource of a judged service', () => {
    expect(propertiesOf(guarded().stack, HOOK)).toEqual({
      Alias: 'Palisade::Guard::DeployTime',
      ExecutionRole: { 'Fn::GetAtt': [expect.stringMatching(/^GuardRole/), 'Arn'] },
      FailureMode: 'FAIL',
      HookStatus: 'ENABLED',
      LogBucket: { Ref: expect.stringMatching(/^GuardReports/) },
      RuleLocation: { Uri: expect.stringMatching(new RegExp(`^s3://${ASSETS}/[0-9a-f]{64}\\.guard$`)) },
      StackFilters: { FilteringCriteria: 'ALL', StackNames: { Exclude: ['Stack', 'CDKToolkit'] } },
      TargetFilters: {
        Actions: ['CREATE', 'UPDATE'],
        InvocationPoints: ['PRE_PROVISION'],
        TargetNames: ['AWS::SageMaker::*'],
      },
      TargetOperations: ['RESOURCE'],
    });
  });

  test('comes after its role, the permissions of the role and the bucket', () => {
    const { stack } = guarded();
    const [hook] = Object.values(Template.fromStack(stack).findResources(HOOK));
    const order = [/^GuardRole(?!Permissions)/, /^GuardRolePermissions/, /^GuardReports(?!Policy)/];
    expect(order.map((id) => hook.DependsOn.some((other: string) => id.test(other)))).toEqual([true, true, true]);
  });

  test('reads what the policy says: its asset has that text, and the same text has the same name', () => {
    const { app, stack } = guarded();
    const uriOf = (props: object) => propertiesOf(guarded(props).stack, HOOK).RuleLocation;
    const { RuleLocation } = propertiesOf(stack, HOOK) as { RuleLocation: { Uri: string } };
    const [, hash] = /\/([0-9a-f]+)\.guard$/.exec(RuleLocation.Uri) ?? [];
    const staged = path.join(app.synth().directory, `asset.${hash}.guard`);
    expect(fs.readFileSync(staged, 'utf8')).toBe(POLICY);
    expect(uriOf({})).toEqual(RuleLocation);
    expect(uriOf({ policy: `${POLICY}\n# another\n` })).not.toEqual(RuleLocation);
  });

  test('warns under another name, and leaves stacks out, where it is told to', () => {
    expect(propertiesOf(guarded(CUSTOMISED).stack, HOOK)).toMatchObject({
      Alias: 'Company::Guard::TryOut',
      FailureMode: 'WARN',
      StackFilters: { StackNames: { Exclude: ['Stack', 'network-*'] } },
    });
  });

  test('never judges its own stack, whose repair it would stop', () => {
    expect(propertiesOf(guarded({ excludedStacks: [] }).stack, HOOK)).toMatchObject({
      StackFilters: { StackNames: { Exclude: ['Stack'] } },
    });
  });

  test('judges calls of the Cloud Control API without names of stacks, which it would ignore', () => {
    const hook = propertiesOf(guarded({ operation: GuardedOperation.CLOUD_CONTROL }).stack, HOOK);
    expect([hook.TargetOperations, hook.StackFilters]).toEqual([['CLOUD_CONTROL'], undefined]);
  });
});

describe('the role', () => {
  const { app, stack } = guarded();
  const graph = graphOf(app);
  const REPORTS = `${graph.atPath('Guard/Reports')[0].arn}/report.json`;
  const KEY = 'Keys/Logs';

  test.each([
    ['s3:GetObject', `arn:aws:s3:::${ASSETS}/0123.guard`, 'allow'],
    ['s3:GetObjectVersion', `arn:aws:s3:::${ASSETS}/0123.guard`, 'allow'],
    ['s3:ListBucket', `arn:aws:s3:::${ASSETS}`, 'allow'],
    ['s3:GetObject', `arn:aws:s3:::${ASSETS}/0123.json`, 'deny (implicit)'],
    ['s3:PutObject', `arn:aws:s3:::${ASSETS}/0123.guard`, 'deny (implicit)'],
    ['s3:PutObject', REPORTS, 'allow'],
    ['s3:GetObject', REPORTS, 'deny (implicit)'],
    ['s3:DeleteObject', REPORTS, 'deny (implicit)'],
    ['kms:GenerateDataKey', KEY, 'allow'],
    ['kms:Decrypt', KEY, 'allow'],
    ['kms:ScheduleKeyDeletion', KEY, 'deny (explicit)'],
  ])('%s on %s: %s', async (action, resource, decision) => {
    expect(await evaluate(graph, { principal: 'Guard/Role', action, resource })).toBe(decision);
  });

  test('gains nothing from an administrator policy that somebody attaches: its boundary holds', async () => {
    const attached = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
    const request = { principal: 'Guard/Role', attached, action: 's3:DeleteObject', resource: REPORTS };
    const bare = withChanged(
      loadAssembly(app.synth().directory),
      'Guard/Role',
      ({ PermissionsBoundary, ...rest }) => rest,
    );
    expect([await evaluate(graph, request), await evaluate(bare, request)]).toEqual(['deny (implicit)', 'allow']);
  });

  test('is assumed by CloudFormation, for this hook of this account only', () => {
    expect(propertiesOf(stack, 'AWS::IAM::Role').AssumeRolePolicyDocument).toMatchObject({
      Statement: [
        {
          Action: 'sts:AssumeRole',
          Condition: {
            ArnLike: { 'aws:SourceArn': [HOOK_ARN, `${HOOK_ARN}/*`] },
            StringEquals: { 'aws:SourceAccount': '111122223333' },
          },
          Effect: 'Allow',
          Principal: { Service: 'hooks.cloudformation.amazonaws.com' },
        },
      ],
    });
  });

  test('may decrypt rules in a bootstrap bucket that has a key', () => {
    const keyArn = 'arn:aws:kms:eu-west-1:111122223333:key/bootstrap';
    const bootstrapKey = kms.Key.fromKeyArn(guarded().stack, 'Bootstrap', keyArn);
    const policy = propertiesOf(guarded({ bootstrapKey }).stack, 'AWS::IAM::ManagedPolicy', 'GuardRole');
    const { Statement } = policy.PolicyDocument as { Statement: object[] };
    expect(Statement).toContainEqual({ Action: 'kms:Decrypt', Effect: 'Allow', Resource: keyArn });
  });
});

describe('reports', () => {
  test('end after a year, or earlier', () => {
    const daysOf = (props: object) => {
      const bucket = propertiesOf(guarded(props).stack, 'AWS::S3::Bucket', 'GuardReports');
      const { Rules } = bucket.LifecycleConfiguration as { Rules: { ExpirationInDays?: number }[] };
      return Rules.flatMap(({ ExpirationInDays }) => ExpirationInDays ?? []);
    };
    expect([daysOf({}), daysOf(CUSTOMISED)]).toEqual([[365], [30]]);
  });
});

describe.each([
  ['default', {}, []],
  // A hook that only warns is what the pack warns of.
  ['customised', CUSTOMISED, ['DeployTimeHook warning']],
])('in its %s form', (_, props, found) => {
  test('has no finding of the pack but what was chosen', () => {
    const results = evaluateRules(graphOf(guarded(props).app), RULES);
    const findings = results.flatMap(({ violations, unresolvable }) => [...violations, ...unresolvable]);
    expect(findings.map(({ rule, level }) => `${rule.id} ${level}`)).toEqual(found);
  });

  test('has no finding of cdk-nag that the register does not accept', () => {
    expect(nagErrors(guarded(props).app)).toEqual(ACCEPTED);
  });
});

describe('refuses', () => {
  const manyTypes = Array.from({ length: 51 }, (_, n) => `let a${n} = Resources.*[ Type == 'AWS::S${n}x::T' ]`).join(
    '\n',
  );

  test.each([
    ['an empty policy', { policy: '' }, 'PALISADE-C101'],
    ['a rule on every resource', { policy: 'rule x { Resources.* { Type exists } }' }, 'PALISADE-C101'],
    ['a rule whose types it cannot read', { policy: `${POLICY}let b = Resources.*[ Type == /S3/ ]` }, 'PALISADE-C101'],
    ['types of 51 services', { policy: manyTypes }, 'PALISADE-C101'],
    ['an alias of two parts', { alias: 'Palisade::Guard' }, 'PALISADE-C102'],
    ["an alias of AWS's", { alias: 'AwsX::Guard::DeployTime' }, 'PALISADE-C102'],
    ['the ARN of a stack', { excludedStacks: ['arn:aws:cloudformation:x'] }, 'PALISADE-C103'],
    ['50 stacks beside its own', { excludedStacks: Array.from({ length: 50 }, (_, n) => `s${n}`) }, 'PALISADE-C103'],
  ])('%s', (_, props, code) => {
    expect(() => guarded(props)).toThrow(code);
  });
});
