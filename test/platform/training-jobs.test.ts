import { type JobDefinition, jobDefinitions, type PolicyDocument } from '../../lib/analysis';
import { type AccessRequest, evaluate } from '../support/iam';
import { withoutStatements } from '../support/mutations';
import { manifestsWith, synthesize } from './support';

const { graph, templates } = synthesize(undefined, 'dev');

const PIPELINE = 'dev/credit-scoring-training/Training/Pipeline/Role';
const GUARD = 'dev/credit-scoring-training/Training/LaunchGuard';
const JOB = 'arn:aws:sagemaker:eu-west-1:111122223333:training-job/credit-scoring-1';

/** What somebody might attach to the pipeline's role to get around its own permissions. */
const EVERYTHING: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

type Context = Readonly<Record<string, string | string[]>>;

/** The condition keys that SageMaker reads from the pipeline's own CreateTrainingJob (Service Authorization Reference). */
const COMPLIANT = conditionKeys(pipelineJob());

const otherKey = graph.atPath('dev/credit-scoring-data/Keys/Inference')[0].arn;
const otherTier = graph.atPath('dev/training-network/Network/Tieroperations')[0].name;
const otherSubnet = graph
  .ofType('AWS::EC2::Subnet')
  .filter(({ path }) => path.startsWith('dev/inference-network/'))
  .map(({ name }) => name)[0];

/** A wrong value for each thing that a job must state. */
const WRONG: Context = {
  'sagemaker:NetworkIsolation': 'false',
  'sagemaker:InterContainerTrafficEncryption': 'false',
  'sagemaker:VolumeKmsKeyArn': otherKey,
  'sagemaker:OutputKmsKeyArn': otherKey,
  'sagemaker:VpcSubnets': [otherSubnet],
  'sagemaker:VpcSecurityGroupIds': [otherTier],
  'sagemaker:InstanceTypes': ['ml.p5.48xlarge'],
};

/** What a job must not state. */
const FORBIDDEN: Context = {
  'sagemaker:EnableRemoteDebug': 'true',
  'sagemaker:FileSystemId': 'fs-0123456789abcdef0',
  'sagemaker:KeepAlivePeriod': '600',
  'sagemaker:MaxRuntimeInSeconds': '9999999',
};

test('what a manifest pins of others is what the quality gate accepts', () => {
  const sha256 = 'ab'.repeat(32);
  const pinned = `  pretrained:
    - { name: base.safetensors, version: '1', sha256: ${sha256}, source: 'https://example.com/base', licence: MIT }
`;
  const folder = manifestsWith({
    'systems/credit-scoring.yaml': (text) => text.replace('  hyperparameters:', `${pinned}  hyperparameters:`),
  });
  const gateOf = (judged: typeof graph) => {
    const [{ properties }] = judged.atPath('dev/credit-scoring-training/Training/Gates/Quality');
    return JSON.parse((properties.Environment as { Variables: { QUALITY: string } }).Variables.QUALITY);
  };
  expect(gateOf(synthesize(folder, 'dev').graph).pretrained).toEqual([
    { name: 'base.safetensors', version: '1', sha256, source: 'https://example.com/base', licence: 'MIT' },
  ]);
  expect(gateOf(graph).pretrained).toBeUndefined();
});

test('the pipeline starts the job that its definition describes', async () => {
  expect(await evaluate(graph, start(COMPLIANT))).toBe('allow');
});

test.each(Object.keys(WRONG))('a job whose %s is wrong is denied, whatever else is attached', async (name) => {
  const context = { ...COMPLIANT, [name]: WRONG[name] };
  expect(await evaluate(graph, start(context, EVERYTHING))).toBe('deny (explicit)');
});

test.each(Object.keys(WRONG))('a job without %s is denied, whatever else is attached', async (name) => {
  expect(await evaluate(graph, start(without(name), EVERYTHING))).toBe('deny (explicit)');
});

test.each(['sagemaker:VpcSubnets', 'sagemaker:VpcSecurityGroupIds'])('one wrong item in %s is enough', async (name) => {
  const context = { ...COMPLIANT, [name]: [COMPLIANT[name], WRONG[name]].flat() };
  expect(await evaluate(graph, start(context, EVERYTHING))).toBe('deny (explicit)');
});

test.each(Object.entries(FORBIDDEN))('a job with %s %s is denied, whatever else is attached', async (name, value) => {
  expect(await evaluate(graph, start({ ...COMPLIANT, [name]: value }, EVERYTHING))).toBe('deny (explicit)');
});

test("the pipeline starts no job under another system's name", async () => {
  const resource = JOB.replace('credit-scoring', 'support-assistant');
  expect(await evaluate(graph, { ...start(COMPLIANT), resource })).toBe('deny (implicit)');
});

test.each(['sagemaker:CreateProcessingJob', 'sagemaker:CreateTransformJob', 'sagemaker:CreateNotebookInstance'])(
  'nothing attached to the pipeline lets it call %s',
  async (action) => {
    const resource = `arn:aws:sagemaker:eu-west-1:111122223333:${RESOURCES[action]}/credit-scoring-1`;
    expect(await evaluate(graph, { ...start({}, EVERYTHING), action, resource })).not.toBe('allow');
  },
);

describe('each denial of the guard is what holds', () => {
  // The sid of the guard's statement, and the request that is let through without it.
  const denials: [sid: string, context: Context][] = [
    ['NoIsolation', without('sagemaker:NetworkIsolation')],
    ['WrongIsolation', { ...COMPLIANT, 'sagemaker:NetworkIsolation': 'false' }],
    ['NoVolumeKey', without('sagemaker:VolumeKmsKeyArn')],
    ['WrongSubnets', { ...COMPLIANT, 'sagemaker:VpcSubnets': [otherSubnet] }],
    ['NoSecurityGroups', without('sagemaker:VpcSecurityGroupIds')],
    ['RemoteDebugging', { ...COMPLIANT, 'sagemaker:EnableRemoteDebug': 'true' }],
  ];

  test.each(denials)('without %s the job is let through', async (sid, context) => {
    // ArnNotEquals also holds for a key that is absent, so here either statement alone would do.
    const ids = sid === 'NoVolumeKey' ? [sid, 'WrongVolumeKey'] : [sid];
    expect(await evaluate(withoutStatements(templates, GUARD, ...ids), start(context, EVERYTHING))).toBe('allow');
  });
});

const RESOURCES: Readonly<Record<string, string>> = {
  'sagemaker:CreateNotebookInstance': 'notebook-instance',
  'sagemaker:CreateProcessingJob': 'processing-job',
  'sagemaker:CreateTransformJob': 'transform-job',
};

function start(context: Context, attached?: PolicyDocument): AccessRequest {
  return { principal: PIPELINE, action: 'sagemaker:CreateTrainingJob', resource: JOB, context, attached };
}

function without(name: string): Context {
  return Object.fromEntries(Object.entries(COMPLIANT).filter(([key]) => key !== name));
}

function pipelineJob(): JobDefinition {
  const [jobs] = graph
    .ofType('AWS::StepFunctions::StateMachine')
    .filter(({ path }) => path.startsWith('dev/credit-scoring-training/'))
    .map(jobDefinitions);
  if (!Array.isArray(jobs) || jobs.length !== 1) {
    throw new Error('the pipeline does not start exactly one job');
  }
  return jobs[0];
}

function conditionKeys({ parameters }: JobDefinition): Context {
  const job = parameters as {
    EnableNetworkIsolation: boolean;
    EnableInterContainerTrafficEncryption: boolean;
    OutputDataConfig: { KmsKeyId: string };
    ResourceConfig: { InstanceType: string; VolumeKmsKeyId: string };
    VpcConfig: { Subnets: string[]; SecurityGroupIds: string[] };
    StoppingCondition: { MaxRuntimeInSeconds: number };
  };
  return {
    'sagemaker:NetworkIsolation': String(job.EnableNetworkIsolation),
    'sagemaker:InterContainerTrafficEncryption': String(job.EnableInterContainerTrafficEncryption),
    'sagemaker:VolumeKmsKeyArn': job.ResourceConfig.VolumeKmsKeyId,
    'sagemaker:OutputKmsKeyArn': job.OutputDataConfig.KmsKeyId,
    'sagemaker:VpcSubnets': job.VpcConfig.Subnets,
    'sagemaker:VpcSecurityGroupIds': job.VpcConfig.SecurityGroupIds,
    'sagemaker:InstanceTypes': [job.ResourceConfig.InstanceType],
    'sagemaker:MaxRuntimeInSeconds': String(job.StoppingCondition.MaxRuntimeInSeconds),
  };
}
