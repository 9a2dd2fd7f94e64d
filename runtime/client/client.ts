import { type EnclaveIdentity, KEY_CHANGED, passing, REQUEST_HEADERS, SEALED, sealRequest } from '../enclave-channel';
import { type Exchange, type ReceiptEvidence, responseOf } from './answer';
import { fault } from './fault';
import { HeldSession } from './held-session';
import { attest, type EnclavePolicy, ROUTE, type Session } from './session';
import { type Arrival, atMost, send, type TransportOptions } from './transport';

/** Whom a client talks to, and how. */
export interface EnclaveClientOptions extends EnclavePolicy, TransportOptions {
  /** Where the enclave's agent, or a gateway before it, answers: `https://host/stage`. */
  readonly url: string;
  /** How long a verified document is relied on, in milliseconds. @default 300000 - five minutes */
  readonly maximumAttestationAge?: number;
  /** Ask for a receipt with each answer: `receiptOf`. @default false */
  readonly receipts?: boolean;
  /** Milliseconds since 1970. @default Date.now */
  readonly clock?: () => number;
}

/** What is asked beside the body. */
export interface InvokeOptions {
  /** @default application/json */
  readonly contentType?: string;
  /** @default - the model's choice */
  readonly accept?: string;
  /** As with SageMaker's InvokeEndpoint. @default - none */
  readonly customAttributes?: string;
  /** @default - runs to its end */
  readonly signal?: AbortSignal;
}

type Asked = Pick<Exchange, 'head' | 'requestBody'> & { readonly signal?: AbortSignal | null };

/** Refusals are one short line of JSON. */
const MAXIMUM_REFUSAL = 4096;

/**
 * Talks to a model inside an enclave. Nothing is sent before the enclave's attestation document was verified over a fresh
 * nonce; what is sent, only that enclave can open. When the enclave was started anew, the client verifies it again and
 * asks once more.
 *
 * Answers are `Response`s, made of what the enclave sealed. Errors are `PalisadeError`s: PALISADE-E270 to E277 of the
 * client, E200 to E212 of the channel, E001 to E019 of the attestation document.
 */
export class EnclaveClient {
  private readonly url: string;
  private readonly clock: () => number;
  private readonly evidence = new WeakMap<Response, Promise<ReceiptEvidence>>();
  private readonly session: HeldSession;

  /** Throws PALISADE-E270 for a URL that is none. */
  constructor(private readonly options: EnclaveClientOptions) {
    const url = URL.canParse(options.url) ? new URL(options.url) : undefined;
    if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username) {
      throw fault('E270', 'url', `'${options.url}' is not an http(s) URL without query and credentials`, 'options');
    }
    this.url = url.href.replace(/\/+$/, '');
    this.clock = options.clock ?? Date.now;
    const verify = () => attest(this.url, options, options, this.clock);
    this.session = new HeldSession(verify, this.clock, options.maximumAttestationAge ?? 300_000);
  }

  /** Verifies the enclave, if that was not done lately, and says who it is. Calls do this by themselves. */
  async attest(): Promise<EnclaveIdentity> {
    return (await this.session.get()).identity;
  }

  /** Asks the model at `/invocations`, as a SageMaker endpoint is asked. */
  invoke(body: Uint8Array | string, options: InvokeOptions = {}): Promise<Response> {
    const { contentType = 'application/json', accept, customAttributes, signal } = options;
    const headers = {
      'content-type': contentType,
      ...(accept !== undefined && { accept }),
      ...(customAttributes !== undefined && { 'x-amzn-sagemaker-custom-attributes': customAttributes }),
    };
    return this.fetch(`${this.url}/invocations`, { method: 'POST', body, headers, signal });
  }

  /**
   * In place of `fetch`, for URLs below `url`: method, path, query, body and the headers of `REQUEST_HEADERS` go to the
   * model's server in the enclave; other headers, credentials among them, go nowhere. Throws PALISADE-E270 for other URLs.
   */
  readonly fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    if (!request.url.startsWith(`${this.url}/`)) {
      throw fault('E270', request.url, `not below ${this.url}, and nothing is sent elsewhere`, 'options');
    }
    const path = request.url.slice(this.url.length).replace(/#.*$/, '');
    const head = { method: request.method, path, headers: passing(request.headers, REQUEST_HEADERS) };
    const requestBody = new Uint8Array(await request.arrayBuffer());
    return this.ask({ head, requestBody, signal: request.signal });
  };

  /**
   * The verified receipt of an answer, once its body has been read to its end. Rejects with PALISADE-E277 where there is
   * none, and PALISADE-E250 to E255 where it does not hold.
   */
  receiptOf(response: Response): Promise<ReceiptEvidence> {
    const none = fault(
      'E277',
      'receipt',
      'this response is not of this client, or no receipts were asked for',
      'receipt',
    );
    return this.evidence.get(response) ?? Promise.reject(none);
  }

  private async ask(asked: Asked): Promise<Response> {
    const response = (await this.attempt(asked)) ?? (await this.attempt(asked));
    if (response === undefined) {
      throw fault('E276', this.url, 'the enclave attests one key and takes another', 'fleet');
    }
    return response;
  }

  /** Undefined where the enclave's key is another one by now. After any failure the next attempt verifies the enclave again. */
  private async attempt(asked: Asked): Promise<Response | undefined> {
    const session = await this.session.get();
    let response: Response | undefined;
    try {
      response = await this.exchange(session, asked);
      return response;
    } finally {
      if (response === undefined) {
        this.session.forget(session);
      }
    }
  }

  private async exchange(
    session: Session,
    { head: plainHead, requestBody, signal }: Asked,
  ): Promise<Response | undefined> {
    const { receipts = false, system } = this.options;
    const head = { ...plainHead, ...(receipts && { attestation: session.digest }) };
    const { publicKey } = session.identity;
    const sealed = await sealRequest({ publicKey, system, head, body: requestBody, time: this.clock() });
    const arrival = await send(this.options, this.outer(session, sealed.bytes), signal);
    if (arrival.response.headers.get('content-type')?.split(';')[0].trim() !== SEALED) {
      return this.refused(arrival);
    }
    const { response, evidence } = await this.opened(arrival, { session, sealed, head, requestBody });
    if (receipts) {
      this.evidence.set(response, evidence);
    }
    return response;
  }

  private async opened({ pieces, leave }: Arrival, asked: Omit<Exchange, 'answer' | 'leave'>) {
    try {
      return await responseOf({ ...asked, answer: await asked.sealed.open(pieces), leave });
    } catch (error) {
      leave();
      throw error;
    }
  }

  private outer({ route }: Session, body: Uint8Array): Request {
    const headers = { 'content-type': SEALED, accept: SEALED, ...(route !== undefined && { [ROUTE]: route }) };
    return new Request(`${this.url}/invocations`, { method: 'POST', headers, body });
  }

  /** What comes in the clear is nobody's word: it is believed only as far as asking again goes. */
  private async refused({ response, pieces }: Arrival): Promise<undefined> {
    const text = new TextDecoder().decode(await atMost(MAXIMUM_REFUSAL, pieces));
    const code = /"code":"(PALISADE-[A-Z]\d{3})"/.exec(text)?.[1] ?? 'no code';
    if (code !== KEY_CHANGED) {
      throw fault('E273', this.url, `answered in the clear: status ${response.status}, ${code}`);
    }
  }
}
