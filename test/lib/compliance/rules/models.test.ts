import type { Rule } from '../../../../lib/compliance';
import { MODELS_RULES } from '../../../../lib/compliance/rules/models';
import { guardJudge } from '../../../support/guard';
import { changed, describeRules, judge, verdict } from '../../../support/rules';

describeRules(MODELS_RULES);

const ruleOf = (id: string) => MODELS_RULES.find((rule) => rule.id === `SageMaker${id}`) as Rule;
const model = (Properties: object) => ({ Model: { Type: 'AWS::SageMaker::Model', Properties } });
const container = (PrimaryContainer: object) => model({ PrimaryContainer });
const modelPackage = (Properties: object) => ({ Package: { Type: 'AWS::SageMaker::ModelPackage', Properties } });
const tags = (entries: Record<string, string>) => Object.entries(entries).map(([Key, Value]) => ({ Key, Value }));
const parameter = (properties: object) => ({ 'Fn::Unheard': properties });

const DIGEST = `@sha256:${'0bc379e8'.repeat(8)}`;

describe('an image', () => {
  const rule = ruleOf('ModelImageDigestPinned');

  test.each([
    [`own/model${DIGEST}`, 'compliant'],
    [`cdk-assets:${'0bc379e8'.repeat(8)}`, 'compliant'],
    ['own/model:latest', ['PrimaryContainer.Image']],
    ['own/model:1.7-1', ['PrimaryContainer.Image']],
    ['own/model', ['PrimaryContainer.Image']],
    [`own/model${DIGEST.slice(0, -1)}`, ['PrimaryContainer.Image']],
  ])('%s is %j', (Image, expected) => {
    expect(verdict(rule, container({ Image }))).toEqual(expected);
  });

  test('whose tag or whole name comes from a parameter is neither pinned nor not; one whose registry does is judged', () => {
    const image = (pattern: string) => container({ Image: { 'Fn::Sub': pattern } });
    expect(verdict(rule, image('own/model:$' + '{Tag}'))).toEqual(['unresolved PrimaryContainer.Image']);
    expect(verdict(rule, image('$' + '{Image}'))).toEqual(['unresolved PrimaryContainer.Image']);
    expect(verdict(rule, image('$' + '{Registry}/model:latest'))).toEqual(['PrimaryContainer.Image']);
  });

  test('is judged in every container of a pipeline, in model packages, and in agent runtimes', () => {
    const Containers = [{ Image: `own/first${DIGEST}` }, { Image: 'own/second:latest' }];
    expect(verdict(rule, model({ Containers }))).toEqual(['Containers.1.Image']);
    const path = 'InferenceSpecification.Containers.0.Image';
    const registered = (item: object) => modelPackage({ InferenceSpecification: { Containers: [item] } });
    expect(verdict(rule, registered({ Image: 'own/model:7' }))).toEqual([path]);
    expect(verdict(rule, registered({ Image: 'own/model:7', ImageDigest: 'sha256:1' }))).toBe('compliant');
    const AgentRuntimeArtifact = { ContainerConfiguration: { ContainerUri: 'own/agent:latest' } };
    expect(
      verdict(rule, { Agent: { Type: 'AWS::BedrockAgentCore::Runtime', Properties: { AgentRuntimeArtifact } } }),
    ).toEqual(['AgentRuntimeArtifact.ContainerConfiguration.ContainerUri']);
  });

  test('of a model package is the business of that package', () => {
    expect(verdict(rule, container({ ModelPackageName: 'package/1' }))).toBe('not applicable');
  });
});

describe('a registry', () => {
  const rule = ruleOf('ModelPrivateRegistry');
  const ecr = (account: string) => `${account}.dkr.ecr.eu-west-1.amazonaws.com/model:1`;

  test.each([
    ['an ECR repository of the owner', { Image: ecr('111122223333') }, 'compliant'],
    [
      'a registry in the VPC, whatever its host',
      { Image: 'h:5000/m', ImageConfig: { RepositoryAccessMode: 'Vpc' } },
      'compliant',
    ],
    ["AWS's Deep Learning Containers", { Image: ecr('763104351884') }, ['PrimaryContainer.Image']],
    ["AWS's XGBoost", { Image: ecr('141502667606') }, ['PrimaryContainer.Image']],
    ['a public registry', { Image: 'docker.io/vllm/vllm-openai:v0.9' }, ['PrimaryContainer.Image']],
    ['a model package', { ModelPackageName: 'package/1' }, 'not applicable'],
  ])('that is %s', (_, item, expected) => {
    expect(verdict(rule, container(item))).toEqual(expected);
  });

  test('of an account that only a deployment knows is neither private nor public', () => {
    const Image = { 'Fn::Join': ['', [{ Ref: 'Account' }, '.dkr.ecr.eu-west-1.amazonaws.com/model:1']] };
    expect(verdict(rule, container({ Image }))).toEqual(['unresolved PrimaryContainer.Image']);
    expect(verdict(rule, container({ ImageConfig: parameter({}) }))).toEqual([
      'unresolved PrimaryContainer.ImageConfig.RepositoryAccessMode',
    ]);
  });
});

describe('a model in production', () => {
  const rule = ruleOf('ModelFromRegistry');
  const raw = { Image: 'own/image', ModelDataUrl: 's3://models/model.tar.gz' };

  test('comes from the registry in every container that brings one; a container that only transforms needs none', () => {
    const registered = { ModelPackageName: 'package/1' };
    expect(verdict(rule, model({ Containers: [{ Image: 'own/scaler' }, registered] }))).toBe('compliant');
    expect(verdict(rule, model({ Containers: [registered, raw] }))).toEqual(['Containers.1.ModelPackageName']);
    expect(verdict(rule, container({ Image: 'own/scaler' }))).toBe('not applicable');
    expect(verdict(rule, container({}))).toEqual(['PrimaryContainer.ModelPackageName']);
  });

  test('is what counts: elsewhere, artifacts may come from S3', () => {
    const staged = (stage: string) => model({ PrimaryContainer: raw, Tags: tags({ 'ai:stage': stage }) });
    expect(verdict(rule, staged('dev'))).toBe('not applicable');
    expect(verdict(rule, staged('prod'))).toEqual(['PrimaryContainer.ModelPackageName']);
  });
});

describe('an artifact', () => {
  const rule = ruleOf('ModelSafeSerialization');
  const at = 'PrimaryContainer.ModelDataUrl';

  test.each(['pkl', 'pickle', 'joblib', 'pt', 'bin', 'h5', 'keras', 'npy', 'PKL'])(
    'named *.%s can run code',
    (format) => {
      expect(verdict(rule, container({ ModelDataUrl: `s3://models/m.${format}` }))).toEqual([at]);
    },
  );

  test.each(['safetensors', 'onnx', 'json', 'ubj', 'pmml'])('named *.%s holds data', (format) => {
    expect(verdict(rule, container({ ModelDataUrl: `s3://models/m.${format}` }))).toBe('compliant');
  });

  test.each([
    's3://models/model.tar.gz',
    's3://models/v1.pt/model.tar.gz',
    's3://models/saved_model/',
    's3://models.bin/',
  ])('%s does not tell its format, so nothing is claimed of it', (ModelDataUrl) => {
    expect(verdict(rule, container({ ModelDataUrl }))).toBe('not applicable');
  });

  test('of a package or a pipeline counts too; one that only a deployment knows cannot be judged', () => {
    const ModelDataSource = { S3DataSource: { S3Uri: 's3://models/weights.bin' } };
    const InferenceSpecification = { Containers: [{ ModelDataSource }] };
    expect(verdict(rule, modelPackage({ InferenceSpecification }))).toEqual([
      'InferenceSpecification.Containers.0.ModelDataSource.S3DataSource.S3Uri',
    ]);
    expect(verdict(rule, container({ ModelDataUrl: { Ref: 'Artifact' } }))).toEqual([`unresolved ${at}`]);
  });

  test.each(['TRUST_REMOTE_CODE', 'HF_TRUST_REMOTE_CODE', 'OPTION_TRUST_REMOTE_CODE'])('beside %s', (name) => {
    const set = (value: unknown) => container({ ModelDataUrl: 's3://m/model.tar.gz', Environment: { [name]: value } });
    expect(verdict(rule, set('true'))).toEqual([`PrimaryContainer.Environment.${name}`]);
    expect(verdict(rule, set('1'))).toEqual([`PrimaryContainer.Environment.${name}`]);
    expect(verdict(rule, set('false'))).toBe('compliant');
    expect(verdict(rule, set({ Ref: 'Trust' }))).toEqual([`unresolved PrimaryContainer.Environment.${name}`]);
  });
});

describe('an environment variable', () => {
  const rule = ruleOf('ModelNoPlaintextSecrets');
  const lambda = (Variables: object) => ({
    Function: { Type: 'AWS::Lambda::Function', Properties: { Environment: { Variables } } },
  });
  const found = (name: string) => [`Environment.Variables.${name}`];

  test.each([
    ['AWS', 'AKIAIOSFODNN7EXAMPLE'],
    ['X', 'sk-proj-abcdefghijklmnopqrstuvwx'],
    ['X', 'hf_abcdefghijklmnopqrstuvwx'],
    ['X', 'ghp_abcdefghijklmnopqrstuvwxyz0123456789'],
    ['X', 'xoxb-123456789012-abcdef'],
    ['PEM', '-----BEGIN RSA PRIVATE KEY-----\nMIIE'],
    ['X', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl'],
    ['DATABASE_URL', 'postgres://scoring:correct-horse@db.internal/scores'],
    ['DSN', 'Server=db;User=sa;Password=correct-horse;'],
    ['DB_PASSWORD', 'correct-horse'],
    ['dbPassword', 'correct-horse'],
    ['OPENAI_API_KEY', 'abc123abc123'],
    ['HUGGING_FACE_HUB_TOKEN', 'abc123abc123'],
  ])('%s=%s is a credential', (name, value) => {
    expect(verdict(rule, lambda({ [name]: value }))).toEqual(found(name));
  });

  test.each([
    ['MODEL', 'task-based-summarization-of-documents'],
    ['DB_SECRET', 'prod-db'],
    ['DB_PASSWORD', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db'],
    ['DB_PASSWORD', '/prod/db/password'],
    ['DB_PASSWORD', ''],
    ['ROTATE_PASSWORD', 'false'],
    ['DB_PASSWORD', '{{resolve:secretsmanager:db:SecretString:password}}'],
    ['DATABASE_URL', 'postgres://scoring:{{resolve:secretsmanager:db}}@db.internal/scores'],
    ['URL', 'https://api.example.com:8443/v1?max_tokens=200000'],
    ['EOS_TOKEN', 'endoftext'],
    ['MAX_TOKEN', '4096'],
    ['CERTIFICATE', '-----BEGIN CERTIFICATE-----\nMIIE'],
    ['SEAL_KEY', 'alias/seal'],
  ])('%s=%s is none', (name, value) => {
    expect(verdict(rule, lambda({ [name]: value }))).toBe('compliant');
  });

  test('is a credential also as a branch of a condition; a reference to a resource is none', () => {
    const either = { 'Fn::If': ['Debug', 'correct-horse', { Ref: 'AWS::NoValue' }] };
    expect(verdict(rule, lambda({ DB_PASSWORD: either }))).toEqual(found('DB_PASSWORD'));
    const Key = { Type: 'AWS::ApiGateway::ApiKey', Properties: {} };
    expect(verdict(rule, { ...lambda({ API_KEY: { Ref: 'Key' }, API_TOKEN: { Ref: 'AWS::Region' } }), Key })).toBe(
      'compliant',
    );
  });

  test('that takes a credential from a parameter cannot be judged', () => {
    expect(verdict(rule, lambda({ DB_PASSWORD: { Ref: 'Password' } }))).toEqual([
      `unresolved ${found('DB_PASSWORD')[0]}`,
    ]);
    expect(verdict(rule, lambda({ MODEL: { Ref: 'Model' } }))).toBe('compliant');
  });

  test('of a build is judged unless it comes from a store', () => {
    const variable = (Type: string | undefined) => ({
      Project: {
        Type: 'AWS::CodeBuild::Project',
        Properties: { Environment: { EnvironmentVariables: [{ Name: 'API_TOKEN', Value: 'abc123abc', Type }] } },
      },
    });
    expect(verdict(rule, variable(undefined))).toEqual(['Environment.EnvironmentVariables.0.Value']);
    expect(verdict(rule, variable('PLAINTEXT'))).toEqual(['Environment.EnvironmentVariables.0.Value']);
    expect(verdict(rule, variable('SECRETS_MANAGER'))).toBe('not applicable');
  });

  test('is named in the finding, its value never repeated', () => {
    const { violations } = judge(rule, lambda({ A: 'AKIAIOSFODNN7EXAMPLE', DB_PASSWORD: 'correct-horse' }));
    expect(violations.map(({ message }) => message)).toEqual([
      'found what looks like an AWS access key id in A, expected a reference to a secret',
      'found a value in DB_PASSWORD, expected a reference to a secret',
    ]);
  });
});

describe('a model package', () => {
  test('waits for approval by default; approval in the template names its decision', () => {
    const rule = ruleOf('ModelPackageApproval');
    expect(verdict(rule, modelPackage({}))).toBe('not applicable');
    expect(verdict(rule, modelPackage({ ModelApprovalStatus: 'PendingManualApproval' }))).toBe('not applicable');
    expect(verdict(rule, modelPackage({ ModelApprovalStatus: 'Approved' }))).toEqual(['ApprovalDescription']);
    expect(verdict(rule, modelPackage({ SkipModelValidation: 'All' }))).toEqual(['SkipModelValidation']);
    expect(verdict(rule, modelPackage({ SkipModelValidation: 'None' }))).toBe('compliant');
  });

  test('may report bias before training, after it, or as a whole', () => {
    const rule = ruleOf('ModelPackageEvidence');
    const { ModelMetrics } = rule.compliant.Package.Properties as { ModelMetrics: object };
    const withBias = (Bias: object) => changed(rule.compliant, 'Package', { ModelMetrics: { ...ModelMetrics, Bias } });
    expect(verdict(rule, withBias({ PostTrainingReport: { S3Uri: 's3://bias' } }))).toBe('compliant');
    expect(verdict(rule, withBias({}))).toEqual(['ModelMetrics.Bias.Report.S3Uri']);
  });

  test('says the same to Guard', () => {
    const rules = [ruleOf('ModelPackageEvidence'), ruleOf('ModelPackageApproval')];
    const byGuard = guardJudge(rules);
    const agree = (resources: ReturnType<typeof modelPackage>) =>
      expect(byGuard(resources).sort()).toEqual(
        rules
          .filter((rule) => judge(rule, resources).violations.length > 0)
          .map(({ id }) => id)
          .sort(),
      );
    const { Properties } = rules[0].compliant.Package;
    const { ModelMetrics } = Properties as { ModelMetrics: object };
    const Bias = { PreTrainingReport: { S3Uri: 's3://bias' } };
    agree(modelPackage({ ...Properties, ModelMetrics: { ...ModelMetrics, Bias } }));
    agree(modelPackage({ ...Properties, ModelMetrics: { ...ModelMetrics, Bias: {} }, SkipModelValidation: 'All' }));
    agree(modelPackage({ ...Properties, SkipModelValidation: 'None' }));
  });
});

describe('the policy of a model package group', () => {
  const group = (ModelPackageGroupPolicy: unknown) => ({
    Group: { Type: 'AWS::SageMaker::ModelPackageGroup', Properties: { ModelPackageGroupPolicy } },
  });
  const statement = { Effect: 'Allow', Principal: '*', Action: 'sagemaker:DescribeModelPackage', Resource: '*' };

  test('may let the organization in, and names the statement that lets in everyone', () => {
    const rule = ruleOf('ModelPackageGroupPolicy');
    const bound = { ...statement, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } };
    expect(verdict(rule, group({ Statement: [bound] }))).toBe('compliant');
    expect(verdict(rule, group({ Statement: [bound, statement] }))).toEqual(['ModelPackageGroupPolicy.Statement.1']);
    expect(verdict(rule, group(undefined))).toBe('not applicable');
  });

  test('is read as JSON text too; text that is none cannot be judged', () => {
    const rule = ruleOf('ModelPackageGroupPolicy');
    expect(verdict(rule, group(JSON.stringify({ Statement: [statement] })))).toEqual([
      'ModelPackageGroupPolicy.Statement.0',
    ]);
    expect(verdict(rule, group('{'))).toEqual(['unresolved ModelPackageGroupPolicy']);
  });

  test.each([
    ['sagemaker:*', { StringNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/approver' } }, 'compliant'],
    ['sagemaker:UpdateModelPackage', { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } }, ['ModelPackageGroupPolicy']],
    ['sagemaker:CreateModelPackage', { StringNotEquals: { 'aws:username': 'approver' } }, ['ModelPackageGroupPolicy']],
    ['sagemaker:UpdateModelPackage', undefined, ['ModelPackageGroupPolicy']],
  ])('that denies %s unless %j', (Action, Condition, expected) => {
    const rule = ruleOf('ModelPackageGroupApprovers');
    expect(verdict(rule, group({ Statement: [{ ...statement, Effect: 'Deny', Action, Condition }] }))).toEqual(
      expected,
    );
  });

  test('is needed: without one, whoever may call UpdateModelPackage approves', () => {
    expect(verdict(ruleOf('ModelPackageGroupApprovers'), group(undefined))).toEqual(['ModelPackageGroupPolicy']);
  });
});

describe('a model card', () => {
  const rule = ruleOf('ModelCardComplete');
  const tagged = (entries: Record<string, string>, change: object = {}) =>
    changed(rule.compliant, 'Card', { Tags: tags(entries), ...change });
  const RATING = 'Content.IntendedUses.RiskRating';

  test.each([
    ['high', 'compliant'],
    ['limited', [RATING]],
    ['minimal', [RATING]],
  ])('rated High is, for a system of %s impact, %j', (tier, expected) => {
    expect(verdict(rule, tagged({ 'ai:impact': tier }))).toEqual(expected);
  });

  test('may be a draft before production only', () => {
    const draft = { ModelCardStatus: 'Draft' };
    expect(verdict(rule, tagged({ 'ai:stage': 'dev' }, draft))).toBe('compliant');
    expect(verdict(rule, tagged({ 'ai:stage': 'prod' }, draft))).toEqual(['ModelCardStatus']);
    expect(verdict(rule, tagged({}, draft))).toEqual(['ModelCardStatus']);
  });

  test('tells everything that it lacks', () => {
    expect(verdict(rule, rule.nonCompliant)).toEqual(['Content', RATING, 'ModelCardStatus']);
  });
});
