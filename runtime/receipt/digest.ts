// The one place that needs Node.js: WebCrypto cannot hash a stream.
import { createHash } from 'node:crypto';

/** SHA-256 in hexadecimal. */
export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** SHA-256 of what passes by, in hexadecimal once it has passed. */
export class PassingDigest {
  private readonly hash = createHash('sha256');
  private digest?: string;

  update(piece: Uint8Array): void {
    this.hash.update(piece);
  }

  /** Of everything so far; nothing can be added afterwards. */
  get hex(): string {
    this.digest ??= this.hash.digest('hex');
    return this.digest;
  }
}
