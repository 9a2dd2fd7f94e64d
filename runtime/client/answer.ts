import { type OpenedAnswer, type RequestHead, type SealedRequest, toHex } from '../enclave-channel';
import { PassingDigest, type Receipt, readReceipt, sha256Hex, verifyReceipt } from '../receipt';
import { fault } from './fault';
import type { Session } from './session';

/** What proves an answer to others, without the client and without a network: `palisade attest receipt`. */
export interface ReceiptEvidence {
  readonly receipt: Receipt;
  /** The attestation document that the receipt names. */
  readonly document: Uint8Array;
}

/** One exchange whose answer has begun. */
export interface Exchange {
  readonly session: Session;
  readonly sealed: SealedRequest;
  readonly head: RequestHead;
  readonly requestBody: Uint8Array;
  readonly answer: OpenedAnswer;
  /** Gives up the connection. */
  readonly leave: () => void;
}

/** Readers of event streams stop at the last event, and the receipt stands right behind: so many bytes are read on. */
const READ_ON = 65_536;
/** Statuses whose answers have no body (Fetch standard, "null body status"). */
const WITHOUT_BODY = [204, 205, 304];

/**
 * The model's answer as a `Response`, whose body can be read while it comes, and fails where it is not whole. `evidence`
 * is there once the body was read to its end.
 */
export async function responseOf(
  exchange: Exchange,
): Promise<{ response: Response; evidence: Promise<ReceiptEvidence> }> {
  const { status, headers } = exchange.answer.head;
  const watched = new WatchedAnswer(exchange);
  const { evidence } = watched;
  if (WITHOUT_BODY.includes(status)) {
    while ((await watched.next()) !== undefined);
    return { response: new Response(null, { status, headers }), evidence };
  }
  const stream = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const piece = await watched.next();
      if (piece === undefined) {
        controller.close();
      } else {
        controller.enqueue(piece);
      }
    },
    cancel: () => {
      watched.leave().catch(() => {});
    },
  });
  return { response: new Response(stream, { status, headers }), evidence };
}

/** Reads an answer, and at its end holds the receipt against what was read. */
class WatchedAnswer {
  readonly evidence: Promise<ReceiptEvidence>;
  private settle!: { resolve: (evidence: Promise<ReceiptEvidence>) => void; reject: (error: unknown) => void };
  private readonly digest = new PassingDigest();
  private over = false;

  constructor(private readonly exchange: Exchange) {
    this.evidence = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
    // Who wants no receipt does not look, and a rejection that nobody looks at would end the process.
    this.evidence.catch(() => {});
  }

  /** The next piece; undefined at the end, however often that is asked for. */
  async next(): Promise<Uint8Array | undefined> {
    try {
      const { done, value } = await this.exchange.answer.body.next();
      if (!done) {
        this.digest.update(value);
        return value;
      }
      if (!this.over) {
        this.over = true;
        this.settle.resolve(evidenceOf(this.exchange, this.digest.hex, value));
      }
      return undefined;
    } catch (error) {
      this.settle.reject(error);
      this.exchange.leave();
      throw error;
    }
  }

  /** Reads on for the receipt, if one was asked for and is near; then gives up the connection. */
  async leave(): Promise<void> {
    for (let left = this.exchange.head.attestation === undefined ? 0 : READ_ON; left > 0; ) {
      const piece = await this.next();
      if (piece === undefined) {
        return;
      }
      left -= piece.length;
    }
    this.settle.reject(fault('E277', 'receipt', 'the answer was not read to its end', 'receipt'));
    this.exchange.leave();
  }
}

async function evidenceOf(exchange: Exchange, sha256: string, end: Uint8Array): Promise<ReceiptEvidence> {
  const { session, sealed, head, requestBody, answer } = exchange;
  if (end.length === 0) {
    throw fault('E277', 'receipt', 'the answer carries none', 'receipt');
  }
  const receipt = readReceipt(new TextDecoder().decode(end));
  const { method, path } = head;
  await verifyReceipt(receipt, {
    document: session.document,
    attestation: session.attestation,
    requestId: toHex(sealed.requestId),
    request: { method, path, sha256: sha256Hex(requestBody) },
    response: { status: answer.head.status, sha256 },
  });
  return { receipt, document: session.document };
}
