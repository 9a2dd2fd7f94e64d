import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type GatewayCall, MAXIMUM_BODY, type Reply } from '../../runtime/gateway';
import { decoded } from './front';

/** Milliseconds in which headers, and a whole request, have to have come. */
const HEADERS_TIMEOUT = 10_000;
const REQUEST_TIMEOUT = 30_000;

/** What the server needs. */
export interface HttpFront {
  /** Takes a call through the chain. */
  answer(call: GatewayCall): Promise<Reply>;
  /** Who calls, as whatever stands in front has authenticated; empty where nobody vouches for the caller. */
  identify(request: IncomingMessage): string;
}

/**
 * The gateway as a server of its own, for a container: answers stream for real, and a caller who goes away ends the call.
 * `GET /ping` says that the process runs, and nothing else.
 */
export function gatewayServer(front: HttpFront): Server {
  return createServer(
    { headersTimeout: HEADERS_TIMEOUT, requestTimeout: REQUEST_TIMEOUT, maxHeaderSize: 16_384 },
    (request, response) => {
      serve(front, request, response).catch(() => response.destroy());
    },
  );
}

async function serve(front: HttpFront, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = decoded((request.url ?? '').split('?')[0]);
  if (path === '/ping') {
    response.writeHead(200, { 'content-type': 'text/plain' }).end('pong');
    return;
  }
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const body = await bodyOf(request);
  const {
    status,
    headers,
    body: said,
  } = await front.answer({
    requestId: randomUUID(),
    caller: front.identify(request),
    method: request.method ?? '',
    path,
    contentType: request.headers['content-type'],
    accept: request.headers.accept,
    body,
    signal: gone.signal,
    streams: true,
  });
  // What was not read of a body that is too long is not waited for.
  response.writeHead(status, { ...headers, ...(body.length > MAXIMUM_BODY && { connection: 'close' }) });
  if (typeof said === 'string') {
    response.end(said);
    return;
  }
  for await (const piece of said) {
    if (!response.write(piece)) {
      await drained(response);
    }
    if (gone.signal.aborted) {
      break;
    }
  }
  response.end();
}

/** The body, or one byte more than a body may have. */
async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of request) {
    pieces.push(piece);
    length += piece.length;
    if (length > MAXIMUM_BODY) {
      break;
    }
  }
  return Buffer.concat(pieces).subarray(0, MAXIMUM_BODY + 1);
}

/** A slow reader slows the model down, and fills no memory. */
async function drained(response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => {
    const go = () => {
      response.off('drain', go);
      response.off('close', go);
      resolve();
    };
    response.on('drain', go);
    response.on('close', go);
  });
}
