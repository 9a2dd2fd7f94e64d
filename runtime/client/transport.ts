import { PalisadeError } from '../errors';
import { firstSignal } from '../first-signal';
import { fault } from './fault';

/** How the outer requests travel. */
export interface TransportOptions {
  /** Sends a request. @default - the platform's fetch */
  readonly fetch?: (request: Request, init: RequestInit) => Promise<Response>;
  /** Headers of the outer requests, in the clear. @default - none */
  readonly headers?: Readonly<Record<string, string>>;
  /** Signs an outer request, by SigV4 for example (docs/client.md). @default - not signed */
  readonly sign?: (request: Request) => Request | Promise<Request>;
  /** Longest silence of the other side, in milliseconds: before its answer, and between pieces of it. @default 60000 */
  readonly timeout?: number;
}

/** An answer on the outside. */
export interface Arrival {
  readonly response: Response;
  /** Pieces of its body. Throws PALISADE-E274 where the connection ends early, E275 for silence. */
  readonly pieces: AsyncGenerator<Uint8Array>;
  /** Gives up the connection, whatever is still to come. */
  readonly leave: () => void;
}

/**
 * Sends one outer request. Redirects are not followed.
 *
 * Throws PALISADE-E274 where nobody answers, PALISADE-E275 for silence; the reason of `signal` where the caller aborted.
 */
export async function send(options: TransportOptions, request: Request, signal?: AbortSignal | null): Promise<Arrival> {
  const { headers = {}, sign = (unsigned) => unsigned, timeout = 60_000 } = options;
  const silence = new Silence(timeout, request.url);
  const either = signal ? firstSignal(signal, silence.signal) : silence.signal;
  const explained = (error: unknown): unknown => {
    silence.end();
    const known = error instanceof PalisadeError || signal?.aborted;
    return known ? error : fault('E274', request.url, `the connection failed: ${reasonOf(error)}`);
  };
  for (const [name, value] of Object.entries(headers)) {
    request.headers.set(name, value);
  }
  try {
    const response = await (options.fetch ?? fetch)(await sign(request), { signal: either, redirect: 'error' });
    return { response, pieces: piecesOf(response, silence, explained), leave: () => silence.abort() };
  } catch (error) {
    throw explained(error);
  }
}

/** Everything of a body, if it is no longer than `limit` bytes; undefined if it is. */
export async function atMost(limit: number, pieces: AsyncGenerator<Uint8Array>): Promise<Uint8Array | undefined> {
  const whole = new Uint8Array(limit);
  let length = 0;
  for await (const piece of pieces) {
    if (length + piece.length > limit) {
      return undefined;
    }
    whole.set(piece, length);
    length += piece.length;
  }
  return whole.slice(0, length);
}

async function* piecesOf(
  { body }: Response,
  silence: Silence,
  explained: (error: unknown) => unknown,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of body ?? []) {
      // The reader's own time is no silence of the other side.
      silence.end();
      yield piece;
      silence.begin();
    }
  } catch (error) {
    throw explained(error);
  } finally {
    silence.end();
  }
}

/** Aborts when nothing is heard for too long. */
class Silence {
  private readonly controller = new AbortController();
  private timer?: ReturnType<typeof setTimeout>;

  constructor(
    private readonly limit: number,
    private readonly where: string,
  ) {
    this.begin();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  begin(): void {
    this.timer = setTimeout(() => this.abort(fault('E275', this.where, `silent for ${this.limit} ms`)), this.limit);
  }

  end(): void {
    clearTimeout(this.timer);
  }

  abort(reason?: unknown): void {
    this.end();
    this.controller.abort(reason);
  }
}

/** fetch says "fetch failed", and why in its cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { message?: string; code?: string } };
  return cause?.code ?? cause?.message ?? message ?? String(error);
}
