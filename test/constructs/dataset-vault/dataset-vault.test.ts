import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DatasetVault, type DatasetVaultProps, KeyRing, Purpose } from '../../../constructs';
import { nagErrors } from '../../support/nag';
import { roleIn, vaultIn } from './vault';

const vaultTemplate = (props?: Omit<DatasetVaultProps, 'keys'>) => {
  const stack = new Stack();
  vaultIn(stack, props);
  return Template.fromStack(stack);
};
const lifecycle = (template: Template) => {
  const buckets = Object.entries(template.findResources('AWS::S3::Bucket'));
  const [, bucket] = buckets.find(([id]) => id.startsWith('Vault')) ?? [];
  return bucket?.Properties.LifecycleConfiguration.Rules;
};

/** Which objects a role may touch can only be said by their prefix. */
const objectsUnder = (prefix: string, ...roles: string[]) =>
  roles.map(
    (role) => `AwsSolutions-IAM5[Resource::<VaultBucket0925C477.Arn>/${prefix}/*] Stack/${role}/Permissions/Resource`,
  );
const OF_EVERY_BUCKET = [
  'NIST.800.53.R5-S3BucketReplicationEnabled Stack/AccessLogs/Resource',
  'NIST.800.53.R5-S3BucketReplicationEnabled Stack/Vault/Bucket/Resource',
  'NIST.800.53.R5-S3DefaultEncryptionKMS Stack/AccessLogs/Resource',
];

function networkIn(stack: Stack) {
  const vpc = new ec2.Vpc(stack, 'Vpc', {
    natGateways: 0,
    subnetConfiguration: [{ name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
    restrictDefaultSecurityGroup: false,
  });
  const securityGroup = new ec2.SecurityGroup(stack, 'Group', { vpc, allowAllOutbound: false, description: 'Test' });
  return { vpc, securityGroup };
}

describe('default form', () => {
  test('a versioned bucket under the DATA key with bucket keys, retained', () => {
    const template = vaultTemplate();
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        VersioningConfiguration: { Status: 'Enabled' },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            {
              BucketKeyEnabled: true,
              ServerSideEncryptionByDefault: {
                SSEAlgorithm: 'aws:kms',
                KMSMasterKeyID: { 'Fn::GetAtt': [Match.stringLikeRegexp('^KeysData'), 'Arn'] },
              },
            },
          ],
        },
      },
    });
  });

  test('two functions: one seals one call at a time, both have time and a full processor', () => {
    const template = vaultTemplate();
    template.allResourcesProperties('AWS::Lambda::Function', { Timeout: 900, MemorySize: 1769 });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Description: 'Seals datasets of credit-scoring in dev',
      ReservedConcurrentExecutions: 1,
      Environment: { Variables: { VAULT_PURPOSES: 'training', SEAL_KEY_ARN: Match.anyValue() } },
    });
  });

  test('deliveries end after 30 days, noncurrent versions after 90, sealed data never', () => {
    expect(lifecycle(vaultTemplate())).toEqual([
      { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 }, Status: 'Enabled' },
      {
        Id: 'Quarantine',
        Prefix: 'quarantine/',
        ExpirationInDays: 30,
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
        Status: 'Enabled',
      },
      {
        Id: 'Approved',
        Prefix: 'approved/',
        NoncurrentVersionExpiration: { NoncurrentDays: 90 },
        Status: 'Enabled',
      },
      { Id: 'DeleteMarkers', ExpiredObjectDeleteMarker: true, Status: 'Enabled' },
    ]);
  });

  test('the data key is granted for the context of this bucket only', () => {
    const stack = new Stack();
    const vault = vaultIn(stack);
    vault.grantIngest(roleIn(stack, 'Collector'));
    vault.grantRead(roleIn(stack, 'Trainer'), { purpose: 'training' });
    const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy'));
    const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    const onData = statements.filter((statement) => JSON.stringify(statement.Resource).includes('KeysData'));
    expect(onData).toHaveLength(4);
    for (const { Condition } of onData) {
      expect(Condition).toEqual({
        StringEquals: {
          'kms:EncryptionContext:aws:s3:arn': { 'Fn::GetAtt': [expect.stringMatching('^VaultBucket'), 'Arn'] },
        },
      });
    }
  });

  test('cdk-nag finds the objects of a prefix, the missing network, and what it finds of every bucket', () => {
    const app = new App();
    vaultIn(new Stack(app, 'Stack'));
    expect(nagErrors(app)).toEqual([
      'AwsSolutions-IAM5[Resource::*] Stack/WorkloadBoundary/Resource',
      ...objectsUnder('approved', 'Vault/SealRole', 'Vault/VerifyRole'),
      ...objectsUnder('quarantine', 'Vault/SealRole'),
      'NIST.800.53.R5-LambdaInsideVPC Stack/Vault/Seal/Resource',
      'NIST.800.53.R5-LambdaInsideVPC Stack/Vault/Verify/Resource',
      ...OF_EVERY_BUCKET,
    ]);
  });
});

describe('customised form', () => {
  test('retention comes from the manifest: for the vault, and for single datasets', () => {
    const rules = lifecycle(
      vaultTemplate({
        quarantineRetention: Duration.days(7),
        retention: Duration.days(3650),
        noncurrentRetention: Duration.days(14),
        datasetRetention: { applications: Duration.days(730) },
      }),
    );
    expect(rules).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ Id: 'Quarantine', ExpirationInDays: 7 }),
        expect.objectContaining({
          Id: 'Approved',
          ExpirationInDays: 3650,
          NoncurrentVersionExpiration: { NoncurrentDays: 14 },
        }),
        { Id: 'Dataset-applications', Prefix: 'approved/applications/', ExpirationInDays: 730, Status: 'Enabled' },
      ]),
    );
  });

  test('functions join the network, keep logs as told, and know the purposes', () => {
    const stack = new Stack();
    vaultIn(stack, {
      network: networkIn(stack),
      purposes: ['training', 'evaluation'],
      logRetention: RetentionDays.ONE_YEAR,
    });
    const template = Template.fromStack(stack);
    template.allResourcesProperties('AWS::Lambda::Function', { VpcConfig: { SubnetIds: Match.anyValue() } });
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { VAULT_PURPOSES: 'training,evaluation' } },
    });
  });

  test('data is destroyed only when both switches are on', () => {
    const policyOf = (context: Record<string, unknown>, removalPolicy?: RemovalPolicy) => {
      const stack = new Stack(new App({ context }), 'Stack');
      vaultIn(stack, { removalPolicy });
      const buckets = Object.entries(Template.fromStack(stack).findResources('AWS::S3::Bucket'));
      return buckets.find(([id]) => id.startsWith('Vault'))?.[1].DeletionPolicy;
    };
    expect(policyOf({}, RemovalPolicy.DESTROY)).toBe('Retain');
    expect(policyOf({ 'palisade:allowDataRemoval': true })).toBe('Retain');
    expect(policyOf({ 'palisade:allowDataRemoval': true }, RemovalPolicy.DESTROY)).toBe('Delete');
  });

  test('cdk-nag finds nothing else of the grants, and nothing of the network', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    const vault = vaultIn(stack, { network: networkIn(stack), retention: Duration.days(365) });
    vault.grantIngest(roleIn(stack, 'Collector'));
    vault.grantRead(roleIn(stack, 'Trainer'), { purpose: 'training' });
    vault.grantSeal(roleIn(stack, 'Steward'));
    vault.grantVerify(roleIn(stack, 'Auditor'));
    expect(nagErrors(app).filter((finding) => !finding.includes('Stack/Vpc/'))).toEqual([
      'AwsSolutions-IAM5[Resource::*] Stack/NetworkInterfaces/Resource',
      'AwsSolutions-IAM5[Resource::*] Stack/WorkloadBoundary/Resource',
      ...objectsUnder('approved', 'Trainer', 'Vault/SealRole', 'Vault/VerifyRole'),
      ...objectsUnder('quarantine', 'Collector', 'Vault/SealRole'),
      ...OF_EVERY_BUCKET,
    ]);
  });
});

describe('grants', () => {
  test('a reader in a later stack needs no reference back', () => {
    const app = new App();
    const data = new Stack(app, 'Data');
    const training = new Stack(app, 'Training');
    const vault = vaultIn(data);
    const before = JSON.stringify(data.resolve(vault.bucket.policy?.document));
    vault.grantRead(roleIn(training, 'Trainer'), { purpose: 'training' });
    expect(JSON.stringify(data.resolve(vault.bucket.policy?.document))).toBe(before);
    Template.fromStack(training).hasResourceProperties('AWS::IAM::Role', {
      Tags: [{ Key: 'palisade:key/dev/credit-scoring/data', Value: 'use' }],
    });
    app.synth();
  });

  test('sealing and verifying are invoked by exact name', () => {
    const stack = new Stack();
    const vault = vaultIn(stack);
    vault.grantSeal(roleIn(stack, 'Steward'));
    vault.grantVerify(roleIn(stack, 'Auditor'));
    const template = Template.fromStack(stack);
    for (const [role, handler] of [
      ['Steward', 'VaultSeal'],
      ['Auditor', 'VaultVerify'],
    ]) {
      template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
        Roles: [{ Ref: Match.stringLikeRegexp(`^${role}`) }],
        PolicyDocument: {
          Statement: [
            {
              Action: 'lambda:InvokeFunction',
              Effect: 'Allow',
              Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp(`^${handler}`), 'Arn'] },
            },
          ],
        },
      });
    }
  });
});

describe('bad input', () => {
  const code = (value: string) => expect.objectContaining({ code: value });

  test.each<[Omit<DatasetVaultProps, 'keys'>, string]>([
    [{ retention: Duration.hours(12) }, 'PALISADE-D001'],
    [{ quarantineRetention: Duration.days(0) }, 'PALISADE-D001'],
    [{ noncurrentRetention: Duration.days(36_501) }, 'PALISADE-D001'],
    [{ datasetRetention: { a: Duration.hours(1) } }, 'PALISADE-D001'],
    [{ datasetRetention: { 'a/b': Duration.days(1) } }, 'PALISADE-S003'],
    [{ purposes: [] }, 'PALISADE-D002'],
    [{ purposes: ['training', 'training'] }, 'PALISADE-D002'],
    [{ purposes: ['a,b'] }, 'PALISADE-S003'],
  ])('%j', (props, expected) => {
    const stack = new Stack();
    expect(() => vaultIn(stack, props)).toThrow(code(expected));
    Template.fromStack(stack).resourceCountIs('AWS::S3::Bucket', 0);
  });

  test('a purpose that the vault does not serve cannot be granted', () => {
    const stack = new Stack();
    const vault = vaultIn(stack);
    expect(() => vault.grantRead(roleIn(stack, 'Trainer'), { purpose: 'marketing' })).toThrow(code('PALISADE-D003'));
  });

  test('a ring without the purposes is refused', () => {
    const stack = new Stack();
    const keys = new KeyRing(stack, 'Keys', { system: 'a', stage: 'dev', purposes: [Purpose.LOGS] });
    expect(() => new DatasetVault(stack, 'Vault', { keys })).toThrow(code('PALISADE-K002'));
  });
});
