import * as http from 'node:http';
import type { Socket } from 'node:net';

/** One HTTP request. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers?: http.OutgoingHttpHeaders;
  /** Ends the exchange, whatever its state. */
  readonly signal?: AbortSignal;
  /** Sends the body. @default - there is none */
  readonly send?: (request: http.ClientRequest) => void;
}

/**
 * Asks over a connection of its own; resolves with the head of the answer. Rejects where the connection does not come about,
 * or ends before the answer.
 */
export function ask(
  connect: () => Promise<Socket>,
  { method, path, headers, signal, send }: HttpRequest,
): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = http.request({
      method,
      path,
      headers: { host: 'enclave', connection: 'close', ...headers },
      signal,
      createConnection: (_options, created) => {
        connect().then(
          (socket) => created(null, socket),
          (error) => created(error, undefined as unknown as Socket),
        );
        return undefined;
      },
    });
    request.once('response', resolve);
    request.once('error', reject);
    if (send) {
      send(request);
    } else {
      request.end();
    }
  });
}
