import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import {
  MAXIMUM_SEALED,
  relaySealed,
  SEALED,
  type SealedAnswer,
  type SealedPorts,
  type SealedRequest,
} from '../../runtime/gateway';
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
  return resultOf(await relaySealed(call, SYSTEM, ports));
}

/**
 * API Gateway turns base64 into bytes for callers whose Accept begins with one of the API's binary types (API Gateway
 * Developer Guide, "Binary media types for REST APIs"). Refusals go as text, so that everybody can read them.
 */
function resultOf({ status, contentType, body, route }: SealedAnswer): APIGatewayProxyResult {
  const isBase64Encoded = !contentType.startsWith('application/json');
  return {
    statusCode: status,
    headers: { 'content-type': contentType, ...(route !== undefined && { [ROUTE]: route }) },
    body: Buffer.from(body).toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded,
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
  const { path, ...own } = outgoing(request);
  const response = await fetch(`${ENCLAVE_URL}${path}`, {
    ...own,
    headers: {
      ...own.headers,
      ...(request.route !== undefined && { [ROUTE]: request.route }),
      // The balancer spreads connections, not requests; and one that was idle while Lambda froze the function may be dead.
      connection: 'close',
    },
    // Hosts are not trusted: they do not say where to ask next.
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return {
    status: response.status,
    contentType: response.headers.get('content-type') ?? 'application/octet-stream',
    body: await firstBytes(response, MAXIMUM_SEALED + 1),
    route: response.headers.get(ROUTE) ?? undefined,
  };
}

function outgoing(request: SealedRequest): RequestInit & { readonly path: string } {
  return request.kind === 'attestation'
    ? { path: `/attestation?nonce=${request.nonce}` }
    : { path: '/invocations', method: 'POST', headers: { 'content-type': SEALED }, body: request.body };
}

/** So much of a body, or less where it is shorter: an endless one would fill the memory. */
async function firstBytes({ body }: Response, limit: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body ?? []) {
    pieces.push(piece);
    length += piece.length;
    if (length >= limit) {
      break;
    }
  }
  return Buffer.concat(pieces).subarray(0, limit);
}
