import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { pipelineDefinition } from '../../../constructs/training-environment/pipeline-definition';
import { TrainingStacks } from './environment';

/** Has no type declarations. */
const validate: (definition: unknown) => { isValid: boolean; errorsText(separator: string): string } =
  require('asl-validator');

const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:';
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/training';
const PARTS = {
  partition: 'aws',
  jobPrefix: 'credit-scoring',
  verifyFunctionArn: `${FUNCTION}verify`,
  qualityGateArn: `${FUNCTION}quality`,
  artifactScanArn: `${FUNCTION}scan`,
  evaluationGateArn: `${FUNCTION}evaluation`,
  registerFunctionArn: `${FUNCTION}register`,
  executionRoleArn: 'arn:aws:iam::111122223333:role/Execution',
  image: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/train@sha256:${'a'.repeat(64)}`,
  dataBucket: 'data',
  trainingBucket: 'training',
  keyArn: KEY,
  subnetIds: ['subnet-1', 'subnet-2'],
  securityGroupIds: ['sg-1'],
  instanceType: 'ml.m5.xlarge',
  instanceCount: 1,
  volumeSizeGib: 30,
  maximumRuntimeSeconds: 3600,
};

interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly TimeoutSeconds?: number;
  readonly Parameters?: Record<string, unknown>;
  readonly Retry?: { ErrorEquals: string[]; MaxAttempts: number }[];
  readonly Catch?: { ErrorEquals: string[]; Next: string }[];
  readonly Choices?: { And: { Variable: string }[]; Next: string }[];
  readonly Error?: string;
}

const definition = pipelineDefinition(PARTS) as unknown as { StartAt: string; States: Record<string, State> };
const { States: states } = definition;

/** The states of a run in which every gate says yes, and at `stop` no. */
function run(stop?: { state: string; by: 'answer' | 'error' }): string[] {
  const visited: string[] = [];
  let name: string | undefined = definition.StartAt;
  while (name !== undefined) {
    visited.push(name);
    const state: State = states[name];
    const stopped: boolean = stop?.state === name;
    if (stopped && stop?.by === 'error') {
      name = state.Catch?.[0].Next;
    } else if (state.Type === 'Choice') {
      name = stop?.by === 'answer' && `${stop.state}Decision` === name ? state.Default : state.Choices?.[0].Next;
    } else {
      name = state.Next;
    }
  }
  return visited;
}

test('is valid Amazon States Language', () => {
  const { isValid, errorsText } = validate(definition);
  expect(errorsText('\n')).toBe('');
  expect(isValid).toBe(true);
});

test('verifies, checks, trains, scans, evaluates and registers, in this order', () => {
  expect(run().filter((name) => states[name].Type !== 'Choice')).toEqual([
    'VerifySeal',
    'CheckQuality',
    'Train',
    'ScanArtifact',
    'Evaluate',
    'Register',
    'PendingApproval',
  ]);
});

test.each(['VerifySeal', 'CheckQuality', 'ScanArtifact', 'Evaluate'])(
  '%s stops the run by answer and by error',
  (state) => {
    for (const by of ['answer', 'error'] as const) {
      const visited = run({ state, by });
      const last = states[visited.at(-1) as string];
      expect(last.Type).toBe('Fail');
      expect(last.Error).toMatch(/^Palisade\.\w+Rejected$/);
      expect(visited).not.toContain('Register');
    }
  },
);

test.each(['Train', 'Register'])('%s ends the run when it fails', (state) => {
  expect(states[run({ state, by: 'error' }).at(-1) as string]).toMatchObject({ Type: 'Fail' });
});

test('an answer that lacks its verdict is a no', () => {
  for (const { Choices: choices } of Object.values(states).filter(({ Type }) => Type === 'Choice')) {
    expect(choices?.[0].And).toEqual([
      { Variable: expect.any(String), IsPresent: true },
      { Variable: expect.any(String), BooleanEquals: true },
    ]);
  }
});

test('every task has a timeout, bounded retries and a way out', () => {
  for (const state of Object.values(states).filter(({ Type }) => Type === 'Task')) {
    expect(state.TimeoutSeconds).toBeGreaterThan(0);
    expect(state.Catch?.[0].ErrorEquals).toEqual(['States.ALL']);
    for (const { MaxAttempts: attempts, ErrorEquals: errors } of state.Retry ?? []) {
      expect(attempts).toBeLessThanOrEqual(6);
      expect(errors).not.toContain('States.ALL');
      expect(errors).not.toContain('States.TaskFailed');
    }
  }
});

test('the job states everything that the guard demands', () => {
  expect(states.Train.Parameters).toMatchObject({
    EnableNetworkIsolation: true,
    EnableInterContainerTrafficEncryption: true,
    RoleArn: PARTS.executionRoleArn,
    AlgorithmSpecification: { TrainingImage: PARTS.image },
    OutputDataConfig: { KmsKeyId: KEY },
    ResourceConfig: { VolumeKmsKeyId: KEY, InstanceType: 'ml.m5.xlarge' },
    VpcConfig: { Subnets: ['subnet-1', 'subnet-2'], SecurityGroupIds: ['sg-1'] },
    StoppingCondition: { MaxRuntimeInSeconds: 3600 },
  });
});

test('nothing in the input reaches image, role, network or keys', () => {
  const { AlgorithmSpecification, RoleArn, VpcConfig, ResourceConfig, OutputDataConfig } =
    states.Train.Parameters ?? {};
  const fixed = JSON.stringify([AlgorithmSpecification, RoleArn, VpcConfig, ResourceConfig, OutputDataConfig]);
  expect(fixed).not.toContain('.$"');
});

test('the deployed definition is this one, with a job name that SageMaker takes', () => {
  const { stack } = new TrainingStacks(new App());
  const [machine] = Object.values(Template.fromStack(stack).findResources('AWS::StepFunctions::StateMachine'));
  const parts: unknown[] = machine.Properties.DefinitionString['Fn::Join'][1];
  const text = parts.map((part) => (typeof part === 'string' ? part : 'x')).join('');
  const deployed: typeof definition = JSON.parse(text);
  expect(Object.keys(deployed.States)).toEqual(Object.keys(states));
  const name = String(deployed.States.Train.Parameters?.['TrainingJobName.$']);
  const [, prefix] = /States\.Format\('(.+)-\{\}', States\.Hash\(\$\$\.Execution\.Id, 'SHA-1'\)\)/.exec(name) ?? [];
  expect(`${prefix}-${'0'.repeat(40)}`).toMatch(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/);
});
