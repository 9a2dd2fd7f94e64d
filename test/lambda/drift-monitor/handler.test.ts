import { createHash } from 'node:crypto';
import { EventBridgeClient, type PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { type InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeEndpointCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { handler } from '../../../lambda/drift-monitor';
import { line } from '../../runtime/drift/captures';
import { normal } from '../../runtime/drift/random';
import { memoryBucket } from './memory-bucket';

const START = Date.parse('2026-11-01T00:00:00Z');
const HOUR = 3_600_000;

let objects: Map<string, string>;
let printed: string[];
let events: PutEventsCommand[];
let endpoint: object | Error;
let refused = 0;

beforeEach(() => {
  [objects, printed, events, refused] = [new Map(), [], [], 0];
  endpoint = { EndpointConfigName: 'config-1', EndpointStatus: 'InService', LastModifiedTime: new Date(START) };
  memoryBucket(objects);
  jest.spyOn(SageMakerClient.prototype, 'send').mockImplementation((async (command: unknown) => {
    expect(command).toBeInstanceOf(DescribeEndpointCommand);
    if (endpoint instanceof Error) {
      throw endpoint;
    }
    return endpoint;
  }) as never);
  jest.spyOn(EventBridgeClient.prototype, 'send').mockImplementation((async (command: PutEventsCommand) => {
    events.push(command);
    return { FailedEntryCount: refused, Entries: [{ ErrorCode: 'ThrottlingException' }] };
  }) as never);
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed.push(String(text));
    return true;
  });
  Object.assign(process.env, {
    ACCOUNT: '111122223333',
    DRIFT_BUCKET: 'drift',
    CAPTURE_BUCKET: 'captured',
    CAPTURES: 'captures/prod-scoring/AllTraffic',
    ENDPOINT_NAME: 'prod-scoring',
    BASELINE_WINDOWS: '24',
    MINIMUM_ROWS: '30',
    ARL0: '2000',
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
  delete process.env.LEDGER_WRITER;
});

const next = normal(2);
function fill(hour: number, shift = 0): void {
  const at = new Date(START + hour * HOUR).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
  const text = Array.from({ length: 40 }, () => line(`${next()}`, `${next() + shift}`)).join('\n');
  objects.set(`captured/captures/prod-scoring/AllTraffic/${at}/a.jsonl`, text);
}

async function run(hours: number) {
  jest.useFakeTimers({ now: START + (hours + 1.5) * HOUR, doNotFake: ['nextTick', 'setImmediate'] });
  return handler();
}

test('learns, watches, and raises the event when answers drift', async () => {
  for (let hour = 0; hour < 40; hour++) {
    fill(hour, hour >= 30 ? 2 : 0);
    expect(await run(hour + 1)).toEqual({ windows: 1 });
  }
  const [{ Source, DetailType, Detail }] = events[0].input.Entries ?? [];
  expect([Source, DetailType]).toEqual(['palisade.drift-monitor', 'Model Drift Detected']);
  expect(JSON.parse(Detail ?? '')).toMatchObject({
    endpointName: 'prod-scoring',
    configuration: 'config-1',
    answer: { direction: 'up' },
    columns: [],
  });
  expect(printed).toHaveLength(40);
  expect(printed.every((text) => text.endsWith('}\n') && JSON.parse(text).EndpointName === 'prod-scoring')).toBe(true);
  expect([...objects.keys()].filter((name) => name.startsWith('drift/')).sort()).toEqual([
    'drift/charts/drift.svg',
    'drift/deployments/config-1.json',
    'drift/state/drift/config-1.json',
  ]);
});

test('has the ledger know each configuration that came to serve, by the digest of what was noted first', async () => {
  const recorded: Record<string, string>[] = [];
  jest.spyOn(LambdaClient.prototype, 'send').mockImplementation((async ({ input }: InvokeCommand) => {
    recorded.push(JSON.parse(Buffer.from(input.Payload as Uint8Array).toString()));
    return { Payload: Buffer.from(JSON.stringify({ sequence: 0, hash: 'ab'.repeat(32) })) };
  }) as never);
  Object.assign(process.env, {
    LEDGER_WRITER: 'arn:aws:lambda:eu-west-1:111122223333:function:ledger:scoring',
    STAGE: 'prod',
  });
  fill(0);
  await run(0);
  // Scaling changes the time, and no deployment.
  endpoint = { ...endpoint, LastModifiedTime: new Date(START + HOUR) };
  await run(1);
  endpoint = { ...endpoint, EndpointConfigName: 'config-2' };
  await run(2);
  endpoint = { ...endpoint, EndpointConfigName: 'config-3', EndpointStatus: 'Updating' };
  await run(3);
  const [first, again, second] = recorded;
  expect(again).toEqual(first);
  expect(recorded).toHaveLength(3);
  expect(first).toMatchObject({ kind: 'deployment', outcome: 'deployed', system: 'scoring', stage: 'prod' });
  expect([first.subject, second.request]).toEqual(['deployments/config-1', 'deployments/config-2']);
  const stored = objects.get(`drift/${first.subject}.json`) ?? '';
  expect(JSON.parse(stored)).toMatchObject({ endpointName: 'prod-scoring', configuration: 'config-1' });
  expect(first.digest).toBe(createHash('sha256').update(stored).digest('hex'));
});

test.each([0, 1])('of two runs at once one goes on, after %d runs before', async (before) => {
  for (let hour = 0; hour <= before; hour++) {
    fill(hour);
  }
  await run(before);
  jest.useFakeTimers({ now: START + (before + 2.5) * HOUR, doNotFake: ['nextTick', 'setImmediate'] });
  const both = await Promise.allSettled([handler(), handler()]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const failed = both.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
  expect(failed.reason).toMatchObject({ code: 'PALISADE-F101' });
  expect(printed).toHaveLength(before + 1);
});

test('a drift that the bus did not take is not forgotten: the hour is taken again', async () => {
  for (let hour = 0; hour < 30; hour++) {
    fill(hour);
  }
  for (const hours of [20, 30]) {
    await run(hours);
  }
  refused = 1;
  let failures = 0;
  for (let hour = 30; hour < 40; hour++) {
    fill(hour, 3);
    await run(hour + 1).catch((error) => {
      expect(error).toMatchObject({ code: 'PALISADE-F105' });
      failures += 1;
    });
  }
  expect(failures).toBeGreaterThan(1);
  const told = events.map(({ input }) => JSON.parse(input.Entries?.[0].Detail ?? '').window);
  expect(new Set(told).size).toBe(1);
});

test.each([
  ['there is none', Object.assign(new Error('Could not find endpoint "x".'), { name: 'ValidationException' })],
  ['it is updated', { EndpointConfigName: 'config-2', EndpointStatus: 'Updating' }],
])('an endpoint is left alone while %s', async (_, found) => {
  endpoint = found;
  fill(0);
  expect(await run(1)).toEqual({ windows: 0 });
  expect([...objects.keys()].filter((name) => name.startsWith('drift/'))).toEqual([]);
});

test('another failure of SageMaker is one', async () => {
  endpoint = Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
  await expect(run(1)).rejects.toThrow('Rate exceeded');
});
