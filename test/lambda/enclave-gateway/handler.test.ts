import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { MAXIMUM_SEALED, SEALED } from '../../../runtime/gateway';

type Seen = { method?: string; url?: string; type?: string; route?: string | string[]; body: Buffer };
type Answer = { status: number; body: Buffer; headers?: Record<string, string>; endless?: true };

const servers: http.Server[] = [];

/** Stands where the load balancer of the fleet does. */
async function enclave(answer: (seen: Seen) => Answer) {
  const seen: Seen[] = [];
  const connections: (string | undefined)[] = [];
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const { method, url, headers } = request;
    seen.push({
      method,
      url,
      type: headers['content-type'],
      ...(headers['x-palisade-route'] && { route: headers['x-palisade-route'] }),
      body: Buffer.concat(chunks),
    });
    connections.push(headers.connection);
    const { status, body, headers: others, endless } = answer(seen[seen.length - 1]);
    response.writeHead(status, { 'content-type': SEALED, 'x-palisade-route': '10.0.1.5', ...others });
    const again = () => {
      while (response.write(body));
      response.once('drain', again);
    };
    endless ? again() : response.end(body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, connections };
}

function start(url: string) {
  const records: string[] = [];
  const before = process.env;
  process.env = { ...before, ENCLAVE_URL: url, ENCLAVE_NAME: 'prod-notes', SYSTEM: 'notes', AWS_REGION: 'eu-west-1' };
  let handler: typeof import('../../../lambda/enclave-gateway').handler | undefined;
  jest.isolateModules(() => {
    jest.spyOn(require('@aws-sdk/client-kms').KMSClient.prototype, 'send').mockImplementation(async () => ({
      Mac: Buffer.from('someone'),
    }));
    jest.spyOn(require('@aws-sdk/client-s3').S3Client.prototype, 'send').mockImplementation(async (command) => {
      records.push((command as { input: { Body: string } }).input.Body);
      return {};
    });
    handler = require('../../../lambda/enclave-gateway').handler;
  });
  process.env = before;
  const call = (event: Partial<APIGatewayProxyEvent>) =>
    (handler as NonNullable<typeof handler>)({
      headers: {},
      requestContext: { requestId: 'r-1', identity: { userArn: 'arn:aws:sts::111122223333:assumed-role/App/alice' } },
      ...event,
    } as APIGatewayProxyEvent);
  return { call, records };
}

beforeEach(() => void jest.spyOn(console, 'error').mockImplementation());
afterEach(() => {
  jest.restoreAllMocks();
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

test('the way back to one enclave passes both ways, and a route that is none passes nowhere', async () => {
  const { url, seen } = await enclave(() => ({ status: 200, body: Buffer.from('document') }));
  const { call } = start(url);
  const nonce = { queryStringParameters: { nonce: 'ab'.repeat(32) } };
  const first = await call({ httpMethod: 'GET', ...nonce });
  expect(first.headers?.['x-palisade-route']).toBe('10.0.1.5');
  await call({ httpMethod: 'GET', headers: { 'X-Palisade-Route': '10.0.1.5' }, ...nonce });
  expect(seen.map(({ route }) => route)).toEqual([undefined, '10.0.1.5']);
  const refused = await call({ httpMethod: 'GET', headers: { 'X-Palisade-Route': '10.0.1.5 \r\nx: y' }, ...nonce });
  expect(refused.statusCode).toBe(400);
  expect(seen).toHaveLength(2);
});

test('sealed bytes reach the enclave as they are, whatever they are, and its answer comes back in base64', async () => {
  const body = Buffer.from([0, 255, 128, 10, 13]);
  const { url, seen } = await enclave(() => ({ status: 200, body: Buffer.from([1, 0, 254]) }));
  const { call, records } = start(url);
  const answer = await call({
    httpMethod: 'POST',
    headers: { 'Content-Type': SEALED },
    body: body.toString('base64'),
    isBase64Encoded: true,
  });
  expect(seen).toEqual([{ method: 'POST', url: '/invocations', type: SEALED, body }]);
  expect(answer).toEqual({
    statusCode: 200,
    headers: { 'content-type': SEALED, 'x-palisade-route': '10.0.1.5' },
    body: Buffer.from([1, 0, 254]).toString('base64'),
    isBase64Encoded: true,
  });
  expect(JSON.parse(records[0])).toMatchObject({ system: 'notes', model: 'prod-notes', decision: 'answered' });
  expect(records[0]).not.toContain('alice');
});

test('a nonce is passed on', async () => {
  const { url, seen } = await enclave(() => ({ status: 200, body: Buffer.from('document') }));
  const nonce = 'cd'.repeat(32);
  const answer = await start(url).call({ httpMethod: 'GET', queryStringParameters: { nonce } });
  expect(seen[0]).toMatchObject({ method: 'GET', url: `/attestation?nonce=${nonce}` });
  expect(Buffer.from(answer.body, 'base64').toString()).toBe('document');
});

test('plain text is refused at the gateway', async () => {
  const { url, seen } = await enclave(() => ({ status: 200, body: Buffer.alloc(0) }));
  const answer = await start(url).call({
    httpMethod: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"input":"x"}',
  });
  expect(answer.statusCode).toBe(415);
  expect(seen).toEqual([]);
});

test('a refusal is text, that every caller can read, whatever it accepts', async () => {
  const refusal = '{"code":"PALISADE-E201","message":"sealed to another key"}';
  const { url } = await enclave(() => ({
    status: 409,
    body: Buffer.from(refusal),
    headers: { 'content-type': 'application/json' },
  }));
  const { call } = start(url);
  const sealed = { httpMethod: 'POST', headers: { 'content-type': SEALED }, body: 'AA==', isBase64Encoded: true };
  expect(await call(sealed)).toMatchObject({ statusCode: 409, body: refusal, isBase64Encoded: false });
  const own = await call({ httpMethod: 'GET', queryStringParameters: { nonce: 'none' } });
  expect(own).toMatchObject({ statusCode: 400, isBase64Encoded: false });
  expect(JSON.parse(own.body)).toMatchObject({ code: 'PALISADE-W008' });
});

test('a host does not send the gateway elsewhere', async () => {
  const elsewhere = await enclave(() => ({ status: 200, body: Buffer.from('not the enclave') }));
  const { url } = await enclave(() => ({
    status: 302,
    body: Buffer.alloc(0),
    headers: { location: `${elsewhere.url}/attestation` },
  }));
  const { call, records } = start(url);
  expect(await call({ httpMethod: 'GET', queryStringParameters: { nonce: 'ab'.repeat(32) } })).toMatchObject({
    statusCode: 502,
  });
  expect(elsewhere.seen).toEqual([]);
  expect(JSON.parse(records[0])).toMatchObject({ decision: 'failed', code: 'PALISADE-W006' });
});

test('an answer without an end is given up before it fills the memory', async () => {
  const { url } = await enclave(() => ({ status: 200, body: Buffer.alloc(65_536), endless: true }));
  const { call, records } = start(url);
  const sealed = { httpMethod: 'POST', headers: { 'content-type': SEALED }, body: 'AA==', isBase64Encoded: true };
  const answer = await call(sealed);
  expect([answer.statusCode, JSON.parse(answer.body).code]).toEqual([502, 'PALISADE-W009']);
  expect(JSON.parse(records[0])).toMatchObject({ decision: 'failed', code: 'PALISADE-W009' });
});

test('the longest answer passes, and its event fits what Lambda returns', async () => {
  const { url } = await enclave(() => ({ status: 200, body: Buffer.alloc(MAXIMUM_SEALED, 7) }));
  const answer = await start(url).call({ httpMethod: 'GET', queryStringParameters: { nonce: 'ab'.repeat(32) } });
  expect(Buffer.from(answer.body, 'base64')).toHaveLength(MAXIMUM_SEALED);
  expect(JSON.stringify(answer).length).toBeLessThan(6 * 1024 * 1024);
});

test('each request has a connection of its own, so that the balancer spreads them', async () => {
  const { url, connections } = await enclave(() => ({ status: 200, body: Buffer.from('document') }));
  const { call } = start(url);
  const nonce = { queryStringParameters: { nonce: 'ab'.repeat(32) } };
  await call({ httpMethod: 'GET', ...nonce });
  await call({ httpMethod: 'GET', ...nonce });
  expect(connections).toEqual(['close', 'close']);
});
