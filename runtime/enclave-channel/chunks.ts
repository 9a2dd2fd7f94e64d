import type { ByteReader } from './byte-reader';
import { concat } from './bytes';
import { fault } from './fault';
import { additionalData, type Binding, CHUNK_LENGTH, KIND, type Kind, TAG_LENGTH, view } from './wire';

/** Seals, or opens, the next chunk of one direction: the nonce follows the number of calls. */
export type ChunkCipher = (bytes: Uint8Array, additionalData: Uint8Array) => Promise<Uint8Array>;

/** What is inside a sealed message. */
export interface Message {
  readonly head: Uint8Array;
  /** Pieces as they come, each genuine. Returns what stood in the end chunk; throws where the message does not hold. */
  readonly body: AsyncGenerator<Uint8Array, Uint8Array>;
}

const FRAME_LENGTH = 5;

/** Seals a message piece by piece: each can be opened when it arrives. `end` is asked for when the body is over. */
export async function* sealChunks(
  cipher: ChunkCipher,
  binding: Binding,
  head: Uint8Array,
  body: AsyncIterable<Uint8Array>,
  end: () => Uint8Array | Promise<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let sequence = 0;
  const seal = async (kind: Kind, plaintext: Uint8Array): Promise<Uint8Array> => {
    const sealed = await cipher(plaintext, additionalData(binding, sequence, kind));
    sequence += 1;
    const frame = new Uint8Array(FRAME_LENGTH);
    frame[0] = kind;
    view(frame).setUint32(1, sealed.length);
    return concat(frame, sealed);
  };
  yield await seal(KIND.head, fitting(head, binding));
  for await (const piece of body) {
    for (let start = 0; start < piece.length; start += CHUNK_LENGTH) {
      yield await seal(KIND.body, piece.subarray(start, start + CHUNK_LENGTH));
    }
  }
  yield await seal(KIND.end, fitting(await end(), binding));
}

/**
 * Opens a message: the head at once, the body while it is read.
 *
 * Throws PALISADE-E206 for a chunk that is not the next one of this message, E207 and E208 for one that ends too early or
 * too late, E209 for chunks of wrong kind or length.
 */
export async function openChunks(cipher: ChunkCipher, binding: Binding, reader: ByteReader): Promise<Message> {
  let sequence = 0;
  const open = async (...allowed: readonly Kind[]) => {
    const frame = await reader.exactly(FRAME_LENGTH);
    const kind = allowed.find((one) => one === frame[0]);
    const length = view(frame).getUint32(1);
    if (kind === undefined || length > CHUNK_LENGTH + TAG_LENGTH) {
      throw fault('E209', whereOf(binding), `chunk ${sequence} has kind ${frame[0]} and ${length} bytes`);
    }
    const plaintext = await opened(cipher, await reader.exactly(length), binding, sequence, kind);
    sequence += 1;
    return { kind, plaintext };
  };
  const { plaintext: head } = await open(KIND.head);
  return { head, body: bodyOf(() => open(KIND.body, KIND.end), reader) };
}

async function* bodyOf(
  next: () => Promise<{ kind: Kind; plaintext: Uint8Array }>,
  reader: ByteReader,
): AsyncGenerator<Uint8Array, Uint8Array> {
  for (;;) {
    const { kind, plaintext } = await next();
    if (kind === KIND.end) {
      await reader.end();
      return plaintext;
    }
    yield plaintext;
  }
}

async function opened(cipher: ChunkCipher, sealed: Uint8Array, binding: Binding, sequence: number, kind: Kind) {
  try {
    return await cipher(sealed, additionalData(binding, sequence, kind));
  } catch {
    throw fault('E206', whereOf(binding), `chunk ${sequence} is not the next one of this message`);
  }
}

function fitting(plaintext: Uint8Array, binding: Binding): Uint8Array {
  if (plaintext.length > CHUNK_LENGTH) {
    throw fault(
      'E211',
      whereOf(binding),
      `head or end of ${plaintext.length} bytes, at most ${CHUNK_LENGTH}`,
      'caller',
    );
  }
  return plaintext;
}

/** How errors name a message. */
function whereOf({ direction }: Pick<Binding, 'direction'>): string {
  return `sealed ${direction}`;
}
