import { runSimulation } from '@cloud-copilot/iam-simulate';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { scientistIn, TrainingStacks } from './environment';

const ACCOUNT = '111122223333';
const REGION = 'eu-west-1';
const EVERYTHING = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['sagemaker:*', 'iam:PassRole'], Resource: '*' }],
};

type Context = Record<string, string | string[]>;

/** Names that tokens get once deployed: the logical id they refer to. */
function resolve(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(resolve);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const [[name, argument] = ['', undefined]] = Object.entries(value);
  switch (name) {
    case 'Fn::Join':
      return (resolve(argument[1]) as string[]).join(argument[0]);
    case 'Fn::ImportValue':
      return /Key/.test(argument) || /KeysTraining/.test(argument) ? arn('kms', 'key/training') : nameOf(argument);
    case 'Fn::GetAtt':
      return arn('iam', `role/${argument[0]}`, '');
    case 'Ref':
      return argument === 'AWS::Partition' ? 'aws' : argument;
    default:
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner)]));
  }
}

function nameOf(exported: string): string {
  return exported.includes('Subnet') ? (exported.includes('Subnet1') ? 'subnet-1' : 'subnet-2') : 'sg-models';
}

function arn(service: string, resource: string, region = REGION): string {
  return `arn:aws:${service}:${region}:${ACCOUNT}:${resource}`;
}

const stacks = new TrainingStacks(new App(), {}, { env: { account: ACCOUNT, region: REGION } });
const scientist = scientistIn(stacks.stack);
stacks.training.grantStartTraining(scientist);
const template = Template.fromStack(stacks.stack);
const policies = Object.values(template.findResources('AWS::IAM::ManagedPolicy'))
  .filter(({ Properties }) => JSON.stringify(Properties.Roles ?? []).includes('Scientist'))
  .map(({ Properties }) => resolve(Properties.PolicyDocument));
const executionRole = arn(
  'iam',
  `role/${Object.keys(template.findResources('AWS::IAM::Role')).find((id) => id.startsWith('TrainingExecutionRole'))}`,
  '',
);

const GOOD: Context = {
  'sagemaker:NetworkIsolation': 'true',
  'sagemaker:InterContainerTrafficEncryption': 'true',
  'sagemaker:VolumeKmsKeyArn': arn('kms', 'key/training'),
  'sagemaker:OutputKmsKeyArn': arn('kms', 'key/training'),
  'sagemaker:VpcSubnets': ['subnet-1', 'subnet-2'],
  'sagemaker:VpcSecurityGroupIds': ['sg-models'],
  'sagemaker:InstanceTypes': ['ml.m5.xlarge'],
  'sagemaker:MaxRuntimeInSeconds': '3600',
};

async function ask(action: string, resource: string, context: Context, granted = policies): Promise<string> {
  const answer = await runSimulation(
    {
      request: {
        principal: arn('iam', 'role/Scientist', ''),
        action,
        resource: { resource, accountId: ACCOUNT },
        contextVariables: context,
      },
      identityPolicies: granted.map((policy, index) => ({ name: `Policy${index}`, policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  return answer.resultType === 'error' ? JSON.stringify(answer.errors) : answer.overallResult;
}

const JOBS: [string, string][] = [
  ['sagemaker:CreateTrainingJob', 'training-job/x'],
  ['sagemaker:CreateProcessingJob', 'processing-job/x'],
  ['sagemaker:CreateHyperParameterTuningJob', 'hyper-parameter-tuning-job/x'],
];

describe.each(JOBS)('%s', (action, resource) => {
  const start = (context: Context, granted = policies) => ask(action, arn('sagemaker', resource), context, granted);
  const without = (key: string) =>
    Object.fromEntries(Object.entries(GOOD).filter(([name]) => name !== `sagemaker:${key}`));

  test('an isolated, encrypted job in the VPC is allowed', async () => {
    expect(await start(GOOD)).toBe('Allowed');
    expect(await start({ ...GOOD, 'sagemaker:VpcSubnets': ['subnet-2'] })).toBe('Allowed');
  });

  test.each([
    ['NetworkIsolation', 'false'],
    ['InterContainerTrafficEncryption', 'false'],
    ['VolumeKmsKeyArn', arn('kms', 'key/other')],
    ['OutputKmsKeyArn', arn('kms', 'key/other')],
    ['VpcSubnets', ['subnet-1', 'subnet-9']],
    ['VpcSecurityGroupIds', ['sg-open']],
    ['InstanceTypes', ['ml.m5.xlarge', 'ml.p5.48xlarge']],
  ])('a wrong or absent %s is denied, also with sagemaker:* beside it', async (key, wrong) => {
    for (const context of [{ ...GOOD, [`sagemaker:${key}`]: wrong }, without(key)]) {
      expect(await start(context)).toBe('ExplicitlyDenied');
      expect(await start(context, [...policies, EVERYTHING])).toBe('ExplicitlyDenied');
    }
  });

  test('the grant holds without the guard, should someone detach it', async () => {
    const own = policies.filter((policy) => !JSON.stringify(policy).includes('"Deny"'));
    expect(own).toHaveLength(policies.length - 1);
    expect(await start(GOOD, own)).toBe('Allowed');
    for (const key of Object.keys(GOOD).filter((name) => name !== 'sagemaker:MaxRuntimeInSeconds')) {
      expect(await start(without(key.replace('sagemaker:', '')), own)).toBe('ImplicitlyDenied');
    }
  });

  test('a run that is too long is denied', async () => {
    expect(await start({ ...GOOD, 'sagemaker:MaxRuntimeInSeconds': '21601' })).toBe('ExplicitlyDenied');
  });
});

test.each([
  ['a shell into the container', 'sagemaker:EnableRemoteDebug', 'true'],
  ['a warm pool', 'sagemaker:KeepAlivePeriod', '60'],
  ['a file system beside the vault', 'sagemaker:FileSystemId', 'fs-1'],
])('%s is denied', async (_, key, value) => {
  const start = await ask('sagemaker:CreateTrainingJob', arn('sagemaker', 'training-job/x'), { ...GOOD, [key]: value });
  expect(start).toBe('ExplicitlyDenied');
});

test.each([
  ['sagemaker:CreateTransformJob', 'transform-job/x'],
  ['sagemaker:CreateAutoMLJob', 'automl-job/x'],
  ['sagemaker:CreateAutoMLJobV2', 'automl-job/x'],
  ['sagemaker:CreateNotebookInstance', 'notebook-instance/x'],
  ['sagemaker:CreateMonitoringSchedule', 'monitoring-schedule/x'],
  ['sagemaker:CreateDataQualityJobDefinition', 'data-quality-job-definition/x'],
  ['sagemaker:CreateCluster', 'cluster/x'],
  ['sagemaker:CreateLabelingJob', 'labeling-job/x'],
  ['sagemaker:CreateCompilationJob', 'compilation-job/x'],
])('no side door: %s', async (action, resource) => {
  expect(await ask(action, arn('sagemaker', resource), {}, [...policies, EVERYTHING])).toBe('ExplicitlyDenied');
});

describe('roles that SageMaker is given', () => {
  const pass = (role: string, granted = policies) =>
    ask('iam:PassRole', role, { 'iam:PassedToService': 'sagemaker.amazonaws.com' }, granted);

  test('the execution role, which pulls approved images only, may be passed', async () => {
    expect(await pass(executionRole)).toBe('Allowed');
  });

  test('any other is denied, whatever else is attached', async () => {
    expect(await pass(arn('iam', 'role/Administrator', ''), [...policies, EVERYTHING])).toBe('ExplicitlyDenied');
  });

  test('the execution role may not be passed to another service', async () => {
    const passed = await ask('iam:PassRole', executionRole, { 'iam:PassedToService': 'lambda.amazonaws.com' });
    expect(passed).toBe('ImplicitlyDenied');
  });
});
