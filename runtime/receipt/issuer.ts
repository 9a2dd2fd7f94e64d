import { NOTHING, toBase64url, toHex, utf8 } from '../enclave-channel/bytes';
import { PassingDigest, sha256Hex } from './digest';
import { RECEIPT_FORMAT, type ReceiptStatement, receiptText, signedBytes } from './receipt';

/** What a receipt is about. */
export interface Exchange {
  readonly requestId: Uint8Array;
  readonly head: { readonly method: string; readonly path: string; readonly attestation?: string };
  /** Body of the request. */
  readonly body: Uint8Array;
}

/** An answer that is being watched: what `OpenedRequest.reply` takes. */
export interface Witnessed {
  /** The pieces, as they were given. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Text of the receipt once the body is over; nothing where the client asked for none. */
  readonly end: () => Promise<Uint8Array>;
}

/** Who signs: the same for a whole boot. */
type Issuer = Pick<ReceiptStatement, 'system' | 'model' | 'pcr0'>;

/**
 * Signs receipts inside the enclave. Its key pair lives as long as the enclave does.
 *
 * Ed25519, since it signs without a random number of its own, which ECDSA may never repeat and a virtual machine may not
 * have early; since one statement then has one signature; and since its key is short enough for an attestation document.
 */
export class ReceiptIssuer {
  /** Makes the key pair. */
  static async create(issuer: Issuer): Promise<ReceiptIssuer> {
    const pair = (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as KeyPair;
    return new ReceiptIssuer(issuer, pair, new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)));
  }

  private constructor(
    private readonly issuer: Issuer,
    private readonly pair: KeyPair,
    /** Raw, 32 bytes: `receiptKey` of the enclave's identity. */
    readonly publicKey: Uint8Array,
  ) {}

  /**
   * Watches an answer pass, and vouches for it.
   *
   * @param clock milliseconds since 1970
   */
  witness(
    { requestId, head, body }: Exchange,
    answer: { readonly status: number; readonly body: AsyncIterable<Uint8Array> },
    clock: () => number,
  ): Witnessed {
    const { method, path, attestation } = head;
    if (attestation === undefined) {
      return { body: answer.body, end: async () => NOTHING };
    }
    const digest = new PassingDigest();
    const request = { method, path, sha256: sha256Hex(body) };
    return {
      body: passing(answer.body, digest),
      end: async () => {
        const time = new Date(clock()).toISOString();
        const response = { status: answer.status, sha256: digest.hex };
        return this.sign({ attestation, requestId: toHex(requestId), time, request, response });
      },
    };
  }

  private async sign(about: Omit<ReceiptStatement, 'format' | keyof Issuer>): Promise<Uint8Array> {
    const statement = { format: RECEIPT_FORMAT, ...this.issuer, ...about } as const;
    const signature = await crypto.subtle.sign('Ed25519', this.pair.privateKey, signedBytes(statement));
    return utf8(receiptText({ statement, signature: toBase64url(new Uint8Array(signature)) }));
  }
}

type KeyPair = Extract<Awaited<ReturnType<typeof crypto.subtle.generateKey>>, { privateKey: unknown }>;

async function* passing(body: AsyncIterable<Uint8Array>, digest: PassingDigest): AsyncGenerator<Uint8Array> {
  for await (const piece of body) {
    digest.update(piece);
    yield piece;
  }
}
