import { once } from 'node:events';
import * as http from 'node:http';
import * as net from 'node:net';
import { pipeline } from 'node:stream/promises';
import { KEY_CHANGED, SEALED } from '../../runtime/enclave-channel';
import { firstSignal } from '../../runtime/first-signal';
import { type Log, nameOf } from '../log';
import { ask, type HttpRequest } from '../vsock/http';
import type { Metrics } from './metrics';
import { type Fleet, FORWARDED, ROUTE } from './route';

/** What a relay is made of. */
export interface RelayParts {
  /** A connection to the enclave of this host. */
  readonly enclave: () => Promise<net.Socket>;
  readonly fleet: Fleet;
  /** Port of every member's agent. */
  readonly port: number;
  /** Longest body, in bytes. */
  readonly maximumBody: number;
  readonly maximumConcurrency: number;
  /** `healthy`: this host takes requests. `proved`: its enclave has proved itself lately. `draining`: it is about to go. */
  readonly health: { readonly healthy: boolean; readonly proved: boolean; readonly draining: boolean };
  readonly metrics: Pick<Metrics, 'count' | 'took'>;
  readonly log: Log;
}

/** Longest time from request to the end of its answer, in milliseconds. */
const ANSWER_TIMEOUT = 120_000;

/** Longest wait for another member to take a connection, in milliseconds. */
const CONNECT_TIMEOUT = 2_000;

const NONCE = /^\/attestation\?nonce=[0-9a-f]{64}$/;

/** A refusal in clear. Codes: PALISADE-E380 no such thing, E381 not sealed, E382 too long, or of unknown length, E383 busy, E384 no enclave. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(code);
  }
}

/** The caller went before its answer was whole: nobody's fault here. */
class CallerGone extends Error {
  readonly code = 'caller gone';
}

/**
 * The HTTP server of a host: `GET /health` for the balancer, `GET /proved` for the watchdog, `GET /attestation?nonce=` and
 * `POST /invocations`. It carries what it cannot read, piece by piece, as fast as the slower side takes it.
 */
export class Relay {
  readonly server: http.Server;
  private busy = 0;
  private closed = false;
  private idle?: () => void;

  constructor(private readonly parts: RelayParts) {
    const limits = {
      headersTimeout: 10_000,
      requestTimeout: 60_000,
      keepAliveTimeout: 65_000,
      maxHeaderSize: 16 * 1024,
    };
    this.server = http.createServer(limits, (request, response) => void this.handle(request, response));
  }

  /** Requests that are being answered. */
  get inFlight(): number {
    return this.busy;
  }

  /** Resolves once nothing is being answered. */
  async drained(): Promise<void> {
    while (this.busy > 0) {
      await new Promise<void>((resolve) => {
        this.idle = resolve;
      });
    }
  }

  /** Whoever asks from here on attests anew, and finds another host. */
  close(): void {
    this.closed = true;
  }

  private async handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { health } = this.parts;
    const state = { '/health': health.healthy, '/proved': health.proved }[request.url ?? ''];
    if (state !== undefined) {
      response.writeHead(state ? 200 : 503).end();
      return;
    }
    const started = Date.now();
    this.busy += 1;
    if (health.draining) {
      // The balancer spreads connections, not requests: the next one has to lead elsewhere.
      response.shouldKeepAlive = false;
    }
    try {
      await this.carry(request, response);
      this.parts.metrics.count('Requests');
    } catch (error) {
      this.refuse(request, response, error);
    } finally {
      this.busy -= 1;
      if (this.busy === 0) {
        this.idle?.();
      }
      const milliseconds = Date.now() - started;
      this.parts.metrics.took(milliseconds);
      const bytes = Number(request.headers['content-length'] ?? 0);
      this.parts.log('request', { method: request.method ?? '', status: response.statusCode, bytes, milliseconds });
    }
  }

  private async carry(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    if (this.busy > this.parts.maximumConcurrency) {
      throw new Refusal(503, 'PALISADE-E383');
    }
    if (this.closed) {
      throw new Refusal(410, KEY_CHANGED);
    }
    const { fleet } = this.parts;
    const asked = this.asked(request);
    const member = fleet.otherMember(one(request.headers[ROUTE]), request.headers[FORWARDED] !== undefined);
    const gone = new AbortController();
    const signal = firstSignal(gone.signal, AbortSignal.timeout(ANSWER_TIMEOUT));
    let answer: http.IncomingMessage | undefined;
    response.once('close', () => {
      // An answer that broke closes the response too.
      if (!answer?.errored) {
        gone.abort(new CallerGone());
      }
    });
    try {
      answer = member
        ? await this.askMember(member, { ...asked, signal })
        : await this.askEnclave({ ...asked, signal });
      response.statusCode = answer.statusCode ?? 502;
      response.setHeader('content-type', answer.headers['content-type'] ?? 'application/octet-stream');
      response.setHeader(ROUTE, member ?? fleet.own);
      await pipeline(answer, response);
    } catch (error) {
      throw gone.signal.aborted ? gone.signal.reason : error;
    }
  }

  private asked(request: http.IncomingMessage): HttpRequest {
    const { method = '', url = '', headers } = request;
    if (method === 'GET' && NONCE.test(url)) {
      return { method, path: url };
    }
    if (method !== 'POST' || url !== '/invocations') {
      throw new Refusal(404, 'PALISADE-E380');
    }
    if (headers['content-type'] !== SEALED) {
      throw new Refusal(415, 'PALISADE-E381');
    }
    // Of a body that says how long it is, Node.js reads no more than that.
    const length = Number(headers['content-length'] ?? Number.NaN);
    if (!(length <= this.parts.maximumBody)) {
      throw new Refusal(headers['content-length'] === undefined ? 411 : 413, 'PALISADE-E382');
    }
    return {
      method,
      path: url,
      headers: { 'content-type': SEALED, 'content-length': length },
      send: (outgoing) => pass(request, outgoing),
    };
  }

  private async askEnclave(asked: HttpRequest): Promise<http.IncomingMessage> {
    try {
      return await ask(this.parts.enclave, asked);
    } catch (error) {
      throw error instanceof Refusal ? error : new Refusal(502, 'PALISADE-E384');
    }
  }

  /** A member that is gone took its key with it: the client attests anew, and finds another. */
  private async askMember(member: string, asked: HttpRequest): Promise<http.IncomingMessage> {
    const connect = async () => {
      const socket = net.connect({ host: member, port: this.parts.port });
      try {
        await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_TIMEOUT) });
        return socket;
      } catch {
        socket.destroy();
        throw new Refusal(410, KEY_CHANGED);
      }
    };
    try {
      return await ask(connect, { ...asked, headers: { ...asked.headers, [FORWARDED]: '1' } });
    } catch (error) {
      throw error instanceof Refusal ? error : new Refusal(502, 'PALISADE-E384');
    }
  }

  /** In clear while nothing has been said yet; afterwards the connection breaks, and the client sees that the end is missing. */
  private refuse(request: http.IncomingMessage, response: http.ServerResponse, error: unknown): void {
    const { status, code } = error instanceof Refusal ? error : new Refusal(502, 'PALISADE-E384');
    if (!(error instanceof CallerGone)) {
      this.parts.metrics.count(status < 500 ? 'Refusals' : 'Errors');
    }
    this.parts.log('refused', { code: error instanceof Refusal ? code : nameOf(error) });
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    const headers = { 'content-type': 'application/json', ...(status === 503 && { 'retry-after': '1' }) };
    const refusal = JSON.stringify({ code });
    response.writeHead(status, { ...headers, 'content-length': refusal.length }).write(refusal);
    afterReading(request, () => response.end());
  }
}

/** Passes a body on. Whoever answers before it is whole wants no more of it, and is heard all the same. */
function pass(request: http.IncomingMessage, outgoing: http.ClientRequest): void {
  request.pipe(outgoing);
  request.once('error', (error) => outgoing.destroy(error));
  outgoing.once('close', () => {
    request.unpipe(outgoing);
    request.resume();
  });
}

/** To close a connection that still has something to read resets it, and what was written last may never arrive. */
function afterReading(request: http.IncomingMessage, then: () => void): void {
  if (request.complete) {
    then();
  } else {
    request.once('close', then).once('end', then).resume();
  }
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? undefined : header;
}
