import { concat, utf8 } from './bytes';
import { fault } from './fault';

/** Media type of sealed requests and answers. */
export const SEALED = 'application/vnd.palisade.sealed';

const VERSION = 1;
/** Bytes of a key id. */
export const KEY_ID_LENGTH = 16;
/** Bytes of a request id. */
export const REQUEST_ID_LENGTH = 16;
const ENCAPSULATED_LENGTH = 32;

/** Bytes of a request's header. */
export const HEADER_LENGTH = 1 + KEY_ID_LENGTH + REQUEST_ID_LENGTH + 8 + ENCAPSULATED_LENGTH;
/** Bytes before the chunks of an answer. */
export const ANSWER_NONCE_LENGTH = 32;
/** Longest plaintext of a chunk: bounds what a reader must hold before it knows that the chunk is genuine. */
export const CHUNK_LENGTH = 65_536;
/** Bytes that AES-GCM adds. */
export const TAG_LENGTH = 16;

/** What a chunk holds. `end` is the final flag. */
export const KIND = { head: 1, body: 2, end: 3 } as const;
/** One of `KIND`. */
export type Kind = (typeof KIND)[keyof typeof KIND];

/** Which way a message goes. */
const DIRECTION = { request: 1, answer: 2 } as const;
/** One of `DIRECTION`. */
export type Direction = keyof typeof DIRECTION;

/** What stands in the clear before a request: what a relay may see, and nobody can change. */
export interface RequestHeader {
  /** Start of the SHA-256 digest of the enclave's public key. */
  readonly keyId: Uint8Array;
  /** Random; tells requests apart. */
  readonly requestId: Uint8Array;
  /** When it was sealed, in milliseconds since 1970. */
  readonly time: number;
  /** Public half of the HPKE context. */
  readonly encapsulatedKey: Uint8Array;
}

/** The bytes of a header. */
export function writeHeader({ keyId, requestId, time, encapsulatedKey }: RequestHeader): Uint8Array {
  return concat(Uint8Array.of(VERSION), keyId, requestId, uint64(time), encapsulatedKey);
}

/** Reads the header at the start of a sealed request. Throws PALISADE-E200. */
export function readHeader(bytes: Uint8Array): RequestHeader {
  if (bytes.length < HEADER_LENGTH || bytes[0] !== VERSION) {
    throw fault('E200', 'sealed request', `not ${SEALED}, version ${VERSION}`);
  }
  const requestId = 1 + KEY_ID_LENGTH;
  const time = requestId + REQUEST_ID_LENGTH;
  return {
    keyId: bytes.slice(1, requestId),
    requestId: bytes.slice(requestId, time),
    time: Number(view(bytes).getBigUint64(time)),
    encapsulatedKey: bytes.slice(time + 8, HEADER_LENGTH),
  };
}

/** What one message is bound to: the exchange, and its place in it. */
export interface Binding {
  readonly header: Uint8Array;
  readonly system: string;
  readonly direction: Direction;
}

/** What AES-GCM holds a chunk to, beside its key and nonce. */
export function additionalData({ header, system, direction }: Binding, sequence: number, kind: Kind): Uint8Array {
  return concat(header, Uint8Array.of(DIRECTION[direction]), uint64(sequence), Uint8Array.of(kind), utf8(system));
}

/** Eight bytes, big-endian. */
export function uint64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  view(bytes).setBigUint64(0, BigInt(value));
  return bytes;
}

/** Numbers in bytes. */
export function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
