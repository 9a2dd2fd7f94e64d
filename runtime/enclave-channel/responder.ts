import type { CipherSuite } from '@hpke/core';
import { ByteReader, type ByteSource, piecesOf } from './byte-reader';
import { concat, NOTHING, toHex } from './bytes';
import { openChunks, sealChunks } from './chunks';
import { fault } from './fault';
import { type AnswerHead, type RequestHead, readRequestHead, writeAnswerHead } from './head';
import { ReplayWindow } from './replay-window';
import { answerCipher, type ChannelKeys, generateKeys, keyIdOf, opening, recipientContext, webSuite } from './suite';
import { ANSWER_NONCE_LENGTH, HEADER_LENGTH, readHeader } from './wire';

/** How an enclave takes requests. */
export interface EnclaveResponderOptions {
  /** AI system that the enclave serves. */
  readonly system: string;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** How far apart client's and enclave's clocks may be, the journey included, in milliseconds. @default 60000 */
  readonly clockSkew?: number;
  /** Longest body of a request, in bytes. @default 8388608 - 8 MiB */
  readonly maximumRequest?: number;
  /** How many requests are remembered, for `2 * clockSkew`; more than that are refused. @default 200000 - some 20 MB */
  readonly replayCapacity?: number;
  /** HPKE with the channel's algorithms. @default - by WebCrypto */
  readonly suite?: CipherSuite;
}

/** A request that is whole, genuine and new. */
export interface OpenedRequest {
  /** 16 random bytes of the client. */
  readonly requestId: Uint8Array;
  readonly head: RequestHead;
  readonly body: Uint8Array;
  /**
   * Seals the answer while it is made: the first piece can be sent, and opened, before the last exists. Where `body` throws,
   * the answer stays without end, and the client refuses it.
   *
   * @param end bytes for the end of the answer, asked for once the body is over: a receipt. @default - none
   *
   * Throws PALISADE-E210 for a head that the client would not read, PALISADE-E211 when the request has been answered.
   */
  reply(
    head: AnswerHead,
    body: ByteSource,
    end?: () => Uint8Array | Promise<Uint8Array>,
  ): AsyncGenerator<Uint8Array, void>;
}

/** The enclave's end of the channel. Its key pair lives as long as it does. */
export class EnclaveResponder {
  /** Makes the key pair. */
  static async create(options: EnclaveResponderOptions): Promise<EnclaveResponder> {
    const keys = await generateKeys(options.suite ?? webSuite);
    return new EnclaveResponder(options, keys, toHex(await keyIdOf(keys.publicKey)));
  }

  /** Raw X25519 key, 32 bytes: `public_key` of the attestation documents. */
  readonly publicKey: Uint8Array;
  private readonly window: ReplayWindow;

  private constructor(
    private readonly options: EnclaveResponderOptions,
    private readonly keys: ChannelKeys,
    private readonly keyId: string,
  ) {
    const { clock, clockSkew = 60_000, replayCapacity = 200_000 } = options;
    this.publicKey = keys.publicKey;
    this.window = new ReplayWindow(clock, clockSkew, replayCapacity);
  }

  /**
   * Opens a request. What is cheap is checked first; nothing of a request is given out before all of it is genuine. A
   * source that is refused is left where it is, so that the refusal (`refusalOf`) can be sent on its connection.
   *
   * Throws PALISADE-E200 for what is no sealed request, E201 for another key, E202 for another time, E203 for the second
   * time, E204 when too many come, E205 for a body that is too long, E206 for what does not open, E207 and E208 for what
   * ends too early or too late, E209 for chunks and E210 for a head that are not as they should be.
   */
  async open(source: ByteSource): Promise<OpenedRequest> {
    const reader = new ByteReader(source, 'sealed request');
    const header = await reader.exactly(HEADER_LENGTH);
    const { requestId, time, keyId, encapsulatedKey } = readHeader(header);
    if (toHex(keyId) !== this.keyId) {
      throw fault('E201', 'sealed request', 'sealed to another key: the enclave was started anew', 'key');
    }
    this.window.requireTimely(time);
    const { system, suite = webSuite } = this.options;
    const context = await recipientContext(suite, this.keys, encapsulatedKey);
    const message = await openChunks(opening(context), { header, system, direction: 'request' }, reader);
    const head = readRequestHead(message.head);
    this.window.admit(requestId, time);
    const body = await this.whole(message.body);
    let answered = false;
    return {
      requestId,
      head,
      body,
      async *reply(answerHead, answerBody, end = () => NOTHING) {
        if (answered) {
          throw fault('E211', 'sealed answer', 'the request has been answered', 'caller');
        }
        answered = true;
        const nonce = crypto.getRandomValues(new Uint8Array(ANSWER_NONCE_LENGTH));
        const cipher = await answerCipher(suite, context, encapsulatedKey, nonce, 'seal');
        const binding = { header, system, direction: 'answer' } as const;
        yield nonce;
        yield* sealChunks(cipher, binding, writeAnswerHead(answerHead), piecesOf(answerBody), end);
      },
    };
  }

  private async whole(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
    const { maximumRequest = 8 * 1024 * 1024 } = this.options;
    const pieces: Uint8Array[] = [];
    let length = 0;
    for await (const piece of body) {
      length += piece.length;
      if (length > maximumRequest) {
        throw fault('E205', 'sealed request', `its body has more than ${maximumRequest} bytes`, 'load');
      }
      pieces.push(piece);
    }
    return pieces.length === 1 ? pieces[0] : concat(...pieces);
  }
}
