import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { relaySealed, SEALED, type SealedAnswer, type SealedPorts, type SealedRequest } from '../../runtime/gateway';
import { auditPorts } from '../support/audit-ports';

/** Within API Gateway's 29 seconds, with time left for the record. */
const TIMEOUT_MS = 24_000;

/** Names the enclave by which a client was answered. */
const ROUTE = 'x-palisade-route';

const { ENCLAVE_URL = '', ENCLAVE_NAME = '', SYSTEM = '' } = process.env;

const ports: SealedPorts = { ...auditPorts(), model: ENCLAVE_NAME, ask };

/** Answers one call of the private API before an enclave. What is sealed passes as it is. */
export async function handler(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const { requestId, identity } = event.requestContext;
  const call = { requestId, caller: identity.userArn ?? '', request: requestOf(event) };
  const { status, contentType, body, route } = await relaySealed(call, SYSTEM, ports);
  return {
    statusCode: status,
    headers: { 'content-type': contentType, ...(route !== undefined && { [ROUTE]: route }) },
    body: Buffer.from(body).toString('base64'),
    isBase64Encoded: true,
  };
}

function requestOf(event: APIGatewayProxyEvent): SealedRequest {
  const header = (wanted: string) => Object.entries(event.headers).find(([name]) => name.toLowerCase() === wanted)?.[1];
  const route = header(ROUTE);
  if (event.httpMethod === 'GET') {
    return { kind: 'attestation', nonce: event.queryStringParameters?.nonce ?? '', route };
  }
  return {
    kind: 'invocation',
    route,
    contentType: header('content-type') ?? '',
    body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
  };
}

async function ask(request: SealedRequest): Promise<SealedAnswer> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const route: Record<string, string> = request.route === undefined ? {} : { [ROUTE]: request.route };
  const response =
    request.kind === 'attestation'
      ? await fetch(`${ENCLAVE_URL}/attestation?nonce=${request.nonce}`, { headers: route, signal })
      : await fetch(`${ENCLAVE_URL}/invocations`, {
          method: 'POST',
          headers: { 'content-type': SEALED, ...route },
          body: request.body,
          signal,
        });
  return {
    status: response.status,
    contentType: response.headers.get('content-type') ?? 'application/octet-stream',
    body: new Uint8Array(await response.arrayBuffer()),
    route: response.headers.get(ROUTE) ?? undefined,
  };
}
