import type { ALBEvent, APIGatewayProxyEvent } from 'aws-lambda';
import { openBodies } from '../../../runtime/gateway';
import { type Answers, BASE, coldStart } from './aws';

const CALLER = 'arn:aws:sts::111122223333:assumed-role/App/alice';
const BEDROCK = { MODEL_ID: 'amazon.nova-lite-v1:0', GUARDRAIL: 'arn:guardrail', GUARDRAIL_VERSION: '3' };
const JSON_HEADERS = { 'Content-Type': 'application/json' };

async function start(settings: Record<string, string>, answers?: Answers) {
  const { loaded, sent } = await coldStart(
    settings,
    () => require('../../../lambda/inference-gateway') as typeof import('../../../lambda/inference-gateway'),
    answers,
  );
  const call = (body: string, event: Partial<APIGatewayProxyEvent> = {}) =>
    loaded.handler({
      body,
      httpMethod: 'POST',
      path: '/invoke',
      headers: JSON_HEADERS,
      requestContext: { requestId: 'r-1', identity: { userArn: CALLER } },
      ...event,
    } as APIGatewayProxyEvent);
  const put = (bucket: string) =>
    sent.flatMap(({ command, input }) =>
      command === 'PutObjectCommand' && input.Bucket === bucket
        ? [{ ...input, body: JSON.parse(input.Body as string) }]
        : [],
    ) as { Key: string; ExpectedBucketOwner: string; body: Record<string, unknown> }[];
  return { handler: loaded.handler, call, sent, put };
}

afterEach(() => jest.restoreAllMocks());

test('an endpoint answers, and the record lies under system and hour, without texts or the name of the caller', async () => {
  const { call, sent, put } = await start({ ENDPOINT_NAME: 'dev-scoring' });
  expect(await call('{"input":"1,2"}')).toMatchObject({ statusCode: 200, body: '{"output":"0.7"}' });
  expect(sent.map(({ command }) => command)).toEqual([
    'GenerateMacCommand',
    'InvokeEndpointCommand',
    'PutObjectCommand',
  ]);
  expect(sent[0].input).toEqual({
    KeyId: BASE.PSEUDONYM_KEY,
    MacAlgorithm: 'HMAC_SHA_384',
    Message: Buffer.from(CALLER),
  });
  const [record] = put('evidence');
  expect(record.Key).toMatch(/^records\/scoring\/\d{4}\/\d{2}\/\d{2}\/\d{2}\/r-1\.json$/);
  expect(record.ExpectedBucketOwner).toBe(BASE.ACCOUNT);
  expect(record.body).toMatchObject({
    decision: 'answered',
    model: 'dev-scoring',
    caller: Buffer.from('someone').toString('base64url'),
  });
  // A time may end in what the model answered.
  expect(JSON.stringify({ ...record.body, time: undefined })).not.toMatch(/alice|1,2|0\.7/);
});

test('a Bedrock model answers through its guardrail', async () => {
  const { call, sent } = await start({ ...BEDROCK, MAXIMUM_TOKENS: '99' });
  expect(await call('{"input":"hello"}')).toMatchObject({ statusCode: 200, body: '{"output":"hello"}' });
  expect(sent.find(({ command }) => command === 'ConverseCommand')?.input).toMatchObject({
    inferenceConfig: { maxTokens: 99 },
    guardrailConfig: { guardrailIdentifier: 'arn:guardrail', guardrailVersion: '3' },
  });
});

test.each<[string, Record<string, string>]>([
  ['no model is approved', { ENDPOINT_NAME: '' }],
  ['a Bedrock model has no guardrail', { MODEL_ID: BEDROCK.MODEL_ID }],
])('answers 503 while %s, and calls none', async (_, settings) => {
  const { call, sent } = await start(settings);
  const answer = await call('{"input":"1,2"}');
  expect([answer.statusCode, JSON.parse(answer.body as string).code]).toEqual([503, 'PALISADE-W005']);
  expect(sent.map(({ service }) => service)).toEqual(['kms', 's3']);
});

test('without a record there is no answer, and the log quotes nobody', async () => {
  const log = jest.spyOn(console, 'error').mockImplementation(() => {});
  const { call } = await start({ ENDPOINT_NAME: 'dev-scoring' }, (command) => {
    if (command === 'PutObjectCommand') {
      throw new Error('AccessDenied for alice');
    }
  });
  const answer = await call('{"input":"1,2"}');
  expect([answer.statusCode, JSON.parse(answer.body as string)]).toEqual([
    500,
    { code: 'PALISADE-W007', message: 'the call could not be recorded' },
  ]);
  expect(log.mock.calls).toEqual([['{"failed":"Error"}']]);
});

describe('bodies', () => {
  const BODIES = {
    ENDPOINT_NAME: 'dev-scoring',
    BODIES_BUCKET: 'bodies',
    RECORD_KEY: 'arn:aws:kms:eu-west-1:111122223333:key/records',
  };

  test('go encrypted into a bucket of their own, under a data key of the system', async () => {
    const { call, sent, put } = await start(BODIES);
    await call('{"input":"1,2"}');
    const [bodies] = put('bodies');
    expect(bodies.Key).toMatch(/^bodies\/scoring\/\d{4}\/\d{2}\/\d{2}\/\d{2}\/r-1\.json$/);
    expect(openBodies(bodies.body as never, Buffer.alloc(32, 1))).toEqual({
      request: '{"input":"1,2"}',
      response: '0.7',
    });
    expect(sent.find(({ command }) => command === 'GenerateDataKeyCommand')?.input).toEqual({
      KeyId: BODIES.RECORD_KEY,
      KeySpec: 'AES_256',
      EncryptionContext: { system: 'scoring', purpose: 'inference-record' },
    });
  });

  test('KMS is asked once for callers and keys that come again', async () => {
    const { call, sent } = await start(BODIES);
    for (let time = 0; time < 3; time += 1) {
      await call('{"input":"1,2"}');
    }
    expect(sent.filter(({ service }) => service === 'kms')).toHaveLength(2);
  });

  test('a data key that was not to be had is asked for again', async () => {
    jest.spyOn(console, 'error').mockImplementation(() => {});
    let down = true;
    const { call } = await start(BODIES, (command) => {
      if (command === 'GenerateDataKeyCommand' && down) {
        throw new Error('down');
      }
    });
    expect((await call('{"input":"1,2"}')).statusCode).toBe(500);
    down = false;
    expect((await call('{"input":"1,2"}')).statusCode).toBe(200);
  });
});

describe('limits', () => {
  const LIMITS = {
    ENDPOINT_NAME: 'dev-scoring',
    LIMITS_TABLE: 'limits',
    REQUESTS_PER_MINUTE: '5',
    TOKENS_PER_DAY: '100',
  };

  test('are looked at and raised in one conditional write each', async () => {
    const { call, sent } = await start(LIMITS);
    expect((await call('{"input":"1,2"}')).statusCode).toBe(200);
    const writes = sent.filter(({ service }) => service === 'dynamodb').map(({ input }) => input);
    expect(writes.slice(0, 2)).toEqual([
      expect.objectContaining({
        TableName: 'limits',
        ConditionExpression: 'attribute_not_exists(used) OR used <= :room',
        ExpressionAttributeValues: expect.objectContaining({ ':amount': { N: '1' }, ':room': { N: '4' } }),
      }),
      expect.objectContaining({
        ExpressionAttributeValues: expect.objectContaining({ ':amount': { N: '1' }, ':room': { N: '99' } }),
      }),
    ]);
  });

  test('stop a call whose write is refused, and fail one whose write fails', async () => {
    jest.spyOn(console, 'error').mockImplementation(() => {});
    const refusing = (name: string) =>
      start(LIMITS, (command) => {
        if (command === 'UpdateItemCommand') {
          throw Object.assign(new Error(), { name });
        }
      });
    const full = await (await refusing('ConditionalCheckFailedException')).call('{"input":"1,2"}');
    expect([full.statusCode, full.headers?.['retry-after']]).toEqual([429, expect.stringMatching(/^\d+$/)]);
    expect((await (await refusing('ProvisionedThroughputExceededException')).call('{"input":"1,2"}')).statusCode).toBe(
      502,
    );
  });
});

describe('the flag', () => {
  const FLAG = { ENDPOINT_NAME: 'dev-scoring', STOP_FLAG: 'app/env/profile' };
  const saying = (text: string) =>
    start(FLAG, (command) =>
      command === 'GetLatestConfigurationCommand'
        ? { Configuration: Buffer.from(text), NextPollConfigurationToken: 't2' }
        : undefined,
    );

  test('lets calls through while it is not set, and is read once', async () => {
    const { call, sent } = await saying('{"stopped":false}');
    await call('{"input":"1,2"}');
    expect((await call('{"input":"1,2"}')).statusCode).toBe(200);
    expect(sent.filter(({ service }) => service === 'appconfigdata').map(({ input }) => input)).toEqual([
      {
        ApplicationIdentifier: 'app',
        EnvironmentIdentifier: 'env',
        ConfigurationProfileIdentifier: 'profile',
        RequiredMinimumPollIntervalInSeconds: 15,
      },
      { ConfigurationToken: 't1' },
    ]);
  });

  test.each(['{"stopped":true}', '{"stopped":"no"}', '{', ''])('stops every call when it says %j', async (text) => {
    jest.spyOn(console, 'error').mockImplementation(() => {});
    const { call, sent } = await saying(text);
    const answer = await call('{"input":"1,2"}');
    expect([answer.statusCode, JSON.parse(answer.body as string).code]).toEqual([503, 'PALISADE-W015']);
    expect(sent.some(({ service }) => service === 'sagemaker-runtime')).toBe(false);
  });
});

describe('fronts', () => {
  test('a body in base64 is read', async () => {
    const { call } = await start({ ENDPOINT_NAME: 'dev-scoring' });
    const body = Buffer.from('{"input":"1,2"}').toString('base64');
    expect((await call(body, { isBase64Encoded: true })).statusCode).toBe(200);
    const invalid = await call(Buffer.from([0xff, 0xfe]).toString('base64'), { isBase64Encoded: true });
    expect(JSON.parse(invalid.body as string).code).toBe('PALISADE-W001');
  });

  test('an encoded model id in the path is that model', async () => {
    const { call } = await start(BEDROCK);
    const body = JSON.stringify({ messages: [{ role: 'user', content: [{ text: 'hi' }] }] });
    const answer = await call(body, { path: '/model/amazon.nova-lite-v1%3A0/converse' });
    expect(JSON.parse(answer.body as string)).toMatchObject({
      output: { message: { role: 'assistant', content: [{ text: 'hello' }] } },
      stopReason: 'end_turn',
      usage: { inputTokens: 5, outputTokens: 2, totalTokens: 7 },
    });
    expect((await call(body, { path: '/model/%E0%A4%A/converse' })).statusCode).toBe(404);
  });

  test('a stream comes whole: a function gives no pieces', async () => {
    const { call } = await start(BEDROCK);
    const body = JSON.stringify({ model: 'scoring', stream: true, messages: [{ role: 'user', content: 'hi' }] });
    const answer = await call(body, { path: '/v1/chat/completions' });
    expect(answer.headers?.['content-type']).toBe('text/event-stream');
    expect(answer.body).toMatch(/^data: .*"content":"hello".*data: \[DONE\]\n\n$/s);
  });

  const balancer = (headers: Record<string, string[]>) =>
    ({
      body: '{"input":"1,2"}',
      httpMethod: 'POST',
      path: '/invoke',
      multiValueHeaders: { 'content-type': ['application/json'], ...headers },
      isBase64Encoded: false,
      requestContext: { elb: { targetGroupArn: 'arn:target' } },
    }) as unknown as ALBEvent;
  const SUBJECT = 'x-amzn-mtls-clientcert-subject';

  test('behind a balancer the caller is whom the named header says, once', async () => {
    const { handler, sent } = await start({ ENDPOINT_NAME: 'dev-scoring', CALLER_HEADER: SUBJECT });
    expect((await handler(balancer({ [SUBJECT]: ['CN=app'] }))).statusCode).toBe(200);
    expect(sent[0].input.Message).toEqual(Buffer.from('CN=app'));
    for (const headers of [{}, { [SUBJECT]: ['CN=app', 'CN=forged'] }] as Record<string, string[]>[]) {
      expect((await handler(balancer(headers))).statusCode).toBe(403);
    }
  });

  test('without such a header nobody is known behind a balancer', async () => {
    const { handler } = await start({ ENDPOINT_NAME: 'dev-scoring' });
    expect((await handler(balancer({ [SUBJECT]: ['CN=app'] }))).statusCode).toBe(403);
  });
});

test('SDKs that the settings do not ask for are not loaded', async () => {
  const loaded: string[] = [];
  jest.resetModules();
  for (const name of ['bedrock-runtime', 'sagemaker-runtime', 'dynamodb', 'appconfigdata']) {
    jest.doMock(`@aws-sdk/client-${name}`, () => {
      loaded.push(name);
      return {};
    });
  }
  require('../../../lambda/inference-gateway');
  expect(loaded).toEqual([]);
});
