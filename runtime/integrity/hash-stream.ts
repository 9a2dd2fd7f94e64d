import { createHash } from 'node:crypto';

/** What a stream of bytes was. */
export interface ContentDigest {
  /** Length in bytes. */
  readonly size: number;
  /** SHA-256 in lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** Reads a stream to its end and names its content. Holds one chunk at a time. */
export async function hashStream(body: AsyncIterable<Uint8Array>): Promise<ContentDigest> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of body) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { size, sha256: hash.digest('hex') };
}
