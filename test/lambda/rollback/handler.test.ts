import { createHash } from 'node:crypto';
import { EventBridgeClient, type PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { type InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  DescribeModelPackageCommand,
  SageMakerClient,
  UpdateEndpointCommand,
} from '@aws-sdk/client-sagemaker';
import { type InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { SSMClient, type StartAutomationExecutionCommand } from '@aws-sdk/client-ssm';
import { handler } from '../../../lambda/rollback';
import { APPROVAL_FORMAT } from '../../../runtime/provenance';
import { memoryBucket } from '../drift-monitor/memory-bucket';

const WRITER = 'arn:aws:lambda:eu-west-1:111122223333:function:ledger:scoring';
const GROUP = 'prod-scoring';
const arn = (version: number) => `arn:aws:sagemaker:eu-west-1:111122223333:model-package/${GROUP}/${version}`;
const IMAGE = `111122223333.dkr.ecr.eu-west-1.amazonaws.com/model@sha256:${'a'.repeat(64)}`;
const artifact = (version: number) => `s3://registry/${version}/model.tar.gz`;
const APPROVER = 'arn:aws:sts::111122223333:assumed-role/approver/jane@example.com';

let objects: Map<string, string>;
let serving: { configuration: string; status: string };
let updates: UpdateEndpointCommand['input'][];
let started: StartAutomationExecutionCommand['input'][];
let told: string[];
let answer: string | Error;
let signaturesHold: boolean;

const missing = () => Object.assign(new Error('Could not find configuration'), { name: 'ValidationException' });

async function sageMaker(command: unknown) {
  if (command instanceof DescribeEndpointCommand) {
    return { EndpointConfigName: serving.configuration, EndpointStatus: serving.status, LastModifiedTime: new Date(0) };
  }
  if (command instanceof DescribeEndpointConfigCommand) {
    const version = command.input.EndpointConfigName?.slice('config-'.length);
    if (version === '1') {
      throw missing();
    }
    return { ProductionVariants: [{ ModelName: `model-${version}` }] };
  }
  if (command instanceof DescribeModelCommand) {
    return { PrimaryContainer: { ModelPackageName: arn(Number(command.input.ModelName?.slice('model-'.length))) } };
  }
  if (command instanceof DescribeModelPackageCommand) {
    const found = String(command.input.ModelPackageName);
    const version = Number(found.split('/').at(-1));
    return {
      ModelPackageArn: found,
      ModelPackageGroupName: GROUP,
      ModelApprovalStatus: 'Approved',
      InferenceSpecification: { Containers: [{ Image: IMAGE, ModelDataUrl: artifact(version) }] },
      LastModifiedBy: { IamIdentity: { Arn: APPROVER } },
      LastModifiedTime: new Date('2026-10-01'),
    };
  }
  expect(command).toBeInstanceOf(UpdateEndpointCommand);
  updates.push((command as UpdateEndpointCommand).input);
  return {};
}

const approval = (version: number) => {
  const record = {
    format: APPROVAL_FORMAT,
    packageArn: arn(version),
    artifact: artifact(version),
    artifactVersion: 'v1',
    artifactSha256: 'b'.repeat(64),
    image: IMAGE,
    requestedBy: 'joe@example.com',
    approvedBy: APPROVER,
    approvedAt: new Date('2026-10-01').toISOString(),
  };
  return JSON.stringify({ record, keyId: process.env.SEAL_KEY, signature: 'AAAA' });
};

beforeEach(() => {
  Object.assign(process.env, {
    ACCOUNT: '111122223333',
    BUCKET: 'registry',
    DRIFT_BUCKET: 'drift',
    ENDPOINT_NAME: 'prod-scoring',
    GROUP,
    SEAL_KEY: 'arn:aws:kms:eu-west-1:111122223333:key/0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f',
    STOP_RUNBOOK: 'prod-scoring-stop',
  });
  serving = { configuration: 'config-3', status: 'InService' };
  [updates, started, told, answer, signaturesHold] = [[], [], [], '0.5\n', true];
  objects = new Map([
    ...[1, 2, 3].map((version): [string, string] => [`drift/deployments/config-${version}.json`, '{}']),
    ...[1, 2, 3].flatMap((version): [string, string][] => [
      [`registry/approvals/${GROUP}/${version}.json`, approval(version)],
      [`registry/${version}/model.tar.gz`, 'model'],
    ]),
    ['drift/smoke/set.jsonl', JSON.stringify({ input: '1,2', expected: [0.5], tolerance: 0.01 })],
  ]);
  memoryBucket(objects);
  jest.spyOn(SageMakerClient.prototype, 'send').mockImplementation(sageMaker as never);
  jest
    .spyOn(KMSClient.prototype, 'send')
    .mockImplementation((async () => ({ SignatureValid: signaturesHold })) as never);
  jest.spyOn(SSMClient.prototype, 'send').mockImplementation((async (command: StartAutomationExecutionCommand) => {
    started.push(command.input);
    return {};
  }) as never);
  jest.spyOn(EventBridgeClient.prototype, 'send').mockImplementation((async (command: PutEventsCommand) => {
    told.push(JSON.parse(command.input.Entries?.[0].Detail ?? '').step);
    return { FailedEntryCount: 0 };
  }) as never);
  jest.spyOn(SageMakerRuntimeClient.prototype, 'send').mockImplementation((async (command: InvokeEndpointCommand) => {
    expect(command.input).toMatchObject({ EndpointName: 'prod-scoring', ContentType: 'text/csv' });
    if (answer instanceof Error) {
      throw answer;
    }
    return { Body: Buffer.from(answer) };
  }) as never);
});
afterEach(() => {
  jest.restoreAllMocks();
  delete process.env.STOP_RUNBOOK;
  delete process.env.LEDGER_WRITER;
});

const DRIFT = {
  'detail-type': 'Model Drift Detected',
  detail: {
    endpointName: 'prod-scoring',
    configuration: 'config-3',
    window: '2026-11-25T10:00:00.000Z',
    answer: { direction: 'up', windows: 3 },
    columns: [],
  },
};
const CHANGE = { 'detail-type': 'SageMaker Endpoint State Change', detail: { EndpointName: 'prod-scoring' } };

test('goes back to the version before, with the canary that the endpoint has, and is done once that passed', async () => {
  expect(await handler(DRIFT)).toEqual({ outcome: 'open' });
  expect(updates).toEqual([
    {
      EndpointName: 'prod-scoring',
      EndpointConfigName: 'config-2',
      RetainAllVariantProperties: true,
      ExcludeRetainedVariantProperties: [{ VariantPropertyType: 'DataCaptureConfig' }],
      RetainDeploymentConfig: true,
    },
  ]);
  serving = { configuration: 'config-2', status: 'Updating' };
  expect(await handler(CHANGE)).toEqual({ outcome: 'open' });
  serving.status = 'InService';
  expect(await handler(CHANGE)).toEqual({ outcome: 'rolled-back' });
  expect(await handler(DRIFT)).toEqual({ outcome: 'rolled-back' });
  expect([updates.length, started]).toEqual([1, []]);
  expect(told).toEqual(['quarantine', 'switch', 'smoke', 'done']);
  const decisions = [...objects.keys()].filter((name) => name.startsWith('drift/decisions/'));
  expect(decisions.map((name) => name.split('/').at(-1))).toEqual([
    'quarantine-3.json',
    'switch-3-2.json',
    'smoke-2-passed.json',
    'done-2-rolled-back.json',
  ]);
  expect(JSON.parse(objects.get('drift/quarantine/3.json') ?? '')).toMatchObject({ packageArn: arn(3) });
});

test('has the ledger know each step before it is taken, by the digest of what is stored', async () => {
  const events: { kind: string; outcome: string; subject: string; digest: string; request: string }[] = [];
  const before: number[] = [];
  jest.spyOn(LambdaClient.prototype, 'send').mockImplementation((async ({ input }: InvokeCommand) => {
    expect(input.FunctionName).toBe(WRITER);
    events.push(JSON.parse(Buffer.from(input.Payload as Uint8Array).toString()));
    before.push(updates.length);
    return { Payload: Buffer.from(JSON.stringify({ sequence: events.length, hash: 'ab'.repeat(32) })) };
  }) as never);
  Object.assign(process.env, { LEDGER_WRITER: WRITER, STAGE: 'prod' });
  await handler(DRIFT);
  // The same step with other facts: what was stored first counts.
  objects.delete('drift/state/rollback.json');
  serving.configuration = 'config-3';
  await handler(DRIFT);
  serving.configuration = 'config-2';
  await handler(CHANGE);
  expect(events.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([
    'incident contained',
    'deployment rolled-back',
    'deployment rolled-back',
    'review passed',
    'incident closed',
  ]);
  expect(before.slice(0, 2)).toEqual([0, 0]);
  expect(events[1]).toEqual(events[2]);
  for (const { subject, request, digest, ...event } of events) {
    const stored = objects.get(`drift/${subject}.json`) ?? '';
    expect(digest).toBe(createHash('sha256').update(stored).digest('hex'));
    expect(event).toMatchObject({ system: 'scoring', stage: 'prod' });
    expect(request).toBe(subject);
  }
});

test('takes no step that the ledger did not take', async () => {
  jest
    .spyOn(LambdaClient.prototype, 'send')
    .mockImplementation((async () => ({ FunctionError: 'Unhandled' })) as never);
  Object.assign(process.env, { LEDGER_WRITER: WRITER, STAGE: 'prod' });
  await expect(handler(DRIFT)).rejects.toMatchObject({ code: 'PALISADE-L104' });
  expect([updates, started, objects.has('drift/quarantine/3.json')]).toEqual([[], [], false]);
});

test.each([
  ['the answer is another', '0.7'],
  ['the model fails', Object.assign(new Error('500'), { name: 'ModelError' })],
])('stops the gateway where %s', async (_, answered) => {
  await handler(DRIFT);
  serving.configuration = 'config-2';
  answer = answered;
  expect(await handler(CHANGE)).toEqual({ outcome: 'fallen-back' });
  expect(started).toEqual([
    {
      DocumentName: 'prod-scoring-stop',
      ClientToken: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    },
  ]);
  expect(objects.has('drift/quarantine/2.json')).toBe(true);
});

test('a call that was only throttled is no answer', async () => {
  await handler(DRIFT);
  serving.configuration = 'config-2';
  answer = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
  await expect(handler(CHANGE)).rejects.toThrow('slow down');
  answer = '0.5';
  expect(await handler(CHANGE)).toEqual({ outcome: 'rolled-back' });
});

test.each([
  [
    'its approval is not signed by the key',
    () => {
      signaturesHold = false;
    },
  ],
  [
    'its approval is gone',
    () => {
      objects.delete(`registry/approvals/${GROUP}/2.json`);
    },
  ],
  [
    'its artifact is gone',
    () => {
      objects.delete('registry/2/model.tar.gz');
    },
  ],
  [
    'it is in quarantine',
    () => {
      objects.set('drift/quarantine/2.json', JSON.stringify({ packageArn: arn(2) }));
    },
  ],
  [
    'there is no smoke set',
    () => {
      objects.delete('drift/smoke/set.jsonl');
    },
  ],
])('does not go back where %s', async (_, change) => {
  change();
  expect(await handler(DRIFT)).toEqual({ outcome: 'fallen-back' });
  expect([updates, started.length]).toEqual([[], 1]);
});

test('without a runbook people are told, and nothing stops', async () => {
  delete process.env.STOP_RUNBOOK;
  objects.delete('drift/smoke/set.jsonl');
  expect(await handler(DRIFT)).toEqual({ outcome: 'fallen-back' });
  expect([started, told]).toEqual([[], ['quarantine', 'fall-back']]);
});

test.each([
  undefined,
  {},
  { ...CHANGE, detail: { EndpointName: 'other' } },
  { ...DRIFT, detail: { ...DRIFT.detail, endpointName: 'other' } },
  { ...DRIFT, detail: { ...DRIFT.detail, window: 'now' } },
])('refuses %j, and touches nothing', async (event) => {
  await expect(handler(event)).rejects.toMatchObject({ code: 'PALISADE-F106' });
  expect(told).toEqual([]);
});
