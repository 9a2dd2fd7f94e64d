import { RULES } from '../../../lib/compliance/rules';
import { isWeaker, securityDiff } from '../../../lib/diff/diff';
import { jsonDiff, markdownDiff, textDiff } from '../../../lib/diff/diff-report';
import { templateOf } from '../check/templates';

const diff = (before: object, after: object) =>
  securityDiff({ templates: [templateOf(before)] }, { templates: [templateOf(after)] }, RULES);

const role = (Statement: object[], more: object = {}) => ({
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: { Statement: [] },
      Policies: [{ PolicyName: 'own', PolicyDocument: { Statement } }],
      ...more,
    },
  },
});
const allow = (Action: unknown, Resource: unknown, Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  Condition,
});

test('the same templates differ in nothing', () => {
  const template = role([allow('s3:GetObject', 'arn:aws:s3:::b/*')]);
  const same = diff(template, template);
  expect(isWeaker(same)).toBe(false);
  expect(textDiff(same)).toBe('nothing changed for security');
});

describe('access', () => {
  const narrow = allow('s3:GetObject', 'arn:aws:s3:::b/*');

  test.each([
    ['another action', allow(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::b/*'), ['s3:PutObject']],
    ['another resource', allow('s3:GetObject', '*'), ['s3:GetObject']],
    ['a wildcard', allow('s3:*', 'arn:aws:s3:::b/*'), ['s3:*']],
  ])('%s is a gain', (_, wider, actions) => {
    const { access } = diff(role([narrow]), role([wider]));
    expect(access.gained).toMatchObject([{ who: 'stack/Role', actions }]);
  });

  test('a condition lost is a gain, and what an old wildcard covered is none', () => {
    const bound = allow('s3:GetObject', '*', { StringEquals: { 'aws:ResourceAccount': '1' } });
    expect(diff(role([bound]), role([allow('s3:GetObject', '*')])).access.gained).toHaveLength(1);
    expect(diff(role([allow('s3:*', '*')]), role([allow('s3:GetObject', 'arn:aws:s3:::b/*')])).access.gained).toEqual(
      [],
    );
  });

  test('a resource that differs in case is another one', () => {
    const after = role([allow('s3:GetObject', 'arn:aws:s3:::b/DATA*')]);
    expect(diff(role([allow('s3:GetObject', 'arn:aws:s3:::b/data*')]), after).access.gained).toHaveLength(1);
  });

  test('a principal that a key lets in is named', () => {
    const key = (AWS: string) => ({
      Key: {
        Type: 'AWS::KMS::Key',
        Properties: { KeyPolicy: { Statement: [{ ...allow('kms:Decrypt', '*'), Principal: { AWS } }] } },
      },
    });
    const [gain] = diff(key('arn:aws:iam::1:role/a'), key('arn:aws:iam::2:role/b')).access.gained;
    expect(gain).toMatchObject({ who: 'arn:aws:iam::2:role/b', actions: ['kms:Decrypt'], on: 'stack/Key' });
  });

  test('a denial and a boundary that went are told, but not those of a role that is gone', () => {
    const deny = {
      Effect: 'Deny',
      Action: 's3:*',
      Resource: '*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    };
    const boundary = {
      Boundary: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: { Statement: [] } } },
    };
    const before = { ...role([narrow, deny], { PermissionsBoundary: { Ref: 'Boundary' } }), ...boundary };
    const { denialsLost } = diff(before, { ...role([narrow]), ...boundary }).access;
    expect(denialsLost.map(({ what }) => what)).toEqual([
      'Deny s3:* Bool aws:SecureTransport "false" on *',
      'permissions boundary',
    ]);
    expect(diff(before, boundary).access.denialsLost).toEqual([]);
  });
});

test.each([
  ['a key taken out', 'AWS::Logs::LogGroup', { KmsKeyId: 'key' }, {}, 'KmsKeyId'],
  ['a shorter retention', 'AWS::Logs::LogGroup', { RetentionInDays: 400 }, { RetentionInDays: 30 }, 'RetentionInDays'],
  [
    'a switch turned off',
    'AWS::SageMaker::Model',
    { EnableNetworkIsolation: true },
    { EnableNetworkIsolation: false },
    'EnableNetworkIsolation',
  ],
  [
    'a lock that can be lifted',
    'AWS::S3::Bucket',
    { ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE' } } } },
    { ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE' } } } },
    'ObjectLockConfiguration.Rule.DefaultRetention.Mode',
  ],
  ['a public address', 'AWS::EC2::Subnet', {}, { MapPublicIpOnLaunch: true }, 'MapPublicIpOnLaunch'],
  [
    'a method without authorization',
    'AWS::ApiGateway::Method',
    { AuthorizationType: 'AWS_IAM' },
    { AuthorizationType: 'NONE' },
    'AuthorizationType',
  ],
])('%s is weaker, and the other way round it is not', (_, Type, before, after, property) => {
  const resource = (Properties: object) => ({ Thing: { Type, Properties } });
  expect(diff(resource(before), resource(after)).weakened).toMatchObject([{ resource: 'stack/Thing', property }]);
  expect(diff(resource(after), resource(before)).weakened).toEqual([]);
});

test('a resource that protected others, and a deletion policy, are missed', () => {
  const bucket = (DeletionPolicy?: string) => ({
    Bucket: { Type: 'AWS::S3::Bucket', Properties: {}, ...(DeletionPolicy && { DeletionPolicy }) },
  });
  const trail = { Trail: { Type: 'AWS::CloudTrail::Trail', Properties: {} } };
  expect(diff({ ...bucket('Retain'), ...trail }, bucket()).weakened.map(({ property }) => property)).toEqual([
    'DeletionPolicy',
    'resource',
  ]);
});

test('reach that a new rule of a security group opens', () => {
  const network = (egress: object[]) => ({
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
    Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.0.0/24' } },
    Table: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } },
    Association: {
      Type: 'AWS::EC2::SubnetRouteTableAssociation',
      Properties: { SubnetId: { Ref: 'Subnet' }, RouteTableId: { Ref: 'Table' } },
    },
    Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: { Ref: 'Vpc' }, SecurityGroupEgress: egress } },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        VpcConfig: { SubnetIds: [{ Ref: 'Subnet' }], SecurityGroupIds: [{ 'Fn::GetAtt': ['Group', 'GroupId'] }] },
      },
    },
  });
  const closed = [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '255.255.255.255/32' }];
  const open = [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/16' }];
  expect(diff(network(closed), network(open)).reach).toMatchObject([{ from: 'stack/Function', port: 'tcp/443' }]);
});

test('findings added and resolved, in every format', () => {
  const key = (EnableKeyRotation: boolean) => ({ Key: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation } } });
  const worse = diff(key(true), key(false));
  expect(worse.added.map(({ rule }) => rule)).toContain('KmsRotation');
  expect(textDiff(worse)).toMatch(/Findings added \(1\)\n {2}error KmsRotation at stack\/Key/);
  expect(markdownDiff(worse)).toContain('**Findings added** (1)');
  expect(JSON.parse(jsonDiff(worse)).added).toHaveLength(1);
  const better = diff(key(false), key(true));
  expect(better.resolved.map(({ rule }) => rule)).toContain('KmsRotation');
  expect(isWeaker(better)).toBe(false);
  expect(textDiff(better)).toContain('the new templates protect more');
});
