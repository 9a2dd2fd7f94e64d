import type { APIGatewayProxyEvent } from 'aws-lambda';

const SETTINGS = {
  ACCOUNT: '111122223333',
  PSEUDONYM_KEY: 'arn:aws:kms:eu-west-1:111122223333:key/pseudonym',
  RECORDS_BUCKET: 'evidence',
  SYSTEM: 'scoring',
  AWS_REGION: 'eu-west-1',
};
const CALLER = 'arn:aws:sts::111122223333:assumed-role/App/alice';

type Sent = { client: string; input: Record<string, unknown> };

/** Loads the handler with settings, as a cold start does, and keeps what its clients send. */
function start(settings: Record<string, string>, s3: () => unknown = () => ({})) {
  const sent: Sent[] = [];
  const answer = (client: string, give: () => unknown) => async (command: unknown) => {
    sent.push({ client, input: (command as { input: Record<string, unknown> }).input });
    return give();
  };
  const before = process.env;
  process.env = { ...before, ...SETTINGS, ...settings };
  const answers: [string, string, string, () => unknown][] = [
    ['@aws-sdk/client-kms', 'KMSClient', 'kms', () => ({ Mac: Buffer.from('someone') })],
    ['@aws-sdk/client-s3', 'S3Client', 's3', s3],
    ['@aws-sdk/client-sagemaker-runtime', 'SageMakerRuntimeClient', 'sagemaker', () => ({ Body: Buffer.from('0.7') })],
    [
      '@aws-sdk/client-bedrock-runtime',
      'BedrockRuntimeClient',
      'bedrock',
      () => ({ output: { message: { content: [{ text: 'hello' }] } }, stopReason: 'end_turn' }),
    ],
  ];
  let handler: typeof import('../../../lambda/inference-gateway').handler | undefined;
  jest.isolateModules(() => {
    for (const [module, client, name, give] of answers) {
      jest.spyOn(require(module)[client].prototype, 'send').mockImplementation(answer(name, give));
    }
    handler = require('../../../lambda/inference-gateway').handler;
  });
  process.env = before;
  const call = (body: string) =>
    (handler as NonNullable<typeof handler>)({
      body,
      requestContext: { requestId: 'r-1', identity: { userArn: CALLER } },
    } as APIGatewayProxyEvent);
  return { call, sent };
}

afterEach(() => jest.restoreAllMocks());

const BEDROCK = { MODEL_ID: 'amazon.nova-lite-v1:0', GUARDRAIL: 'arn:guardrail', GUARDRAIL_VERSION: '3' };

test('an endpoint answers, and the record lies under system and day, without texts or the name of the caller', async () => {
  const { call, sent } = start({ ENDPOINT_NAME: 'dev-scoring' });
  expect(await call('{"input":"1,2"}')).toEqual({
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: '{"output":"0.7"}',
  });
  expect(sent.map(({ client }) => client)).toEqual(['sagemaker', 'kms', 's3']);
  const [, mac, put] = sent.map(({ input }) => input);
  expect(mac).toMatchObject({
    KeyId: SETTINGS.PSEUDONYM_KEY,
    MacAlgorithm: 'HMAC_SHA_384',
    Message: Buffer.from(CALLER),
  });
  expect(put).toMatchObject({
    Bucket: 'evidence',
    Key: expect.stringMatching(/^records\/scoring\/\d{4}\/\d{2}\/\d{2}\/r-1\.json$/),
    ExpectedBucketOwner: SETTINGS.ACCOUNT,
  });
  const record = JSON.parse(put.Body as string);
  expect(record).toMatchObject({
    decision: 'answered',
    model: 'dev-scoring',
    caller: Buffer.from('someone').toString('base64url'),
  });
  expect(put.Body).not.toMatch(/alice|1,2|0\.7/);
});

test('a Bedrock model answers through its guardrail', async () => {
  const { call, sent } = start({ ...BEDROCK, MAXIMUM_TOKENS: '99' });
  expect(await call('{"input":"hello"}')).toMatchObject({ statusCode: 200, body: '{"output":"hello"}' });
  expect(sent[0]).toMatchObject({
    client: 'bedrock',
    input: {
      inferenceConfig: { maxTokens: 99 },
      guardrailConfig: { guardrailIdentifier: 'arn:guardrail', guardrailVersion: '3' },
    },
  });
});

test.each<[string, Record<string, string>]>([
  ['no model is approved', { ENDPOINT_NAME: '' }],
  ['a Bedrock model has no guardrail', { MODEL_ID: BEDROCK.MODEL_ID }],
])('answers 503 while %s, and calls none', async (_, settings) => {
  const { call, sent } = start(settings);
  const answer = await call('{"input":"1,2"}');
  expect(answer.statusCode).toBe(503);
  expect(JSON.parse(answer.body).code).toBe('PALISADE-W005');
  expect(sent.map(({ client }) => client)).toEqual(['kms', 's3']);
});

test('without a record there is no answer, and the log quotes nobody', async () => {
  const log = jest.spyOn(console, 'error').mockImplementation(() => {});
  const { call } = start({ ENDPOINT_NAME: 'dev-scoring' }, () => {
    throw new Error('AccessDenied for alice');
  });
  const answer = await call('{"input":"1,2"}');
  expect(answer.statusCode).toBe(500);
  expect(JSON.parse(answer.body)).toEqual({ code: 'PALISADE-W007', message: 'the call could not be recorded' });
  expect(log.mock.calls).toEqual([['{"failed":"Error"}']]);
});
