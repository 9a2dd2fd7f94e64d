import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { EnclaveClient, type EnclaveClientOptions } from '../../../runtime/client';
import { type Behaviour, LocalEnclave, NOW, PCR0, SYSTEM } from '../../runtime/client/local-enclave';

/*
 * The client through the gateway, with API Gateway between as its documentation has it: bodies of the API's binary types
 * come to the function in base64, and base64 becomes bytes for callers whose first Accept is one of them. For others it
 * stays base64 (API Gateway Developer Guide, "Binary media types for REST APIs").
 */

const BINARY = ['application/vnd.palisade.sealed', 'application/octet-stream'];
const isBinary = (type: string | null) => BINARY.includes(type?.split(',')[0].trim() ?? '');

type Handler = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;

function apiBefore(handler: Handler) {
  return async (request: Request): Promise<Response> => {
    const { pathname, searchParams } = new URL(request.url);
    const body = Buffer.from(await request.arrayBuffer());
    const isBase64Encoded = isBinary(request.headers.get('content-type'));
    const answer = await handler({
      httpMethod: request.method,
      path: pathname,
      headers: Object.fromEntries(request.headers),
      queryStringParameters: Object.fromEntries(searchParams),
      body: body.length === 0 ? null : body.toString(isBase64Encoded ? 'base64' : 'utf8'),
      isBase64Encoded,
      requestContext: { requestId: 'r-1', identity: { userArn: 'arn:aws:sts::111122223333:assumed-role/App/alice' } },
    } as unknown as APIGatewayProxyEvent);
    const decoded = answer.isBase64Encoded && isBinary(request.headers.get('accept'));
    const content = decoded ? Buffer.from(answer.body, 'base64') : answer.body;
    return new Response(content, { status: answer.statusCode, headers: answer.headers as Record<string, string> });
  };
}

const started: LocalEnclave[] = [];
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(started.splice(0).map((enclave) => enclave.stop()));
});

async function clientThroughApi(behaviour: Partial<Behaviour> = {}, options: Partial<EnclaveClientOptions> = {}) {
  const enclave = await LocalEnclave.start(behaviour);
  started.push(enclave);
  const records: string[] = [];
  const before = process.env;
  process.env = { ...before, ENCLAVE_URL: enclave.url, ENCLAVE_NAME: 'fleet', SYSTEM, AWS_REGION: 'eu-west-1' };
  let handler: Handler | undefined;
  jest.isolateModules(() => {
    const { KMSClient } = require('@aws-sdk/client-kms');
    const { S3Client } = require('@aws-sdk/client-s3');
    jest.spyOn(KMSClient.prototype, 'send').mockImplementation(async () => ({ Mac: Buffer.from('someone') }));
    jest.spyOn(S3Client.prototype, 'send').mockImplementation(async (command) => {
      records.push((command as { input: { Body: string } }).input.Body);
      return {};
    });
    handler = require('../../../lambda/enclave-gateway').handler;
  });
  process.env = before;
  const client = new EnclaveClient({
    url: 'https://api.internal/live',
    system: SYSTEM,
    pcrs: [{ 0: PCR0 }],
    clock: () => NOW,
    rootForTests: enclave.nitro.rootDer,
    fetch: apiBefore(handler as Handler),
    ...options,
  });
  return { client, enclave, records };
}

test('asks and is answered, with a receipt, and each call is recorded', async () => {
  const { client, records } = await clientThroughApi({}, { receipts: true });
  const response = await client.invoke('{"question":"canary"}');
  expect(await response.json()).toMatchObject({ path: '/invocations', body: '{"question":"canary"}' });
  await expect(client.receiptOf(response)).resolves.toBeDefined();
  expect(records.map((record) => JSON.parse(record).decision)).toEqual(['answered', 'answered']);
  expect(records.join()).not.toContain('canary');
});

test('bytes of every value come back as they went, close to the longest', async () => {
  const bytes = new Uint8Array(3 * 1024 * 1024).map((_, index) => index * 31);
  const { client } = await clientThroughApi({ model: ({ body }) => ({ body }) });
  const response = await client.invoke(bytes, { contentType: 'application/octet-stream' });
  expect(Buffer.compare(new Uint8Array(await response.arrayBuffer()), bytes)).toBe(0);
});

test('goes back to the enclave that it verified', async () => {
  const route = 'x-palisade-route';
  const { client, enclave } = await clientThroughApi({
    relay: (_request, response) => {
      response.setHeader(route, '10.0.1.5');
      return false;
    },
  });
  await (await client.invoke('{}')).text();
  expect(enclave.headers.map((headers) => headers[route])).toEqual([undefined, '10.0.1.5']);
});

test('an enclave that was started anew is verified anew: the refusal arrives readable', async () => {
  const { client, enclave } = await clientThroughApi();
  await (await client.invoke('{}')).text();
  await enclave.restart();
  expect(await (await client.invoke('{"again":1}')).json()).toMatchObject({ body: '{"again":1}' });
  expect(enclave.count('GET /attestation')).toBe(2);
});

test('an answer that is too long is refused with a code, and not cut', async () => {
  const { client } = await clientThroughApi({ model: () => ({ body: new Uint8Array(5 * 1024 * 1024) }) });
  await expect(client.invoke('{}')).rejects.toMatchObject({
    code: 'PALISADE-E273',
    message: expect.stringContaining('PALISADE-W009'),
  });
});
