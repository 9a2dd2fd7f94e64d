import { type Template, TemplateGraph } from '../../../../lib/analysis';
import { evaluateRules } from '../../../../lib/compliance/engine';
import type { Rule } from '../../../../lib/compliance/rule';
import { GOVERNANCE_RULES } from '../../../../lib/compliance/rules/governance';
import { changed, describeRules, judge, verdict } from '../../../support/rules';

describeRules(GOVERNANCE_RULES);

const ruleOf = (id: string) => GOVERNANCE_RULES.find((rule) => rule.id === id) as Rule;
const tags = (values: object) => Object.entries(values).map(([Key, Value]) => ({ Key, Value }));
const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

describe('GovernanceTagsRequired', () => {
  const rule = ruleOf('GovernanceTagsRequired');
  const all = {
    'ai:system-id': 'x',
    'ai:impact': 'high',
    'ai:data-class': 'confidential personal',
    'ai:owner': 'a@b.example',
    'ai:stage': 'prod',
  };
  const messages = (resources: object) => judge(rule, resources).violations.map(({ message }) => message);
  const bucket = (values: object) => ({ Bucket: { Type: 'AWS::S3::Bucket', Properties: { Tags: tags(values) } } });
  const named = { Key: { Type: 'AWS::KMS::Key', Properties: { Tags: tags(all) } } };

  test.each(Object.keys(all))('misses %s alone, where others of the stack name a system', (key) => {
    const rest = Object.fromEntries(Object.entries(all).filter(([name]) => name !== key));
    expect(messages({ ...named, ...bucket(rest) })).toEqual([`found no ${key}`]);
  });

  test.each([
    ['ai:stage', 'production'],
    ['ai:impact', 'low'],
    ['ai:data-class', 'confidential secret'],
  ])('refuses %s %s', (key, value) => {
    expect(messages(bucket({ ...all, [key]: value }))).toEqual([`found ${key} '${value}', which is none that exists`]);
  });

  test('says once for a stack that names no system, however many resources it has', () => {
    const model = { Type: 'AWS::SageMaker::Model', Properties: {} };
    const Bucket = { Type: 'AWS::S3::Bucket', Properties: {} };
    expect(messages({ One: model, Two: model, Three: { ...model, Type: 'AWS::SageMaker::Endpoint' }, Bucket })).toEqual(
      ['nothing in this stack says which AI system it serves (ai:system-id)'],
    );
  });

  test('says nothing of a stack without AI resources', () => {
    expect(verdict(rule, { Bucket: { Type: 'AWS::S3::Bucket', Properties: {} } })).toBe('not applicable');
  });

  test('does not guess a value that only a deployment knows', () => {
    expect(verdict(rule, bucket({ ...all, 'ai:owner': { Ref: 'Owner' } }))).toEqual(['unresolved Tags']);
  });
});

describe('GovernanceManifestPresent', () => {
  const rule = ruleOf('GovernanceManifestPresent');
  const named = { Key: { Type: 'AWS::KMS::Key', Properties: { Tags: tags({ 'ai:system-id': 'x' }) } } };
  const role = (Action: string) => ({
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: { Policies: [{ PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource: '*' }] } }] },
    },
    Function: { Type: 'AWS::Lambda::Function', Properties: { Role: arnOf('Role') } },
  });

  test('finds a function that may call a model and belongs to no system', () => {
    expect(verdict(rule, { ...named, ...role('bedrock:InvokeModel') })).toEqual(['Tags']);
    expect(verdict(rule, { ...named, ...role('s3:GetObject') })).toBe('not applicable');
  });

  test('says nothing where nobody names systems', () => {
    expect(verdict(rule, { Model: { Type: 'AWS::SageMaker::Model', Properties: {} } })).toBe('not applicable');
  });

  test('finds the model that stands in a stack of its own beside registered systems', () => {
    const model = { Model: { Type: 'AWS::SageMaker::Model', Properties: {} } };
    expect(across(rule, { Registered: named, Shadow: model })).toEqual(['Shadow/Model Tags']);
  });
});

test('GovernanceImpactTierConsistent compares the stacks of a system, and is an error at the tier that is claimed', () => {
  const rule = ruleOf('GovernanceImpactTierConsistent');
  const bucket = (system: string, tier: string) => ({
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { Tags: tags({ 'ai:system-id': system, 'ai:impact': tier }) } },
  });
  expect(across(rule, { Data: bucket('x', 'high'), Other: bucket('x', 'limited') })).toEqual(['Other/Bucket Tags']);
  expect(across(rule, { Data: bucket('x', 'high'), Other: bucket('y', 'limited') })).toEqual([]);
  expect(judge(rule, rule.nonCompliant).violations[0].level).toBe('error');
});

describe('GovernanceApprovalGate', () => {
  const rule = ruleOf('GovernanceApprovalGate');
  const action = (Name: string, Category: string, others: object = {}) => ({
    Name,
    ActionTypeId: { Category, Provider: Category === 'Approval' ? 'Manual' : 'CloudFormation' },
    ...others,
  });
  const pipeline = (...stages: [string, object[]][]) =>
    changed(rule.compliant, 'Pipeline', { Stages: stages.map(([Name, Actions]) => ({ Name, Actions })) });
  const deploy = action('Deploy', 'Deploy');
  const approve = action('Approve', 'Approval');

  test.each([
    ['in an earlier stage', pipeline(['Gate', [approve]], ['Prod', [deploy]]), 'compliant'],
    ['after the deployment', pipeline(['Prod', [deploy]], ['Gate', [approve]]), ['Stages']],
    ['beside the deployment', pipeline(['Prod', [approve, deploy]]), ['Stages']],
    ['for a stage before production only', pipeline(['Beta', [deploy]]), 'not applicable'],
    ['for a stage whose name is written in one word', pipeline(['DeployModelStaging', [deploy]]), 'not applicable'],
    ['missing, where the name of one is written in one word', pipeline(['DeployModelProd', [deploy]]), ['Stages']],
    ['missing, where no stage is named', pipeline(['Release', [deploy]]), ['Stages']],
    [
      'after a change set is prepared',
      pipeline([
        'Prod',
        [
          action('Prepare', 'Deploy', { Configuration: { ActionMode: 'CHANGE_SET_REPLACE' } }),
          action('Approve', 'Approval', { RunOrder: 2 }),
          action('Deploy', 'Deploy', { RunOrder: 3 }),
        ],
      ]),
      'compliant',
    ],
  ])('an approval %s', (_, template, expected) => {
    expect(verdict(rule, template)).toEqual(expected);
  });

  test('a pipeline of dev needs a gate only for what it deploys to production by name', () => {
    const Tags = tags({ 'ai:system-id': 'x', 'ai:stage': 'dev' });
    expect(verdict(rule, changed(pipeline(['Release', [deploy]]), 'Pipeline', { Tags }))).toBe('not applicable');
    expect(verdict(rule, changed(pipeline(['Production', [deploy]]), 'Pipeline', { Tags }))).toEqual(['Stages']);
  });
});

describe('GovernanceStageSeparation', () => {
  const rule = ruleOf('GovernanceStageSeparation');
  const stage = (name: string) => ({ Tags: tags({ 'ai:stage': name }) });
  const key = (name: string) => ({ Key: { Type: 'AWS::KMS::Key', Properties: stage(name) } });
  const config = (name: string, KmsKeyId: unknown) => ({
    Config: { Type: 'AWS::SageMaker::EndpointConfig', Properties: { ...stage(name), KmsKeyId } },
  });

  test('finds a key of one stage in another, through an export', () => {
    const Outputs = { Key: { Value: arnOf('Key'), Export: { Name: 'key' } } };
    const shared = { 'Fn::ImportValue': 'key' };
    expect(across(rule, { Dev: key('dev'), Prod: config('prod', shared) }, { Dev: Outputs })).toEqual([
      'Prod/Config KmsKeyId',
    ]);
    expect(across(rule, { One: key('prod'), Two: config('prod', shared) }, { One: Outputs })).toEqual([]);
  });

  test('finds a part without a stage that two stages use', () => {
    const Outputs = { Key: { Value: arnOf('Key'), Export: { Name: 'key' } } };
    const shared = { 'Fn::ImportValue': 'key' };
    const stacks = { Base: { Key: { Type: 'AWS::KMS::Key', Properties: {} } }, Dev: config('dev', shared) };
    expect(across(rule, { ...stacks, Prod: config('prod', shared) }, { Base: Outputs })).toEqual([
      'Dev/Config KmsKeyId',
      'Prod/Config KmsKeyId',
    ]);
    expect(across(rule, stacks, { Base: Outputs })).toEqual([]);
  });

  test('finds the VPC that training jobs and a model share, though their subnets differ', () => {
    const subnet = { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' } } };
    const job = { VpcConfig: { Subnets: ['SUBNET'] } };
    const Train = { Type: 'Task', Resource: 'arn:aws:states:::sagemaker:createTrainingJob.sync', Parameters: job };
    const [before, after] = JSON.stringify({ States: { Train } }).split('SUBNET');
    const template = {
      Vpc: { Type: 'AWS::EC2::VPC', Properties: {} },
      A: subnet,
      B: subnet,
      Machine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: { DefinitionString: { 'Fn::Join': ['', [before, { Ref: 'A' }, after]] } },
      },
      Model: { Type: 'AWS::SageMaker::Model', Properties: { VpcConfig: { Subnets: [{ Ref: 'B' }] } } },
    };
    expect(verdict(rule, template)).toEqual(['VpcConfig.Subnets']);
    expect(verdict(rule, { ...template, Machine: { ...template.Machine, Properties: {} } })).toBe('compliant');
  });

  test('finds a model that is served from where training writes', () => {
    const path = (prefix: string) => ({ 'Fn::Sub': `s3://\${Bucket}/${prefix}` });
    const job = {
      Type: 'AWS::SageMaker::ProcessingJob',
      Properties: { ProcessingOutputConfig: { Outputs: [{ S3Output: { S3Uri: path('runs') } }] } },
    };
    const template = {
      Bucket: { Type: 'AWS::S3::Bucket', Properties: {} },
      Job: job,
      Model: { Type: 'AWS::SageMaker::Model', Properties: { PrimaryContainer: { ModelDataUrl: path('model') } } },
    };
    expect(verdict(rule, template)).toEqual(['PrimaryContainer.ModelDataUrl']);
  });

  test('takes two resources of one given name, as in two accounts, for none', () => {
    const bucket = { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'data', ...stage('dev') } } };
    const model = { Model: { Type: 'AWS::SageMaker::Model', Properties: { ...stage('prod'), Url: 's3://data/x' } } };
    expect(across(rule, { Dev: bucket, Prod: { ...bucket, ...model } })).toEqual([]);
    expect(across(rule, { Dev: bucket, Prod: model })).toEqual(['Prod/Model Url']);
  });
});

test('GovernanceDecommissionHold asks for both policies, in production, of what names its system', () => {
  const rule = ruleOf('GovernanceDecommissionHold');
  const group = { ...rule.compliant.Group };
  expect(verdict(rule, { Group: { ...group, DeletionPolicy: undefined } })).toEqual(['DeletionPolicy']);
  expect(verdict(rule, { Group: { ...group, UpdateReplacePolicy: 'Delete' } })).toEqual(['UpdateReplacePolicy']);
  expect(verdict(rule, { Group: { ...group, DeletionPolicy: 'RetainExceptOnCreate' } })).toBe('compliant');
  expect(verdict(rule, changed(rule.nonCompliant, 'Group', { Tags: [] }))).toBe('not applicable');
  const Tags = tags({ 'ai:system-id': 'x', 'ai:stage': 'dev' });
  expect(verdict(rule, changed(rule.nonCompliant, 'Group', { Tags }))).toBe('not applicable');
});

/** Findings in an assembly of several stacks, as stack, logical id and property. */
function across(
  rule: Rule,
  stacks: Readonly<Record<string, object>>,
  outputs: Readonly<Record<string, object>> = {},
): string[] {
  const graph = new TemplateGraph(
    Object.entries(stacks).map(([stack, Resources]) => ({
      stack,
      region: 'eu-west-1',
      file: `${stack}.json`,
      template: { Resources, Outputs: outputs[stack] } as Template,
    })),
  );
  const [{ violations }] = evaluateRules(graph, [rule]);
  return violations.map(({ resource, property }) => `${resource.stack}/${resource.logicalId} ${property}`);
}
