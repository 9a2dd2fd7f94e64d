import { pipeline, Readable } from 'node:stream';
import { createGunzip, createInflateRaw } from 'node:zlib';
import type { ScanBudget } from './limits';
import { malformed } from './verdict';

/**
 * Decompresses `source` within the budget. Throws when the stream is broken, or when anything follows its end: bytes
 * that one reader ignores and another one loads.
 */
export async function* decompress(
  format: 'gzip' | 'deflate',
  source: AsyncIterable<Uint8Array>,
  budget: ScanBudget,
): AsyncGenerator<Uint8Array> {
  const decoder = format === 'gzip' ? createGunzip() : createInflateRaw();
  const chunks = source[Symbol.asyncIterator]();
  let fed = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
      fed += next.value.length;
      yield next.value;
    }
  }
  let sourceError: unknown;
  pipeline(Readable.from(counted(), { objectMode: true, highWaterMark: 1 }), decoder, (error) => {
    sourceError = error;
  });
  let out = 0;
  try {
    for await (const chunk of decoder as AsyncIterable<Uint8Array>) {
      out += chunk.length;
      budget.decompressed(chunk.length, out, Math.max(1, decoder.bytesWritten));
      yield chunk;
    }
  } catch (error) {
    throw isCodecError(error) ? malformed(`broken ${format} stream`) : (sourceError ?? error);
  } finally {
    decoder.destroy();
  }
  const rest = await chunks.next();
  if (!rest.done || fed !== decoder.bytesWritten) {
    throw malformed(`data after the ${format} stream`);
  }
}

function isCodecError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && /^Z_/.test(String(error.code));
}
