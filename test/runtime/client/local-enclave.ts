import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { EnclaveResponder, type OpenedRequest, refusalOf, SEALED, userDataOf } from '../../../runtime/enclave-channel';
import { ReceiptIssuer } from '../../../runtime/receipt';
import { type DocumentFields, LocalNitro, usualPcrs } from '../../support/attestation/local-nitro';

export const NOW = Date.parse('2026-11-24T12:00:00Z');
export const SYSTEM = 'clinical-notes';
export const MODEL = 'ab'.repeat(32);
export const PCR0 = Buffer.from(usualPcrs()[0]).toString('hex');

/** What the model in the enclave says. */
export interface ModelAnswer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body: AsyncIterable<Uint8Array> | Uint8Array | string;
}

/** How a test lets things go wrong, and what it lets the model say. */
export interface Behaviour {
  model(request: OpenedRequest): ModelAnswer | Promise<ModelAnswer>;
  /** Fields of the attestation documents that differ from the usual. */
  document: DocumentFields;
  identity: object;
  /** Status that receipts say, whatever the model said. */
  receiptStatus?: number;
  /** Stands between client and enclave: answers in its place, when it returns true. */
  relay?(request: http.IncomingMessage, response: http.ServerResponse): boolean;
}

/** An enclave and its agent in this process, on loopback: a channel, an NSM that LocalNitro plays, and a model. */
export class LocalEnclave {
  static async start(behaviour: Partial<Behaviour> = {}): Promise<LocalEnclave> {
    const nitro = await LocalNitro.create({ notBefore: new Date(NOW - 60_000), notAfter: new Date(NOW + 10_800_000) });
    const enclave = new LocalEnclave(nitro, { ...ECHO, document: {}, identity: {}, ...behaviour });
    await enclave.restart();
    await new Promise<void>((resolve) => enclave.server.listen(0, '127.0.0.1', resolve));
    return enclave;
  }

  /** Outer requests, as `GET /attestation`. */
  readonly seen: string[] = [];
  readonly headers: http.IncomingHttpHeaders[] = [];
  /** Everything that the relay carried, both ways. */
  readonly carried: Buffer[] = [];
  private readonly server = http.createServer((request, response) => void this.handle(request, response));
  private responder!: EnclaveResponder;
  private issuer!: ReceiptIssuer;

  private constructor(
    readonly nitro: LocalNitro,
    readonly behaviour: Behaviour,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  count(what: string): number {
    return this.seen.filter((line) => line === what).length;
  }

  /** New keys, as after a crash. */
  async restart(): Promise<void> {
    this.responder = await EnclaveResponder.create({ system: SYSTEM, clock: () => NOW });
    this.issuer = await ReceiptIssuer.create({ system: SYSTEM, model: MODEL, pcr0: PCR0 });
  }

  /** Every connection ends where it is. */
  cut(): void {
    this.server.closeAllConnections();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  document(nonce: string): Uint8Array {
    const identity = { system: SYSTEM, model: MODEL, receiptKey: this.issuer.publicKey, ...this.behaviour.identity };
    return this.nitro.document({
      timestamp: new Date(NOW),
      nonce: new Uint8Array(Buffer.from(nonce, 'hex')),
      publicKey: this.responder.publicKey,
      userData: userDataOf(identity),
      ...this.behaviour.document,
    });
  }

  private async handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.url);
    this.seen.push(`${request.method} ${url.pathname}`);
    this.headers.push(request.headers);
    if (this.behaviour.relay?.(request, response)) {
      return;
    }
    if (url.pathname === '/attestation') {
      response.setHeader('content-type', 'application/octet-stream');
      response.end(this.document(url.searchParams.get('nonce') ?? ''));
      return;
    }
    request.on('data', (piece) => this.carried.push(piece));
    try {
      await this.answer(await this.responder.open(request), response);
    } catch (error) {
      if (response.headersSent) {
        response.destroy();
        return;
      }
      const { status, contentType, body } = refusalOf(error);
      response.writeHead(status, { 'content-type': contentType }).end(body);
    }
  }

  private async answer(opened: OpenedRequest, response: http.ServerResponse): Promise<void> {
    const { status = 200, headers = {}, body } = await this.behaviour.model(opened);
    const watched = this.issuer.witness(
      opened,
      { status: this.behaviour.receiptStatus ?? status, body: streamOf(body) },
      () => NOW,
    );
    response.setHeader('content-type', SEALED);
    for await (const piece of opened.reply({ status, headers }, watched.body, watched.end)) {
      this.carried.push(Buffer.from(piece));
      response.write(piece);
    }
    response.end();
  }
}

/** Says what it was asked. */
const ECHO: Pick<Behaviour, 'model'> = {
  model: ({ head, body }) => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...head, body: Buffer.from(body).toString('latin1') }),
  }),
};

export async function* streamOf(body: ModelAnswer['body']): AsyncGenerator<Uint8Array> {
  if (typeof body === 'string') {
    yield new TextEncoder().encode(body);
  } else if (body instanceof Uint8Array) {
    yield body;
  } else {
    yield* body;
  }
}

/** A promise that somebody else resolves. */
export function signal(): { given: Promise<void>; give: () => void } {
  let give = () => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}
