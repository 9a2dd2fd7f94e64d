import { evaluateRules } from '../../../../lib/compliance/engine';
import { STORAGE_RULES } from '../../../../lib/compliance/rules/storage';
import { s3AccessLogged } from '../../../../lib/compliance/rules/storage/access-logged';
import { s3AuditDeletionDenied } from '../../../../lib/compliance/rules/storage/audit-deletion-denied';
import { s3AuditObjectLock } from '../../../../lib/compliance/rules/storage/audit-object-lock';
import { s3AuditRetained } from '../../../../lib/compliance/rules/storage/audit-retained';
import { backupPlanCovers } from '../../../../lib/compliance/rules/storage/backup-plan-covers';
import { backupVaultLocked } from '../../../../lib/compliance/rules/storage/backup-vault-locked';
import { s3CmkEncryption } from '../../../../lib/compliance/rules/storage/cmk-encryption';
import { dynamoDbProtected } from '../../../../lib/compliance/rules/storage/dynamodb-protected';
import { ecrHardened } from '../../../../lib/compliance/rules/storage/ecr-hardened';
import { ecrSigned } from '../../../../lib/compliance/rules/storage/ecr-signed';
import { fileSystemEncrypted } from '../../../../lib/compliance/rules/storage/file-system-encrypted';
import { s3Lifecycle } from '../../../../lib/compliance/rules/storage/lifecycle';
import { s3MalwareScan } from '../../../../lib/compliance/rules/storage/malware-scan';
import { s3PublicAccessBlocked } from '../../../../lib/compliance/rules/storage/public-access-blocked';
import { s3TlsOnly } from '../../../../lib/compliance/rules/storage/tls-only';
import { s3Versioned } from '../../../../lib/compliance/rules/storage/versioned';
import { s3VpceRestricted } from '../../../../lib/compliance/rules/storage/vpce-restricted';
import { graphFrom } from '../../../support/graph';
import { guardJudge } from '../../../support/guard';
import { changed, describeRules, verdict } from '../../../support/rules';

describeRules(STORAGE_RULES);

const AI = [{ Key: 'ai:system-id', Value: 'x' }];
const tag = (Key: string, Value: string) => ({ Key, Value });
const bucket = (Properties: object, rest: object = {}) => ({ Type: 'AWS::S3::Bucket', Properties, ...rest });
const policy = (...Statement: object[]) => ({
  Type: 'AWS::S3::BucketPolicy',
  Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Statement } },
});
const trailTo = { Type: 'AWS::CloudTrail::Trail', Properties: { S3BucketName: { Ref: 'Bucket' } } };
const deny = (rest: object) => ({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', ...rest });

describe('S3PublicAccessBlocked', () => {
  const { Bucket } = s3PublicAccessBlocked.compliant;
  const owned = (ObjectOwnership: string, Tags?: object[]) =>
    verdict(s3PublicAccessBlocked, {
      Bucket: bucket({ ...Bucket.Properties, OwnershipControls: { Rules: [{ ObjectOwnership }] }, Tags }),
    });

  test('ACLs are for others to use, and not for buckets of an AI system', () => {
    expect(owned('ObjectWriter')).toBe('compliant');
    expect(owned('ObjectWriter', AI)).toEqual(['OwnershipControls.Rules.0.ObjectOwnership']);
    expect(owned('BucketOwnerEnforced', AI)).toBe('compliant');
  });

  test('Guard asks the same of a tagged bucket', () => {
    const byGuard = guardJudge([s3PublicAccessBlocked]);
    const withAcls = (Tags: object[]) =>
      byGuard(
        changed(s3PublicAccessBlocked.compliant, 'Bucket', {
          OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] },
          Tags,
        }),
      );
    expect(withAcls(AI)).toEqual(['S3PublicAccessBlocked']);
    expect(withAcls([tag('team', 'x')])).toEqual([]);
  });

  test('three blocks of four are a hole; text counts as a boolean', () => {
    const weakened = (block: object) =>
      verdict(s3PublicAccessBlocked, {
        Bucket: bucket({
          PublicAccessBlockConfiguration: {
            ...(Bucket.Properties as { PublicAccessBlockConfiguration: object }).PublicAccessBlockConfiguration,
            ...block,
          },
        }),
      });
    expect(weakened({ RestrictPublicBuckets: 'true' })).toBe('compliant');
    expect(weakened({ RestrictPublicBuckets: false })).toEqual([
      'PublicAccessBlockConfiguration.RestrictPublicBuckets',
    ]);
  });
});

describe('S3CmkEncryption', () => {
  const AT = 'BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault';
  const encrypted = (ServerSideEncryptionByDefault: object, rest: object = {}) =>
    bucket({
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault }] },
      Tags: AI,
      ...rest,
    });

  test.each([
    ["the owner's key", { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/own' }, 'compliant'],
    ['two layers of it', { SSEAlgorithm: 'aws:kms:dsse', KMSMasterKeyID: 'alias/own' }, 'compliant'],
    ["AWS's own key by name", { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/aws/s3' }, [`${AT}.KMSMasterKeyID`]],
    ["AWS's own key by default", { SSEAlgorithm: 'aws:kms' }, [`${AT}.KMSMasterKeyID`]],
    ['S3-managed keys', { SSEAlgorithm: 'AES256' }, [`${AT}.SSEAlgorithm`]],
  ])('%s: %j', (_, encryption, expected) => {
    expect(verdict(s3CmkEncryption, { Bucket: encrypted(encryption) })).toEqual(expected);
  });

  test('S3-managed keys are enough for access logs only, whoever writes them', () => {
    const Logs = encrypted({ SSEAlgorithm: 'AES256' });
    const Source = encrypted(
      { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'key' },
      { LoggingConfiguration: { DestinationBucketName: { Ref: 'Logs' } } },
    );
    const Balancer = {
      Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
      Properties: { LoadBalancerAttributes: [{ Key: 'access_logs.s3.bucket', Value: { Ref: 'Logs' } }] },
    };
    expect(verdict(s3CmkEncryption, { Logs })).toEqual([`${AT}.SSEAlgorithm`]);
    expect(verdict(s3CmkEncryption, { Logs, Source })).toBe('compliant');
    expect(verdict(s3CmkEncryption, { Logs, Balancer })).toBe('not applicable');
  });

  test('pages that a CDN serves to everybody are no secret, unless somebody says so', () => {
    const DomainName = { 'Fn::GetAtt': ['Bucket', 'RegionalDomainName'] };
    const cdn = (DistributionConfig: object) => ({
      Cdn: { Type: 'AWS::CloudFront::Distribution', Properties: { DistributionConfig } },
    });
    const site = cdn({ Origins: [{ Id: 'site', DomainName }] });
    const pages = (tags: object[], more: object) =>
      [s3CmkEncryption, s3Versioned].map((rule) => verdict(rule, { Bucket: bucket({ Tags: tags }), ...more }));
    const asked = [['BucketEncryption.ServerSideEncryptionConfiguration'], ['VersioningConfiguration.Status']];
    expect(pages(AI, site)).toEqual(['not applicable', 'not applicable']);
    expect(pages([...AI, tag('ai:data-class', 'public')], site)).toEqual(['not applicable', 'not applicable']);
    expect(pages([...AI, tag('ai:data-class', 'personal')], site)).toEqual(asked);
    expect(pages(AI, cdn({ Logging: { Bucket: DomainName } }))).toEqual(asked);
    expect(pages(AI, {})).toEqual(asked);
  });

  test("a stranger's bucket is none of its business", () => {
    expect(verdict(s3CmkEncryption, { Bucket: bucket({}) })).toBe('not applicable');
  });
});

describe('S3TlsOnly', () => {
  const secure = { Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
  const tls = (...statements: object[]) => verdict(s3TlsOnly, { Bucket: bucket({}), Policy: policy(...statements) });

  test('is asked of the bucket where it has no policy, and else of the policy', () => {
    expect(verdict(s3TlsOnly, { Bucket: bucket({}) })).toEqual(['PolicyDocument']);
    expect(tls(deny(secure))).toBe('compliant');
  });

  test('covers the objects and the bucket, in one statement or in two', () => {
    expect(tls(deny({ ...secure, Resource: 'arn:aws:s3:::b/*' }))).toEqual(['PolicyDocument']);
    expect(tls(deny({ ...secure, Resource: 'arn:aws:s3:::b' }))).toEqual(['PolicyDocument']);
    expect(tls(deny({ ...secure, Resource: ['arn:aws:s3:::b', 'arn:aws:s3:::b/logs/*'] }))).toEqual(['PolicyDocument']);
    expect(
      tls(deny({ ...secure, Resource: 'arn:aws:s3:::b' }), deny({ ...secure, Resource: 'arn:aws:s3:::b/*' })),
    ).toBe('compliant');
  });

  test('holds back everyone but services of AWS: a further condition is a way around it', () => {
    const and = (more: object) => tls(deny({ Condition: { Bool: { 'aws:SecureTransport': 'false', ...more } } }));
    expect(and({ 'aws:PrincipalIsAWSService': 'false' })).toBe('compliant');
    expect(and({ 'aws:PrincipalIsAWSService': 'true' })).not.toBe('compliant');
    expect(
      tls(deny({ Condition: { ...secure.Condition, StringNotEquals: { 'aws:PrincipalTag/role': 'admin' } } })),
    ).not.toBe('compliant');
  });

  test('bucket and policy that take their name from one parameter belong together', () => {
    const Parameters = { Name: { Type: 'String' } };
    const named = {
      Bucket: bucket({ BucketName: { Ref: 'Name' } }),
      Policy: {
        ...policy(),
        Properties: { Bucket: { Ref: 'Name' }, PolicyDocument: { Statement: deny(secure) } },
      },
    };
    const [{ violations }] = evaluateRules(graphFrom({ Parameters, Resources: named }), [s3TlsOnly]);
    expect(violations).toEqual([]);
  });
});

describe('S3Versioned', () => {
  test('Object Lock keeps versions by itself; access logs need none', () => {
    expect(verdict(s3Versioned, { Bucket: bucket({ ObjectLockEnabled: true, Tags: AI }) })).toBe('compliant');
    expect(verdict(s3Versioned, { Bucket: bucket({ AccessControl: 'LogDeliveryWrite', Tags: AI }) })).toBe(
      'not applicable',
    );
    const VersioningConfiguration = { Status: 'Suspended' };
    expect(verdict(s3Versioned, { Bucket: bucket({ VersioningConfiguration, Tags: AI }) })).toEqual([
      'VersioningConfiguration.Status',
    ]);
  });
});

describe('the audit record', () => {
  const RETENTION = 'ObjectLockConfiguration.Rule.DefaultRetention';
  const locked = (DefaultRetention: object, stage?: string) =>
    verdict(s3AuditObjectLock, {
      Bucket: bucket({
        ObjectLockEnabled: true,
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention } },
        Tags: stage ? [tag('ai:stage', stage)] : AI,
      }),
      Trail: trailTo,
    });

  test('Object Lock is asked of buckets that a trail of an AI system writes to', () => {
    expect(verdict(s3AuditObjectLock, { Bucket: bucket({ Tags: AI }) })).toBe('not applicable');
    expect(verdict(s3AuditObjectLock, { Bucket: bucket({}), Trail: trailTo })).toBe('not applicable');
  });

  test.each([
    [{ Mode: 'COMPLIANCE', Days: 180 }, 'prod', 'compliant'],
    [{ Mode: 'COMPLIANCE', Years: 1 }, 'prod', 'compliant'],
    [{ Mode: 'COMPLIANCE', Days: 179 }, 'prod', [RETENTION]],
    [{ Mode: 'COMPLIANCE' }, 'prod', [RETENTION]],
    [{ Mode: 'GOVERNANCE', Days: 365 }, 'prod', [`${RETENTION}.Mode`]],
    [{ Mode: 'GOVERNANCE', Days: 365 }, undefined, [`${RETENTION}.Mode`]],
    [{ Mode: 'GOVERNANCE', Days: 1 }, 'dev', 'compliant'],
    [{ Mode: 'GOVERNANCE', Days: 0 }, 'dev', [RETENTION]],
    [{ Mode: 'COMPLIANCE', Days: 'long' }, 'dev', [RETENTION]],
    [{ Mode: 'COMPLIANCE', Days: { 'Fn::Unheard': 1 } }, 'prod', [`unresolved ${RETENTION}`]],
  ])('a lock of %j in %s', (retention, stage, expected) => {
    expect(locked(retention, stage)).toEqual(expected);
  });

  describe('outlives its stack', () => {
    const kept = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
    const audit = (Properties: object, policies: object = kept, more: object = {}) =>
      verdict(s3AuditRetained, { Bucket: bucket(Properties, policies), Trail: trailTo, ...more });

    test('through deletion and through replacement', () => {
      expect(audit({})).toBe('compliant');
      expect(audit({}, { ...kept, UpdateReplacePolicy: 'Delete' })).toEqual(['UpdateReplacePolicy']);
      expect(audit({}, { ...kept, DeletionPolicy: 'RetainExceptOnCreate' })).toEqual(['DeletionPolicy']);
    });

    test('and no custom resource empties it', () => {
      const Empties = { Type: 'Custom::S3AutoDeleteObjects', Properties: { BucketName: { Ref: 'Bucket' } } };
      expect(audit({}, kept, { Empties })).toEqual(['DeletionPolicy']);
    });

    test('and no lifecycle rule of production hides it early', () => {
      const expiring = (ExpirationInDays: number, Status = 'Enabled') => ({
        LifecycleConfiguration: { Rules: [{ Status, ExpirationInDays }] },
      });
      expect(audit(expiring(30))).toEqual(['LifecycleConfiguration.Rules.0.ExpirationInDays']);
      expect(audit(expiring(30, 'Disabled'))).toBe('compliant');
      expect(audit({ ...expiring(30), Tags: [tag('ai:stage', 'dev')] })).toBe('compliant');
      expect(audit(expiring(3650))).toBe('compliant');
    });
  });

  describe('cannot be deleted from', () => {
    const DELETIONS = ['s3:DeleteObject', 's3:DeleteObjectVersion'];
    const denied = (statements: object[], Mode = 'GOVERNANCE') =>
      verdict(s3AuditDeletionDenied, {
        Bucket: bucket({ ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode } } }, Tags: AI }),
        Trail: trailTo,
        Policy: policy(...statements),
      });

    test('a wildcard covers every deletion; a governance lock needs its bypass denied too, a compliance lock has none', () => {
      expect(denied([deny({ Action: 's3:Delete*' })], 'COMPLIANCE')).toBe('compliant');
      expect(denied([deny({ Action: DELETIONS })])).toEqual(['PolicyDocument']);
      expect(denied([deny({ Action: DELETIONS }), deny({ Action: 's3:BypassGovernanceRetention' })])).toBe('compliant');
    });

    test.each([
      ['for some principals', { Principal: { AWS: 'arn:aws:iam::111122223333:role/x' } }],
      ['under a condition', { Condition: { StringNotEquals: { 'aws:PrincipalTag/role': 'admin' } } }],
      ['for some objects', { Resource: 'arn:aws:s3:::b/AWSLogs/*' }],
      [
        'for all but some principals',
        { Principal: undefined, NotPrincipal: { AWS: 'arn:aws:iam::111122223333:root' } },
      ],
    ])('a denial %s does not count', (_, rest) => {
      expect(denied([deny({ Action: 's3:Delete*', ...rest })], 'COMPLIANCE')).toEqual(['PolicyDocument']);
    });

    test('a bucket without a policy is at fault itself', () => {
      expect(verdict(s3AuditDeletionDenied, { Bucket: bucket({ Tags: AI }), Trail: trailTo })).toEqual([
        'PolicyDocument',
      ]);
    });
  });
});

describe('S3Lifecycle', () => {
  const rules = (...Rules: object[]) =>
    verdict(s3Lifecycle, {
      Bucket: bucket({
        VersioningConfiguration: { Status: 'Enabled' },
        LifecycleConfiguration: { Rules: Rules.map((item) => ({ Status: 'Enabled', ...item })) },
        Tags: AI,
      }),
    });
  const NoncurrentVersionExpiration = { NoncurrentDays: 1 };

  test('what expires under a prefix has its old versions expire too', () => {
    expect(rules({ NoncurrentVersionExpiration }, { Prefix: 'a/', ExpirationInDays: 30 })).toBe('compliant');
    expect(rules({ Prefix: 'a/', NoncurrentVersionExpiration }, { Prefix: 'a/b/', ExpirationInDays: 30 })).toBe(
      'compliant',
    );
    expect(rules({ Prefix: 'a/', NoncurrentVersionExpiration }, { Prefix: 'c/', ExpirationInDays: 30 })).toEqual([
      'LifecycleConfiguration.Rules.1.NoncurrentVersionExpiration',
    ]);
  });

  test('a disabled rule expires nothing', () => {
    expect(rules({ Status: 'Disabled', NoncurrentVersionExpiration })).toEqual(['LifecycleConfiguration.Rules']);
  });

  test('is not asked where nothing is kept, or all is kept on purpose', () => {
    const VersioningConfiguration = { Status: 'Enabled' };
    expect(verdict(s3Lifecycle, { Bucket: bucket({ Tags: AI }) })).toBe('not applicable');
    expect(
      verdict(s3Lifecycle, { Bucket: bucket({ VersioningConfiguration, ObjectLockEnabled: true, Tags: AI }) }),
    ).toBe('not applicable');
    expect(verdict(s3Lifecycle, { Bucket: bucket({ VersioningConfiguration, Tags: AI }), Trail: trailTo })).toBe(
      'not applicable',
    );
  });
});

describe('S3VpceRestricted', () => {
  const restricted = (Condition: object, rest: object = {}) =>
    verdict(s3VpceRestricted, {
      Bucket: bucket({ Tags: [tag('ai:data-class', 'confidential personal')] }),
      Policy: policy(deny({ Condition, ...rest })),
    });

  test.each([
    [{ StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } }, 'compliant'],
    [{ StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' } }, 'compliant'],
    [{ StringEquals: { 'aws:SourceVpce': 'vpce-1' } }, ['PolicyDocument']],
    [{ StringNotEquals: { 's3:ExistingObjectTag/seal': 'sealed' } }, ['PolicyDocument']],
  ])('%j', (condition, expected) => {
    expect(restricted(condition)).toEqual(expected);
  });

  test('writes alone are not enough', () => {
    expect(restricted({ StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } }, { Action: 's3:PutObject' })).toEqual([
      'PolicyDocument',
    ]);
  });

  test('only personal data asks for it', () => {
    const Tags = [tag('ai:data-class', 'internal')];
    expect(verdict(s3VpceRestricted, { Bucket: bucket({ Tags }) })).toBe('not applicable');
  });
});

describe('S3AccessLogged', () => {
  const recorded = (...fields: object[]) => ({
    Type: 'AWS::CloudTrail::Trail',
    Properties: {
      AdvancedEventSelectors: [
        {
          FieldSelectors: [
            { Field: 'eventCategory', Equals: ['Data'] },
            { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
            ...fields,
          ],
        },
      ],
    },
  });
  const logged = (Trail: object, Properties: object = { Tags: AI }) =>
    verdict(s3AccessLogged, { Bucket: bucket(Properties), Trail });
  const arn = (suffix: string) => ({ 'Fn::Sub': `\${Bucket.Arn}${suffix}` });
  const MISSING = ['LoggingConfiguration.DestinationBucketName'];

  test('by a trail that records all its objects', () => {
    expect(logged(recorded())).toBe('compliant');
    expect(logged(recorded({ Field: 'resources.ARN', StartsWith: [arn('/')] }))).toBe('compliant');
    expect(logged(recorded({ Field: 'resources.ARN', NotStartsWith: [{ 'Fn::Sub': 'arn:aws:s3:::other/' }] }))).toBe(
      'compliant',
    );
  });

  test.each([
    ['some of its objects', { Field: 'resources.ARN', StartsWith: [arn('/prefix/')] }],
    ['objects of another bucket', { Field: 'resources.ARN', StartsWith: ['arn:aws:s3:::other/'] }],
    ['all buckets but this', { Field: 'resources.ARN', NotStartsWith: [arn('/')] }],
    ['writes alone', { Field: 'readOnly', Equals: ['false'] }],
  ])('not by a trail that records %s', (_, field) => {
    expect(logged(recorded(field))).toEqual(MISSING);
  });

  test('by the older selectors, of all buckets or of this', () => {
    const basic = (Values: unknown[], more: object = {}) => ({
      Type: 'AWS::CloudTrail::Trail',
      Properties: { EventSelectors: [{ DataResources: [{ Type: 'AWS::S3::Object', Values }], ...more }] },
    });
    expect(logged(basic(['arn:aws:s3']))).toBe('compliant');
    expect(logged(basic([arn('/')]))).toBe('compliant');
    expect(logged(basic(['arn:aws:s3'], { ReadWriteType: 'WriteOnly' }))).toEqual(MISSING);
  });

  test('not by the trail of another stage', () => {
    const dev = recorded();
    Object.assign(dev.Properties, { Tags: [tag('ai:stage', 'dev')] });
    expect(logged(dev, { Tags: [tag('ai:stage', 'dev')] })).toBe('compliant');
    expect(logged(dev, { Tags: [tag('ai:stage', 'prod')] })).toEqual(MISSING);
  });

  test('not by logs in the bucket itself, which is the default destination', () => {
    expect(
      verdict(s3AccessLogged, { Bucket: bucket({ LoggingConfiguration: { LogFilePrefix: 'logs/' }, Tags: AI }) }),
    ).toEqual(MISSING);
  });
});

describe('S3MalwareScan', () => {
  test('a bucket elsewhere has its policy there; one here must heed the tag for reads', () => {
    const elsewhere = changed(s3MalwareScan.nonCompliant, 'Plan', {
      Actions: { Tagging: { Status: 'ENABLED' } },
      ProtectedResource: { S3Bucket: { BucketName: 'elsewhere' } },
    });
    expect(verdict(s3MalwareScan, elsewhere)).toBe('compliant');
    const ignored = changed(s3MalwareScan.compliant, 'Policy', { PolicyDocument: { Statement: [] } });
    expect(verdict(s3MalwareScan, ignored)).toEqual(['ProtectedResource.S3Bucket.BucketName']);
  });
});

describe('FileSystemEncrypted', () => {
  const fsx = (Properties: object) =>
    verdict(fileSystemEncrypted, {
      Fsx: { Type: 'AWS::FSx::FileSystem', Properties },
      Model: { Type: 'AWS::SageMaker::Model' },
    });

  test('scratch file systems of Lustre take no key, which is what Lustre gets by default', () => {
    expect(fsx({ FileSystemType: 'LUSTRE' })).toBe('not applicable');
    expect(fsx({ FileSystemType: 'LUSTRE', LustreConfiguration: { DeploymentType: 'SCRATCH_2' } })).toBe(
      'not applicable',
    );
    expect(fsx({ FileSystemType: 'LUSTRE', LustreConfiguration: { DeploymentType: 'PERSISTENT_2' } })).toEqual([
      'KmsKeyId',
    ]);
    expect(fsx({ FileSystemType: 'OPENZFS' })).toEqual(['KmsKeyId']);
    expect(fsx({ FileSystemType: 'OPENZFS', KmsKeyId: 'key' })).toBe('compliant');
  });

  test('a policy that only asks clients to be known does not ask them for TLS', () => {
    const Statement = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'elasticfilesystem:ClientMount' };
    const open = changed(fileSystemEncrypted.compliant, 'Efs', { FileSystemPolicy: { Statement } });
    expect(verdict(fileSystemEncrypted, open)).toEqual(['FileSystemPolicy']);
  });
});

describe('DynamoDbProtected', () => {
  test('every replica of a global table has its own key and its own protection', () => {
    const replica = {
      SSESpecification: { KMSMasterKeyId: 'key' },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
    };
    const table = (...Replicas: object[]) =>
      verdict(dynamoDbProtected, {
        Table: { Type: 'AWS::DynamoDB::GlobalTable', Properties: { SSESpecification: { SSEEnabled: true }, Replicas } },
        Model: { Type: 'AWS::SageMaker::Model' },
      });
    expect(table(replica, replica)).toBe('compliant');
    expect(table(replica, { ...replica, DeletionProtectionEnabled: false })).toEqual([
      'Replicas.1.DeletionProtectionEnabled',
    ]);
    expect(table()).toEqual(['Replicas']);
  });
});

describe('EcrHardened', () => {
  const repository = (properties: object, more: object = {}) =>
    verdict(ecrHardened, { ...changed(ecrHardened.compliant, 'Repository', properties), ...more });

  test('the registry may scan instead, if it scans everything', () => {
    const registry = (ScanType: string) => ({
      Registry: { Type: 'AWS::ECR::RegistryScanningConfiguration', Properties: { ScanType } },
    });
    expect(repository({ ImageScanningConfiguration: undefined }, registry('ENHANCED'))).toBe('compliant');
    expect(repository({ ImageScanningConfiguration: undefined }, registry('BASIC'))).toEqual([
      'ImageScanningConfiguration.ScanOnPush',
    ]);
  });

  test('a policy for anyone is open, one for an organisation is not', () => {
    const open = (Condition?: object) =>
      repository({
        RepositoryPolicyText: {
          Statement: [{ Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage', Condition }],
        },
      });
    expect(open()).toEqual(['RepositoryPolicyText']);
    expect(open({ StringEquals: { 'aws:PrincipalOrgID': 'o-1' } })).toBe('compliant');
  });
});

describe('EcrSigned', () => {
  const Repository = { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'serving/scoring', Tags: AI } };
  const signed = (rule: object, more: object = {}) =>
    verdict(ecrSigned, {
      Repository,
      Signing: { Type: 'AWS::ECR::SigningConfiguration', Properties: { Rules: [rule] } },
      ...more,
    });

  test('a registry that is set up elsewhere is not judged', () => {
    expect(verdict(ecrSigned, { Repository })).toBe('not applicable');
  });

  test('by a rule whose filter covers the repository', () => {
    const filtered = (Filter: string) =>
      signed({ SigningProfileArn: 'p', RepositoryFilters: [{ Filter, FilterType: 'WILDCARD_MATCH' }] });
    expect(filtered('serving/*')).toBe('compliant');
    expect(filtered('training/*')).toEqual(['RepositoryName']);
  });

  test('by a profile that signs images, not code', () => {
    const Profile = (PlatformId: string) => ({
      Profile: { Type: 'AWS::Signer::SigningProfile', Properties: { PlatformId } },
    });
    const rule = { SigningProfileArn: { 'Fn::GetAtt': ['Profile', 'Arn'] } };
    expect(signed(rule, Profile('Notation-OCI-SHA384-ECDSA'))).toBe('compliant');
    expect(signed(rule, Profile('AWSLambda-SHA384-ECDSA'))).toEqual(['Rules.0.SigningProfileArn']);
  });
});

describe('backups', () => {
  test('a lock that an administrator may lift is no lock', () => {
    const open = changed(backupVaultLocked.compliant, 'Vault', { LockConfiguration: { MinRetentionDays: 30 } });
    expect(verdict(backupVaultLocked, open)).toEqual(['LockConfiguration.ChangeableForDays']);
  });

  test('a plan covers a table by pattern or by tag, unless it leaves it out', () => {
    const selects = (BackupSelection: object) =>
      verdict(backupPlanCovers, {
        Selection: { Type: 'AWS::Backup::BackupSelection', Properties: { BackupSelection } },
        Table: { Type: 'AWS::DynamoDB::Table', Properties: { Tags: [tag('ai:stage', 'prod')] } },
      });
    expect(selects({ Resources: ['arn:aws:dynamodb:*:*:table/*'] })).toBe('compliant');
    const ListOfTags = [
      { ConditionType: 'STRINGEQUALS', ConditionKey: 'aws:ResourceTag/ai:stage', ConditionValue: 'prod' },
    ];
    expect(selects({ ListOfTags })).toBe('compliant');
    expect(selects({ ListOfTags: [{ ...ListOfTags[0], ConditionValue: 'dev' }] })).toEqual(['Tags']);
    expect(selects({ Resources: ['*'], NotResources: ['arn:aws:dynamodb:*'] })).toEqual(['Tags']);
  });

  test('an assembly without plans is not judged, nor a file system with backups of its own', () => {
    const Table = { Type: 'AWS::DynamoDB::Table', Properties: { Tags: AI } };
    expect(verdict(backupPlanCovers, { Table })).toBe('not applicable');
    const Files = { Type: 'AWS::EFS::FileSystem', Properties: { BackupPolicy: { Status: 'ENABLED' } } };
    const { Selection, Model } = backupPlanCovers.nonCompliant;
    expect(verdict(backupPlanCovers, { Files, Selection, Model })).toBe('not applicable');
  });

  test('a plan that copies nowhere shares the fate of its Region', () => {
    const BackupPlan = { BackupPlanRule: [{ RuleName: 'daily' }] };
    expect(verdict(backupPlanCovers, changed(backupPlanCovers.compliant, 'Plan', { BackupPlan }))).toEqual([
      'BackupPlan.BackupPlanRule.0.CopyActions',
    ]);
  });
});
