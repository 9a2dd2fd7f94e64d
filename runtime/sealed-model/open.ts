import { ByteReader, type ByteSource } from '../enclave-channel/byte-reader';
import { concat } from '../enclave-channel/bytes';
import { view } from '../enclave-channel/wire';
import { PassingDigest } from '../receipt/digest';
import {
  CHUNK_LENGTH,
  ChunkCipher,
  MAGIC,
  MAXIMUM_HEAD,
  modelFault,
  PURPOSE,
  readHead,
  TAG_LENGTH,
  within,
} from './format';

/** Encryption context of a wrapped data key. */
export type ModelContext = Readonly<Record<'purpose' | 'system', string>>;

/** How a model is opened. */
interface OpenModelOptions {
  /** AI system that the model must be of. */
  readonly system: string;
  /** Gives the data key for what KMS made of it. It is overwritten after use. */
  readonly unwrap: (wrappedKey: Uint8Array, encryptionContext: ModelContext) => Promise<Uint8Array>;
}

/** A model that is being opened. */
export interface OpenedModel {
  /** The archive. What was given out before an error is genuine, but not all: use nothing of it. */
  readonly plaintext: AsyncGenerator<Uint8Array>;
  /** SHA-256 of the archive in hexadecimal, once it has been read to its end. */
  digest(): string;
}

/**
 * Opens a sealed model while it is read; holds one chunk.
 *
 * Rejects with PALISADE-E321 for what is no sealed model, E322 for one of another AI system, and with what `unwrap` rejects
 * with; `plaintext` throws PALISADE-E323 for a file that ends early, goes on, or was altered.
 */
export async function openModel(source: ByteSource, options: OpenModelOptions): Promise<OpenedModel> {
  const reader = new ByteReader(source, 'sealed model');
  const [start, headBytes] = await readStart(reader);
  const { system, wrappedKey } = readHead(headBytes);
  if (system !== options.system) {
    throw modelFault('E322', `it is of '${system}', this is '${options.system}'`);
  }
  const dataKey = await options.unwrap(wrappedKey, { purpose: PURPOSE, system });
  const cipher = await ChunkCipher.create(dataKey, start, 'decrypt');
  dataKey.fill(0);
  const digest = new PassingDigest();
  let whole = false;
  return {
    plaintext: (async function* () {
      for await (const chunk of openChunks(reader, cipher)) {
        digest.update(chunk);
        yield chunk;
      }
      whole = true;
    })(),
    digest: () => {
      if (!whole) {
        throw modelFault('E323', 'it has not been read to its end');
      }
      return digest.hex;
    },
  };
}

/** Everything before the chunks, and the head in it. */
async function readStart(reader: ByteReader): Promise<[Uint8Array, Uint8Array]> {
  const prefix = await within('E321', () => reader.exactly(MAGIC.length + 4));
  const length = view(prefix).getUint32(MAGIC.length);
  if (!MAGIC.every((byte, index) => prefix[index] === byte) || length > MAXIMUM_HEAD) {
    throw modelFault('E321', 'it does not begin like one');
  }
  const head = await within('E321', () => reader.exactly(length));
  return [concat(prefix, head), head];
}

async function* openChunks(reader: ByteReader, cipher: ChunkCipher): AsyncGenerator<Uint8Array> {
  let last = false;
  while (!last) {
    const head = await within('E323', () => reader.exactly(5));
    const length = view(head).getUint32(1);
    if (head[0] > 1 || length < TAG_LENGTH || length > CHUNK_LENGTH + TAG_LENGTH) {
      throw modelFault('E323', 'a chunk is not as it should be');
    }
    last = head[0] === 1;
    const sealed = await within('E323', () => reader.exactly(length));
    const chunk = await cipher.open(sealed, last).catch(() => {
      throw modelFault('E323', 'a chunk was altered, moved or taken from another file, or the key is another');
    });
    if (chunk.length > 0) {
      yield chunk;
    }
  }
  await within('E323', () => reader.end());
}
