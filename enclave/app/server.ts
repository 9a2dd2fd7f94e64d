import * as http from 'node:http';
import {
  type EnclaveResponder,
  fromHex,
  type OpenedRequest,
  refusalOf,
  SEALED,
  toHex,
} from '../../runtime/enclave-channel';
import { fault } from '../../runtime/enclave-channel/fault';
import { type ReceiptIssuer, sha256Hex } from '../../runtime/receipt';
import { type Log, nameOf } from '../log';
import type { Agent } from './agent';
import type { ModelServer } from './model-server';

/** What an enclave answers with. */
export interface EnclaveServerParts {
  readonly responder: Pick<EnclaveResponder, 'open'>;
  readonly issuer: Pick<ReceiptIssuer, 'witness'>;
  readonly model: Pick<ModelServer, 'invoke'>;
  readonly agent: Pick<Agent, 'record'>;
  /** A document that names the keys of this start. */
  readonly attest: (nonce: Uint8Array) => Uint8Array;
  readonly maximumConcurrency: number;
  readonly answerSeconds: number;
  readonly now: () => number;
  readonly log: Log;
}

const NONCE = /^\/attestation\?nonce=([0-9a-f]{64})$/;

/** The HTTP server of an enclave: `GET /attestation?nonce=` and `POST /invocations`. */
export function enclaveServer(parts: EnclaveServerParts): http.Server {
  let busy = 0;
  const limits = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 5_000, maxHeaderSize: 8 * 1024 };
  return http.createServer(limits, async (request, response) => {
    busy += 1;
    try {
      if (busy > parts.maximumConcurrency) {
        throw fault('E204', 'enclave', 'too many requests at once', 'load');
      }
      await route(request, response, parts);
    } catch (error) {
      refuse(response, error, parts.log);
    } finally {
      busy -= 1;
    }
  });
}

async function route(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  parts: EnclaveServerParts,
): Promise<void> {
  const { method, url = '' } = request;
  const nonce = method === 'GET' ? NONCE.exec(url)?.[1] : undefined;
  if (nonce !== undefined) {
    response.setHeader('content-type', 'application/octet-stream').end(parts.attest(fromHex(nonce)));
  } else if (method === 'POST' && url === '/invocations') {
    await answer(request, response, parts);
  } else {
    response.writeHead(404).end();
  }
}

async function answer(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  parts: EnclaveServerParts,
): Promise<void> {
  const ended = new AbortController();
  const leave = () => ended.abort();
  // Before the request is opened: a caller that goes in the meantime says so once.
  response.once('close', leave);
  let limit: NodeJS.Timeout | undefined;
  try {
    const opened = await parts.responder.open(request);
    limit = setTimeout(leave, parts.answerSeconds * 1000);
    await reply(opened, response, parts, ended.signal);
    response.off('close', leave).end();
  } finally {
    clearTimeout(limit);
  }
}

async function reply(
  opened: OpenedRequest,
  response: http.ServerResponse,
  { model, issuer, agent, now }: EnclaveServerParts,
  signal: AbortSignal,
): Promise<void> {
  const { status, headers, body } = await model.invoke(opened.head, opened.body, signal);
  const witnessed = issuer.witness(opened, { status, body }, now);
  const end = async () => {
    const receipt = await witnessed.end();
    if (receipt.length > 0) {
      // What is not recorded is not given: the answer then has no end, and the client refuses it.
      await agent.record({
        requestId: toHex(opened.requestId),
        receiptSha256: sha256Hex(receipt),
        time: new Date(now()).toISOString(),
      });
    }
    return receipt;
  };
  response.setHeader('content-type', SEALED);
  for await (const piece of opened.reply({ status, headers }, witnessed.body, end)) {
    if (!response.write(piece)) {
      await drained(response, signal);
    }
  }
}

/** Resolves once the caller has taken what waits for it. Rejects when it is gone. */
function drained(response: http.ServerResponse, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(signal.reason);
    if (signal.aborted) {
      gone();
      return;
    }
    signal.addEventListener('abort', gone, { once: true });
    response.once('drain', () => {
      signal.removeEventListener('abort', gone);
      resolve();
    });
  });
}

/** In clear while nothing has been said yet; afterwards only the missing end tells. */
function refuse(response: http.ServerResponse, error: unknown, log: Log): void {
  log('refused', { code: nameOf(error) });
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status, contentType, body } = refusalOf(error);
  // Whatever is left of the request is not read.
  response.writeHead(status, { 'content-type': contentType, connection: 'close' }).end(body);
}
