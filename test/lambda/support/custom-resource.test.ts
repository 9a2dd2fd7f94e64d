import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import * as fc from 'fast-check';
import {
  type CustomResourceOperation,
  type CustomResourceOperations,
  customResourceHandler,
} from '../../../lambda/support/custom-resource';

const URL = 'https://bucket.s3.example/answer?X-Amz-Signature=secret';
const BASE = {
  ServiceToken: 'arn:aws:lambda:eu-west-1:111122223333:function:handler',
  ResponseURL: URL,
  StackId: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/demo/1',
  RequestId: 'request-1',
  LogicalResourceId: 'Logging',
  ResourceType: 'Custom::Logging',
  ResourceProperties: { ServiceToken: 'token', ServiceTimeout: '60', Size: '1' },
};
const CREATE: CloudFormationCustomResourceEvent = { ...BASE, RequestType: 'Create' };
const UPDATE: CloudFormationCustomResourceEvent = {
  ...BASE,
  RequestType: 'Update',
  PhysicalResourceId: 'kept',
  OldResourceProperties: { ServiceToken: 'token', Size: '0' },
};
const DELETE: CloudFormationCustomResourceEvent = { ...BASE, RequestType: 'Delete', PhysicalResourceId: 'kept' };

/** Runs the handler with a sender that gives `statuses` in turn and a clock that stands still. */
async function run(
  event: CloudFormationCustomResourceEvent,
  operation: CustomResourceOperation,
  { statuses = [200], remaining = 30_000, clockRuns = false }: Partial<Options> = {},
) {
  const sent: { url: string; body: string; timeoutMs: number }[] = [];
  const slept: number[] = [];
  const lines: string[] = [];
  const refuse = () => Promise.reject(new Error('another operation was called'));
  const operations: CustomResourceOperations = { create: refuse, update: refuse, delete: refuse };
  const name = event.RequestType.toLowerCase() as keyof CustomResourceOperations;
  const handler = customResourceHandler(
    { ...operations, [name]: operation },
    {
      async put(url, body, timeoutMs) {
        sent.push({ url, body, timeoutMs });
        const status = statuses[Math.min(sent.length, statuses.length) - 1];
        if (status instanceof Error) {
          throw status;
        }
        return status;
      },
      sleep(ms, signal) {
        if (signal && !clockRuns) {
          return new Promise(() => undefined);
        }
        slept.push(ms);
        return Promise.resolve();
      },
      log: (line) => lines.push(JSON.stringify(line)),
    },
  );
  const failure = await handler(event, { getRemainingTimeInMillis: () => remaining }).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { sent, slept, lines, failure, answer: sent.length ? JSON.parse(sent[0].body) : undefined };
}

interface Options {
  readonly statuses: (number | Error)[];
  readonly remaining: number;
  readonly clockRuns: boolean;
}

describe('answers', () => {
  test('success carries the data and the identity of the request', async () => {
    const { answer, sent, failure } = await run(CREATE, async () => ({ data: { Arn: 'a' }, noEcho: true }));
    expect(failure).toBeUndefined();
    expect(sent[0].url).toBe(URL);
    expect(answer).toMatchObject({
      Status: 'SUCCESS',
      StackId: BASE.StackId,
      RequestId: 'request-1',
      LogicalResourceId: 'Logging',
      NoEcho: true,
      Data: { Arn: 'a' },
    });
  });

  test('a repeated creation has the same physical id, another stack has another', async () => {
    const once = await run(CREATE, async () => undefined);
    const again = await run({ ...CREATE, RequestId: 'request-2' }, async () => undefined);
    const elsewhere = await run({ ...CREATE, StackId: `${BASE.StackId}2` }, async () => undefined);
    expect(again.answer.PhysicalResourceId).toBe(once.answer.PhysicalResourceId);
    expect(elsewhere.answer.PhysicalResourceId).not.toBe(once.answer.PhysicalResourceId);
  });

  test.each([UPDATE, DELETE])('$RequestType keeps the id that CloudFormation knows', async (event) => {
    const { answer } = await run(event, async () => undefined);
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'kept' });
  });

  test('an operation sees its own properties only, and may name its resource', async () => {
    const { answer } = await run(UPDATE, async (request) => {
      expect(request).toMatchObject({ properties: { Size: '1' }, oldProperties: { Size: '0' } });
      expect(Object.keys(request.properties)).toEqual(['Size']);
      return { physicalResourceId: 'other' };
    });
    expect(answer.PhysicalResourceId).toBe('other');
  });

  test.each([
    ['rejects', () => Promise.reject(new Error('no such model'))],
    [
      'throws before its first await',
      () => {
        throw new Error('no such model');
      },
    ],
  ])('an operation that %s is answered with its reason', async (_how, operation) => {
    const { answer, failure } = await run(DELETE, operation);
    expect(failure).toBeUndefined();
    expect(answer).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('no such model'),
      PhysicalResourceId: 'kept',
    });
  });

  test('an operation that never ends is answered two seconds before the timeout', async () => {
    const { answer, slept } = await run(CREATE, () => new Promise(() => undefined), {
      remaining: 30_000,
      clockRuns: true,
    });
    expect(slept).toEqual([28_000]);
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('PALISADE-A103') });
  });

  test('data that does not fit is a failure with a code', async () => {
    const { answer, sent } = await run(CREATE, async () => ({ data: { Value: 'x'.repeat(5000) } }));
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('PALISADE-A104') });
    expect(Buffer.byteLength(sent[0].body)).toBeLessThanOrEqual(4096);
  });

  test('whatever an operation throws, the answer is JSON that fits', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 3000 }), fc.nat(6), async (text, repeat) => {
        const { sent, answer } = await run(CREATE, () => Promise.reject(new Error(text.repeat(repeat))));
        expect(Buffer.byteLength(sent[0].body)).toBeLessThanOrEqual(4096);
        expect(answer.Status).toBe('FAILED');
        expect(answer.Reason).not.toBe('');
      }),
      { numRuns: 60 },
    );
  });
});

describe('delivery', () => {
  test('tries again after a lost connection and a server error, then stops', async () => {
    const { sent, slept, failure } = await run(CREATE, async () => undefined, {
      statuses: [new Error('reset'), 503, 200],
    });
    expect(failure).toBeUndefined();
    expect(sent).toHaveLength(3);
    expect(slept).toEqual([100, 300]);
  });

  test('throws after three attempts, so that Lambda delivers the event again', async () => {
    const { sent, failure } = await run(CREATE, async () => undefined, { statuses: [403] });
    expect(sent).toHaveLength(3);
    expect(failure).toMatchObject({ code: 'PALISADE-A102' });
  });

  test('an attempt never takes more than half of the time that is left', async () => {
    expect((await run(CREATE, async () => undefined, { remaining: 2000 })).sent[0].timeoutMs).toBe(1000);
    expect((await run(CREATE, async () => undefined)).sent[0].timeoutMs).toBe(5000);
  });

  test('neither the signed URL nor the properties reach the log', async () => {
    const quoting = new Error(`request to ${URL} failed`);
    const event = { ...CREATE, ResourceProperties: { ServiceToken: 'token', Password: 'hunter2' } };
    const { lines } = await run(event, async () => undefined, { statuses: [quoting] });
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join()).not.toMatch(/secret|Signature|hunter2/);
  });
});

test.each([
  ['no response URL', { ...CREATE, ResponseURL: undefined }],
  ['a plain-text URL', { ...CREATE, ResponseURL: 'http://bucket.example/' }],
  ['an unknown request', { ...CREATE, RequestType: 'Drop' }],
  ['an update without an id', { ...UPDATE, PhysicalResourceId: undefined }],
])('refuses an event with %s', async (_what, event) => {
  const { sent, failure } = await run(event as CloudFormationCustomResourceEvent, async () => undefined);
  expect(sent).toHaveLength(0);
  expect(failure).toMatchObject({ code: 'PALISADE-A101' });
});
