import { concat, NOTHING } from '../enclave-channel/bytes';
import { CHUNK_LENGTH, ChunkCipher, MAGIC, type ModelHead, modelFault, uint32, writeHead } from './format';

/** How a model is sealed. */
export interface SealModelOptions extends ModelHead {
  /** 32 random bytes that have sealed nothing else. Overwritten once the file is sealed. */
  readonly dataKey: Uint8Array;
}

/**
 * Seals a model while it is read; holds two chunks at most.
 *
 * Throws PALISADE-E320 for a data key that is not of 32 bytes.
 */
export async function* sealModel(
  plaintext: AsyncIterable<Uint8Array>,
  { dataKey, ...head }: SealModelOptions,
): AsyncGenerator<Uint8Array> {
  if (dataKey.length !== 32) {
    throw modelFault('E320', `the data key has ${dataKey.length} bytes, 32 are needed`);
  }
  const text = writeHead(head);
  const start = concat(MAGIC, uint32(text.length), text);
  const cipher = await ChunkCipher.create(dataKey, start, 'encrypt');
  dataKey.fill(0);
  yield start;
  for await (const [chunk, last] of chunksOf(plaintext)) {
    const sealed = await cipher.seal(chunk, last);
    yield concat(Uint8Array.of(Number(last)), uint32(sealed.length), sealed);
  }
}

/** Pieces of one length, but for the last, which may be empty; with each, whether it is the last. */
async function* chunksOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<[Uint8Array, boolean]> {
  let held = NOTHING;
  for await (const piece of source) {
    held = held.length === 0 ? piece : concat(held, piece);
    while (held.length > CHUNK_LENGTH) {
      yield [held.subarray(0, CHUNK_LENGTH), false];
      held = held.subarray(CHUNK_LENGTH);
    }
  }
  yield [held, true];
}
