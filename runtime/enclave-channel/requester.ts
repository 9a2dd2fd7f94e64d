import { ByteReader, type ByteSource, piecesOf } from './byte-reader';
import { concat, NOTHING } from './bytes';
import { openChunks, sealChunks } from './chunks';
import { type AnswerHead, type RequestHead, readAnswerHead, writeRequestHead } from './head';
import { answerCipher, keyIdOf, sealing, senderContext, webSuite } from './suite';
import { ANSWER_NONCE_LENGTH, REQUEST_ID_LENGTH, writeHeader } from './wire';

/** A request that is to be sealed. */
export interface OutgoingRequest {
  /** The enclave's, from an attestation document that was verified. */
  readonly publicKey: Uint8Array;
  /** AI system that the request is for. */
  readonly system: string;
  readonly head: RequestHead;
  readonly body: Uint8Array;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** An answer whose head is genuine. */
export interface OpenedAnswer {
  readonly head: AnswerHead;
  /**
   * Pieces as they come, each genuine; returns what stood after them: a receipt, or nothing. Throws PALISADE-E206 to E209:
   * then the answer is not whole, whatever was read of it.
   */
  readonly body: AsyncGenerator<Uint8Array, Uint8Array>;
}

/** A sealed request, and what opens its answer. */
export interface SealedRequest {
  readonly requestId: Uint8Array;
  readonly bytes: Uint8Array;
  /** Throws PALISADE-E206 to E210 for what is not the enclave's answer to this request. */
  open(answer: ByteSource): Promise<OpenedAnswer>;
}

/** Seals one request. Throws PALISADE-E210 for a head, PALISADE-E212 for a key that cannot be used. */
export async function sealRequest({ publicKey, system, head, body, time }: OutgoingRequest): Promise<SealedRequest> {
  const context = await senderContext(publicKey);
  const encapsulatedKey = new Uint8Array(context.enc);
  const requestId = crypto.getRandomValues(new Uint8Array(REQUEST_ID_LENGTH));
  const header = writeHeader({ keyId: await keyIdOf(publicKey), requestId, time, encapsulatedKey });
  const parts = [header];
  const binding = { header, system, direction: 'request' } as const;
  for await (const part of sealChunks(
    sealing(context),
    binding,
    writeRequestHead(head),
    piecesOf(body),
    () => NOTHING,
  )) {
    parts.push(part);
  }
  return {
    requestId,
    bytes: concat(...parts),
    open: async (answer) => {
      const reader = new ByteReader(answer, 'sealed answer');
      const nonce = await reader.exactly(ANSWER_NONCE_LENGTH);
      const cipher = await answerCipher(webSuite, context, encapsulatedKey, nonce, 'open');
      const message = await openChunks(cipher, { header, system, direction: 'answer' }, reader);
      return { head: readAnswerHead(message.head), body: message.body };
    },
  };
}
