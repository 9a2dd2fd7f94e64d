import { spawnSync } from 'node:child_process';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { RULES } from '../../../lib/compliance';
import { evaluateRules } from '../../../lib/compliance/engine';
import { graphOf } from '../../support/graph';
import { ADMINISTRATOR, evaluate } from '../../support/iam';
import { nagErrors } from '../../support/nag';
import { DIGEST, DOCKERFILE, pipelineIn, roleIn, signingKey, sourceWith } from './pipeline';

const made = pipelineIn();
made.pipeline.grantReadImages(roleIn(made.stack, 'Reader'));
made.pipeline.grantStartBuild(roleIn(made.stack, 'Starter'));
const template = Template.fromStack(made.stack);
const graph = graphOf(made.app);

describe('the project', () => {
  test('runs in isolated subnets, alone, in an image that is pinned, with the rights of its role only', () => {
    template.hasResourceProperties('AWS::CodeBuild::Project', {
      ServiceRole: { 'Fn::GetAtt': [Match.stringLikeRegexp('^PipelineRole'), 'Arn'] },
      ConcurrentBuildLimit: 1,
      Artifacts: { Type: 'NO_ARTIFACTS' },
      Cache: Match.absent(),
      EncryptionKey: { 'Fn::GetAtt': [Match.stringLikeRegexp('^KeysModel'), 'Arn'] },
      Environment: Match.objectLike({
        Image: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp(`^/enclave-builder@${DIGEST}$`)])] },
        ImagePullCredentialsType: 'SERVICE_ROLE',
        Type: 'LINUX_CONTAINER',
      }),
      VpcConfig: {
        VpcId: { Ref: Match.stringLikeRegexp('^Vpc') },
        Subnets: Match.arrayWith([{ Ref: Match.stringLikeRegexp('^Vpcisolated') }]),
        SecurityGroupIds: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^Group'), 'GroupId'] }],
      },
    });
  });

  test('has no secret and no credential in its environment', () => {
    const [{ Properties }] = Object.values(template.findResources('AWS::CodeBuild::Project'));
    const names = Properties.Environment.EnvironmentVariables.map(({ Name }: { Name: string }) => Name);
    expect(names).toEqual(['SYSTEM', 'REGISTRY', 'PALISADE', 'APPLICATION', 'BUCKET', 'SEAL_KEY']);
  });

  test('logs to an encrypted group that stays', () => {
    template.hasResource('AWS::Logs::LogGroup', {
      Properties: { KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^KeysLogs'), 'Arn'] } },
      DeletionPolicy: 'Retain',
    });
    template.hasResourceProperties('AWS::CodeBuild::Project', {
      LogsConfig: {
        CloudWatchLogs: { Status: 'ENABLED', GroupName: { Ref: Match.stringLikeRegexp('^PipelineLog') } },
      },
    });
  });

  test('its build specification is the script, in a shell that can read it', () => {
    const [{ Properties }] = Object.values(template.findResources('AWS::CodeBuild::Project'));
    const { env, phases } = JSON.parse(Properties.Source.BuildSpec);
    expect(env).toEqual({ shell: 'bash' });
    for (const command of [...phases.install.commands, ...phases.build.commands]) {
      expect(spawnSync('bash', ['-n'], { input: command, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    }
    expect(phases.build.commands.join('\n')).toContain('eif measure');
  });

  test('tells of failed builds', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/CodeBuild',
      MetricName: 'FailedBuilds',
      Dimensions: [{ Name: 'ProjectName', Value: { Ref: Match.stringLikeRegexp('^PipelineProject') } }],
      Threshold: 1,
      TreatMissingData: 'notBreaching',
      AlarmActions: ['arn:aws:sns:eu-west-1:111122223333:alarms'],
    });
  });

  test('builds for Graviton on Graviton', () => {
    const { stack } = pipelineIn({ architecture: ec2.InstanceArchitecture.ARM_64 });
    Template.fromStack(stack).hasResourceProperties('AWS::CodeBuild::Project', {
      Environment: Match.objectLike({ Type: 'ARM_CONTAINER' }),
    });
  });
});

describe('access', () => {
  const bucketArn = graph.atPath('Pipeline/Images')[0].arn;
  const ask = (principal: string | typeof ADMINISTRATOR, action: string, name: string, context = {}) =>
    evaluate(graph, {
      principal,
      action,
      resource: `${bucketArn}/${name}`,
      context: { 's3:TlsVersion': '1.3', ...context },
    });

  test('the build publishes its four objects and no other', async () => {
    for (const name of ['host-packages.tar', 'image.eif', 'measurements.json', 'measurements.json.sig']) {
      expect(await ask('Pipeline/Role', 's3:PutObject', name)).toBe('allow');
    }
    expect(await ask('Pipeline/Role', 's3:PutObject', 'other')).toBe('deny (implicit)');
    expect(await ask('Pipeline/Role', 's3:GetObject', 'image.eif')).toBe('deny (implicit)');
  });

  test('nobody else publishes, and nobody deletes', async () => {
    expect(await ask(ADMINISTRATOR, 's3:PutObject', 'image.eif')).toBe('deny (explicit)');
    for (const action of ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention']) {
      expect(await ask(ADMINISTRATOR, action, 'image.eif')).toBe('deny (explicit)');
      expect(await ask('Pipeline/Role', action, 'image.eif')).toBe('deny (explicit)');
    }
  });

  test('a reader reads versions and writes nothing', async () => {
    expect(await ask('Reader', 's3:GetObjectVersion', 'image.eif')).toBe('allow');
    expect(await ask('Reader', 's3:GetObject', 'measurements.json.sig')).toBe('allow');
    expect(await ask('Reader', 's3:PutObject', 'image.eif')).toBe('deny (explicit)');
  });

  test('only the build signs measurements', async () => {
    const sign = (principal: string | typeof ADMINISTRATOR) =>
      evaluate(graph, { principal, action: 'kms:Sign', resource: 'Keys/Seal' });
    expect(await sign('Pipeline/Role')).toBe('allow');
    expect(await sign('Reader')).toBe('deny (implicit)');
    expect(await sign(ADMINISTRATOR)).toBe('deny (implicit)');
  });

  test('who may start a build may change nothing about it', async () => {
    const start = (context = {}) =>
      evaluate(graph, { principal: 'Starter', action: 'codebuild:StartBuild', resource: 'Pipeline/Project', context });
    expect(await start()).toBe('allow');
    for (const [override, value] of Object.entries({
      'source.buildspec': 'true',
      'source.location': 'elsewhere',
      'environment.environmentVariables': 'true',
      'environment.image': 'other',
      serviceRole: 'arn:aws:iam::111122223333:role/Other',
      secondarySources: 'true',
      logsConfig: 'true',
      artifacts: 'true',
    })) {
      expect(await start({ [`codebuild:${override}`]: value })).toBe('deny (implicit)');
    }
  });

  test('the build assumes its role for this account only', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      Description: 'Builds enclave images of clinical-notes',
      AssumeRolePolicyDocument: Match.objectLike({
        Statement: [
          Match.objectLike({
            Principal: { Service: 'codebuild.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
          }),
        ],
      }),
    });
  });
});

test('images are versioned, held by Object Lock and encrypted with the key of models', () => {
  template.hasResourceProperties('AWS::S3::Bucket', {
    VersioningConfiguration: { Status: 'Enabled' },
    ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 365 } } },
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        Match.objectLike({
          ServerSideEncryptionByDefault: {
            SSEAlgorithm: 'aws:kms',
            KMSMasterKeyID: { 'Fn::GetAtt': [Match.stringLikeRegexp('^KeysModel'), 'Arn'] },
          },
        }),
      ],
    },
  });
});

test('a signed image: the build uses the key in KMS, and nothing else uses it', async () => {
  const source = sourceWith({ Dockerfile: DOCKERFILE, 'signer.pem': 'certificate' });
  const { app, stack } = pipelineIn((inner) => ({
    source,
    signing: { key: signingKey(inner), certificate: 'signer.pem' },
  }));
  Template.fromStack(stack).hasResourceProperties('AWS::CodeBuild::Project', {
    Environment: Match.objectLike({
      EnvironmentVariables: Match.arrayWith([
        { Name: 'SIGNING_KEY', Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Signing'), 'Arn'] } },
        { Name: 'SIGNING_CERTIFICATE', Value: 'signer.pem' },
      ]),
    }),
  });
  const signed = graphOf(app);
  const sign = (principal: string | typeof ADMINISTRATOR) =>
    evaluate(signed, { principal, action: 'kms:Sign', resource: 'Stack/Signing' });
  expect(await sign('Pipeline/Role')).toBe('allow');
  expect(await sign(ADMINISTRATOR)).toBe('deny (implicit)');
});

describe('the packs', () => {
  test('no rule of ours finds anything', () => {
    const results = evaluateRules(graph, RULES);
    const found = results.flatMap(({ violations, unresolvable }) => [...violations, ...unresolvable]);
    expect(found.map(({ resource, message }) => `${resource.path} ${message}`)).toEqual([]);
  });

  test('cdk-nag finds what cannot be narrower, and replication, which the platform does not do', () => {
    expect(nagErrors(made.app).filter((finding) => /Pipeline|Reader|Starter/.test(finding))).toEqual([
      'AwsSolutions-IAM5[Resource::*] Stack/Pipeline/Role/Permissions/Resource',
      'AwsSolutions-IAM5[Resource::arn:aws:ec2:eu-west-1:111122223333:network-interface/*] Stack/Pipeline/Role/Permissions/Resource',
      'NIST.800.53.R5-S3BucketReplicationEnabled Stack/Pipeline/Images/Resource',
    ]);
  });
});

describe('bad input', () => {
  test.each([
    ['E420', { source: sourceWith({}) }],
    ['E421', { digest: 'latest' }],
    ['E421', { digest: `sha256:${'AB'.repeat(32)}` }],
    ['E422', { certificate: 'missing.pem' }],
  ])('%s', (code, { source, digest, certificate }: { source?: string; digest?: string; certificate?: string }) => {
    const make = () =>
      pipelineIn({
        ...(source && { source }),
        ...(digest && { builder: { repository: undefined as never, digest } }),
        ...(certificate && { signing: { key: undefined as never, certificate } }),
      });
    expect(make).toThrow(expect.objectContaining({ code: `PALISADE-${code}` }));
  });
});
