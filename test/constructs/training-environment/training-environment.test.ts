import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { nagErrors } from '../../support/nag';
import { type Change, scientistIn, TrainingStacks } from './environment';

function templates(change: Change = {}) {
  const stacks = new TrainingStacks(new App(), change);
  return { ...stacks, data: Template.fromStack(stacks.data), template: Template.fromStack(stacks.stack) };
}

describe('default form', () => {
  const { template, data } = templates();

  test('artifacts lie in a versioned bucket with the training key, and expire', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      VersioningConfiguration: { Status: 'Enabled' },
      BucketEncryption: Match.objectLike({
        ServerSideEncryptionConfiguration: [
          Match.objectLike({ ServerSideEncryptionByDefault: Match.objectLike({ SSEAlgorithm: 'aws:kms' }) }),
        ],
      }),
      LifecycleConfiguration: {
        Rules: Match.arrayWith([Match.objectLike({ ExpirationInDays: 180 })]),
      },
    });
  });

  test('only SageMaker of this account assumes the execution role, and only to run: it starts nothing', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      Description: 'Runs training jobs',
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: 'sagemaker.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ],
      },
    });
    const actions = actionsOf(template, /^TrainingExecutionRole/);
    expect(actions.filter((action) => /^(sagemaker|states|lambda|iam):/.test(action))).toEqual([]);
    expect(actions).toEqual(
      expect.arrayContaining([
        'ec2:CreateNetworkInterface',
        'ec2:CreateNetworkInterfacePermission',
        'ecr:BatchGetImage',
        'kms:CreateGrant',
        's3:GetObject',
        's3:PutObject',
      ]),
    );
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  });

  test('grants on the training key are for AWS services alone, in the role and in the key policy', () => {
    const statements = [...statementsOf(template), ...keyStatements(data)].filter(
      // The boundary's ceiling names actions and grants none.
      ({ Action, Sid }) => [Action].flat().includes('kms:CreateGrant') && Sid !== 'Ceiling',
    );
    expect(statements.length).toBeGreaterThanOrEqual(2);
    for (const statement of statements) {
      expect(statement.Condition?.Bool).toEqual({ 'kms:GrantIsForAWSResource': 'true' });
    }
  });

  test('the earlier stack refers to nothing of the later one', () => {
    expect(JSON.stringify(data.toJSON())).not.toMatch(/TrainingExecutionRole|TrainingPipeline|TrainingGates/);
  });

  test('the machine is logged without data and encrypted with the training key', () => {
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineType: 'STANDARD',
      EncryptionConfiguration: Match.objectLike({ Type: 'CUSTOMER_MANAGED_KMS_KEY', KmsKeyId: Match.anyValue() }),
      LoggingConfiguration: Match.objectLike({ Level: 'ALL', IncludeExecutionData: false }),
    });
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('^/aws/vendedlogs/states/')])] },
      KmsKeyId: Match.anyValue(),
    });
    data.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: 'delivery.logs.amazonaws.com' },
            Action: 'kms:Decrypt',
            Condition: { StringEquals: { 'kms:EncryptionContext:SourceArn': Match.anyValue() } },
          }),
        ]),
      },
    });
  });

  test('only this machine assumes the pipeline role, which passes the execution role to SageMaker alone', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      Description: 'Runs the training pipeline',
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Condition: Match.objectLike({ ArnEquals: { 'aws:SourceArn': Match.anyValue() } }),
          }),
        ],
      },
    });
    const passes = statementsOf(template).filter(
      ({ Action, Effect }) => Action === 'iam:PassRole' && Effect === 'Allow',
    );
    expect(passes).toEqual([
      expect.objectContaining({
        Resource: { 'Fn::GetAtt': [expect.stringMatching(/^TrainingExecutionRole/), 'Arn'] },
        Condition: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
      }),
    ]);
  });

  test('the machine invokes its five functions and nothing else', () => {
    const invoked = statementsOf(template).filter(({ Action }) => Action === 'lambda:InvokeFunction');
    expect(invoked.flatMap(({ Resource }) => Resource)).toHaveLength(5);
    expect(JSON.stringify(invoked)).not.toContain(':*');
  });

  test('every function runs in the VPC', () => {
    template.resourceCountIs('AWS::Lambda::Function', 4);
    template.allResourcesProperties('AWS::Lambda::Function', { VpcConfig: Match.anyValue() });
  });

  test('there is no Studio domain', () => {
    template.resourceCountIs('AWS::SageMaker::Domain', 0);
  });

  test('managed policies stay below the 6,144 characters of IAM', () => {
    for (const { Properties } of Object.values(template.findResources('AWS::IAM::ManagedPolicy'))) {
      expect(JSON.stringify(Properties.PolicyDocument).length).toBeLessThan(6144);
    }
  });
});

describe('cdk-nag', () => {
  const findings = (change: Change = {}) => {
    const app = new App();
    new TrainingStacks(app, change);
    return nagErrors(app).filter((finding) => / Training\//.test(finding));
  };
  const wildcard = (resource: string, role: string) =>
    `AwsSolutions-IAM5[Resource::${resource}] Training/Training/${role}/Permissions/Resource`;
  const inAccount = (service: string, resource: string) =>
    `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:${resource}`;
  /** Prefixes of one bucket, names that AWS gives, and actions that name no resource: all in the exception register. */
  const explained = [
    'AwsSolutions-IAM5[Resource::*] Training/NetworkInterfaces/Resource',
    'AwsSolutions-IAM5[Resource::*] Training/WorkloadBoundary/Resource',
    'NIST.800.53.R5-S3BucketReplicationEnabled Training/AccessLogs/Resource',
    'NIST.800.53.R5-S3DefaultEncryptionKMS Training/AccessLogs/Resource',
    'NIST.800.53.R5-S3BucketReplicationEnabled Training/Training/Runs/Resource',
    wildcard('*', 'ExecutionRole'),
    wildcard('*', 'Pipeline/Role'),
    ...['ExecutionRole', 'Gates/ArtifactScanRole', 'Gates/EvaluationRole', 'Gates/RegisterRole'].map((role) =>
      wildcard('<TrainingRuns>/runs/*', role),
    ),
    wildcard('<RegistryModels>/*/model.tar.gz', 'Gates/RegisterRole'),
    wildcard('<RegistryModels>/*/run.lock.json', 'Gates/RegisterRole'),
    wildcard('<RegistryModels>/*/bill.cdx.json', 'Gates/RegisterRole'),
    wildcard('<VaultBucket>/approved/*', 'ExecutionRole'),
    wildcard('<VaultBucket>/approved/*', 'Gates/QualityRole'),
    wildcard(inAccount('ec2', 'network-interface/*'), 'ExecutionRole'),
    wildcard(inAccount('logs', 'log-group:/aws/sagemaker/ProcessingJobs:*'), 'ExecutionRole'),
    wildcard(inAccount('logs', 'log-group:/aws/sagemaker/TrainingJobs:*'), 'ExecutionRole'),
    wildcard(inAccount('sagemaker', 'model-package/dev-credit-scoring/*'), 'Gates/RegisterRole'),
    wildcard(inAccount('sagemaker', 'training-job/credit-scoring-*'), 'Pipeline/Role'),
  ];
  /** Names of buckets without the parts that CDK makes up. */
  const named = (finding: string) =>
    finding
      .replace(/<(TrainingRuns)\w+\.Arn>/, '<$1>')
      .replace(/Data:ExportsOutputFnGetAtt(RegistryModels|VaultBucket)\w+?Arn\w+/, '<$1>');

  test('finds what the exception register explains, and no more', () => {
    expect(findings().map(named).sort()).toEqual([...explained].sort());
  });

  test('a Studio domain adds names within the domain, and its log', () => {
    const added = findings({ studio: { domainName: 'credit-scoring', userProfiles: ['ada'] } })
      .map(named)
      .filter((finding) => !explained.includes(finding));
    const domain = '<TrainingStudioDomain>';
    expect(added.map((finding) => finding.replace(/<TrainingStudioDomain\w+\.DomainId>/, domain))).toEqual([
      wildcard(inAccount('logs', 'log-group:/aws/sagemaker/studio:*'), 'Studio/Role'),
      ...['app', 'space', 'user-profile'].map((kind) =>
        wildcard(inAccount('sagemaker', `${kind}/${domain}/*`), 'Studio/Role'),
      ),
    ]);
  });
});

describe('customised form', () => {
  test('thresholds, types and retention reach what enforces them', () => {
    const { template } = templates({
      minimumRows: 50,
      labelColumn: 'default',
      instanceTypes: ['ml.c5.2xlarge', 'ml.m5.large'],
      maximumRuntime: Duration.hours(2),
      runRetention: Duration.days(30),
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          QUALITY: Match.stringLikeRegexp('"minimumRows":50,.*"classBalance":0.05.*"labelColumn":"default"'),
        }),
      },
    });
    const guard = JSON.stringify(template.findResources('AWS::IAM::ManagedPolicy'));
    expect(guard).toContain('["ml.c5.2xlarge","ml.m5.large"]');
    expect(guard).toContain('"sagemaker:MaxRuntimeInSeconds":"7200"');
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ ExpirationInDays: 30 })]) },
    });
  });

  test('artifacts are destroyed only when both switches are on', () => {
    const policyOf = (context: Record<string, unknown>) => {
      const { stack } = new TrainingStacks(new App({ context }), { removalPolicy: RemovalPolicy.DESTROY });
      return Object.values(
        Template.fromStack(stack).findResources('AWS::S3::Bucket', {
          Properties: { BucketEncryption: Match.anyValue() },
        }),
      ).map(({ DeletionPolicy }) => DeletionPolicy);
    };
    expect(policyOf({})).not.toContain('Delete');
    expect(policyOf({ 'palisade:allowDataRemoval': true })).toContain('Delete');
  });

  test('a Studio domain stays in the VPC, names people in the trail, and has no Docker', () => {
    const { template } = templates({ studio: { domainName: 'credit-scoring', userProfiles: ['ada'] } });
    template.hasResourceProperties('AWS::SageMaker::Domain', {
      AuthMode: 'IAM',
      AppNetworkAccessType: 'VpcOnly',
      KmsKeyId: Match.anyValue(),
      DefaultUserSettings: Match.objectLike({ SharingSettings: { NotebookOutputOption: 'Disabled' } }),
      DomainSettings: Match.objectLike({
        ExecutionRoleIdentityConfig: 'USER_PROFILE_NAME',
        DockerSettings: { EnableDockerAccess: 'DISABLED' },
      }),
    });
    template.hasResourceProperties('AWS::SageMaker::UserProfile', { UserProfileName: 'ada' });
    template.hasResourceProperties('AWS::IAM::Role', {
      Description: 'Runs notebooks of Studio users',
      AssumeRolePolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ Action: 'sts:SetSourceIdentity' })]),
      },
    });
    const actions = actionsOf(template, /^TrainingStudioRole/);
    expect(actions.filter((action) => /^s3:|Job$|PassRole|StartExecution/.test(action))).toEqual([]);
  });
});

describe('grants', () => {
  test('who starts the pipeline can start nothing else', () => {
    const stacks = new TrainingStacks(new App());
    stacks.training.grantStartPipeline(scientistIn(stacks.stack));
    const actions = actionsOf(Template.fromStack(stacks.stack), /^Scientist/);
    expect(actions).toEqual([
      'kms:Decrypt',
      'kms:GenerateDataKey',
      'states:DescribeExecution',
      'states:GetExecutionHistory',
      'states:StartExecution',
      'states:StopExecution',
    ]);
  });

  test('training is granted to roles, users and groups, and the guard comes with it', () => {
    const stacks = new TrainingStacks(new App());
    const { stack, training } = stacks;
    training.grantStartTraining(iam.Role.fromRoleName(stack, 'Imported', 'Analyst'));
    training.grantStartTraining(new iam.User(stack, 'User'));
    training.grantStartTraining(new iam.Group(stack, 'Group'));
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::ManagedPolicy', {
      Description: 'Training only as isolated, encrypted jobs in the VPC',
      Roles: Match.arrayWith(['Analyst']),
      Users: [{ Ref: Match.stringLikeRegexp('^User') }],
      Groups: [{ Ref: Match.stringLikeRegexp('^Group') }],
    });
  });

  test('training is not granted to who cannot be guarded', () => {
    const { training } = new TrainingStacks(new App());
    expect(() => training.grantStartTraining(new iam.AccountRootPrincipal())).toThrow(
      expect.objectContaining({ code: 'PALISADE-T004' }),
    );
  });
});

describe('bad input', () => {
  test.each([
    ['an image by tag', { inferenceImage: imageWith('latest') }, 'T001'],
    ['a short digest', { inferenceImage: imageWith('sha256:abc') }, 'T001'],
    ['an instance type of EC2', { instanceTypes: ['m5.large'] }, 'T002'],
    ['no instance type', { instanceTypes: [] }, 'T002'],
    ['a type with local storage', { instanceTypes: ['ml.g5.xlarge'] }, 'T002'],
    ['a d type', { instanceTypes: ['ml.m5d.large'] }, 'T002'],
    ['no evaluation', { evaluation: [] }, 'T003'],
    ['a metric without bounds', { evaluation: [{ metric: 'auc' }] }, 'T003'],
    ['crossed bounds', { evaluation: [{ metric: 'auc', minimum: 1, maximum: 0 }] }, 'T003'],
    ['a bound that is no number', { evaluation: [{ metric: 'auc', minimum: Number.NaN }] }, 'T003'],
    ['a share above 1', { completeness: 95 }, 'T003'],
    ['a share that is no number', { uniqueness: Number.NaN }, 'T003'],
    ['balance without a label', { classBalance: 0.1 }, 'T003'],
    ['no rows', { minimumRows: 0 }, 'T003'],
    ['a runtime of a second', { maximumRuntime: Duration.seconds(1) }, 'T005'],
    ['a runtime of a month', { maximumRuntime: Duration.days(31) }, 'T005'],
    ['a domain name', { studio: { domainName: 'a b' } }, 'T006'],
  ] as [string, Change, string][])('%s is refused', (_, change, code) => {
    expect(() => new TrainingStacks(new App(), change)).toThrow(expect.objectContaining({ code: `PALISADE-${code}` }));
  });

  test.each(['ml.m5.xlarge', 'ml.p3.2xlarge', 'ml.c5n.18xlarge', 'ml.r5.large', 'ml.m6i.large'])(
    '%s is taken',
    (type) => {
      expect(() => new TrainingStacks(new App(), { instanceTypes: [type] })).not.toThrow();
    },
  );

  test('a refused environment creates nothing', () => {
    const app = new App();
    expect(() => new TrainingStacks(app, { evaluation: [] })).toThrow();
    const stack = app.node.findChild('Training') as Stack;
    Template.fromStack(stack).resourceCountIs('AWS::S3::Bucket', 0);
  });
});

function imageWith(digest: string) {
  return { repository: ecr.Repository.fromRepositoryName(new Stack(), 'Image', 'serve'), digest };
}

interface Statement {
  readonly Sid?: string;
  readonly Action: string | string[];
  readonly Effect: string;
  readonly Resource: unknown;
  readonly Condition?: Record<string, unknown>;
}

function statementsOf(template: Template): Statement[] {
  return Object.values(template.findResources('AWS::IAM::ManagedPolicy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );
}

function keyStatements(template: Template): Statement[] {
  return Object.values(template.findResources('AWS::KMS::Key')).flatMap(
    ({ Properties }) => Properties.KeyPolicy.Statement,
  );
}

function actionsOf(template: Template, role: RegExp): string[] {
  const policies = Object.values(template.findResources('AWS::IAM::ManagedPolicy')).filter(({ Properties }) =>
    (Properties.Roles ?? []).some((attached: { Ref?: string }) => role.test(attached.Ref ?? '')),
  );
  const statements: Statement[] = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  const allowed = statements.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);
  return [...new Set(allowed)].sort();
}
