import { concat, fromBase64url, toBase64url, utf8 } from '../enclave-channel/bytes';
import { readFields, SYSTEM, textOf } from '../enclave-channel/strict-json';
import { uint64 } from '../enclave-channel/wire';
import { PalisadeError } from '../errors';
import { canonicalJson } from '../integrity/canonical-json';

/** Start of every sealed model. */
export const MAGIC = utf8('palisade model 1\n');
/** Longest plaintext of a chunk, in bytes. */
export const CHUNK_LENGTH = 1024 * 1024;
/** Bytes that AES-GCM adds. */
export const TAG_LENGTH = 16;
/** KMS takes and gives at most 6,144 bytes of ciphertext (API Reference, "Decrypt"); in base64url, with room for the rest. */
export const MAXIMUM_HEAD = 9_000;
/** What the key is for: a part of the encryption context. */
export const PURPOSE = 'model';

/** What stands in the clear before a sealed model. */
export interface ModelHead {
  /** AI system whose enclaves open it. */
  readonly system: string;
  /** The data key, as KMS wrapped it. */
  readonly wrappedKey: Uint8Array;
}

/** The text of a head. */
export function writeHead({ system, wrappedKey }: ModelHead): Uint8Array {
  return utf8(canonicalJson({ purpose: PURPOSE, system, wrappedKey: toBase64url(wrappedKey) }));
}

/** Throws PALISADE-E321 for anything that `writeHead` does not write. */
export function readHead(bytes: Uint8Array): ModelHead {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const fields = readFields(text, ['purpose', 'system', 'wrappedKey']);
    textOf(fields, 'purpose', /^model$/);
    return {
      system: textOf(fields, 'system', SYSTEM),
      wrappedKey: fromBase64url(textOf(fields, 'wrappedKey', /^[\w-]{1,8192}$/)),
    };
  } catch (error) {
    throw modelFault('E321', `its head cannot be read: ${(error as Error).message}`);
  }
}

/** Length of what follows, in four bytes. */
export function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** AES-GCM under one data key, chunk by chunk. */
export class ChunkCipher {
  static async create(dataKey: Uint8Array, start: Uint8Array, use: 'encrypt' | 'decrypt'): Promise<ChunkCipher> {
    const key = await crypto.subtle.importKey('raw', dataKey, 'AES-GCM', false, [use]);
    return new ChunkCipher(key, new Uint8Array(await crypto.subtle.digest('SHA-256', start)));
  }

  private number = 0;

  private constructor(
    private readonly key: CryptoKey,
    private readonly start: Uint8Array,
  ) {}

  async seal(plaintext: Uint8Array, last: boolean): Promise<Uint8Array> {
    return new Uint8Array(await crypto.subtle.encrypt(this.parameters(last), this.key, plaintext));
  }

  /** Rejects where the chunk is not the one that stood here. */
  async open(sealed: Uint8Array, last: boolean): Promise<Uint8Array> {
    return new Uint8Array(await crypto.subtle.decrypt(this.parameters(last), this.key, sealed));
  }

  private parameters(last: boolean) {
    const number = uint64(this.number++);
    return {
      name: 'AES-GCM',
      iv: concat(new Uint8Array(4), number),
      additionalData: concat(this.start, number, Uint8Array.of(Number(last))),
    };
  }
}

type CryptoKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** Why a sealed model is refused. */
export function modelFault(code: string, problem: string): PalisadeError {
  return new PalisadeError({
    code: `PALISADE-${code}`,
    where: 'sealed model',
    problem,
    fix: 'seal the model again with palisade enclave seal, upload it, and release its new version',
  });
}

/** Reads; what ends too early or goes on is refused with this code, since the reader's own errors speak of messages. */
export async function within<T>(code: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const ofReader = error instanceof PalisadeError && /-E20[78]$/.test(error.code);
    throw ofReader ? modelFault(code, error.problem) : error;
  }
}
