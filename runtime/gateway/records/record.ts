import { createHash } from 'node:crypto';
import type { Decision } from '../refusal';

/** What is kept of a call: who, when, what was decided and why, and hashes of the texts; never the texts. */
export interface InferenceRecord {
  readonly requestId: string;
  readonly system: string;
  /** Pseudonym. */
  readonly caller: string;
  /** How it was asked. @default - sealed, or by no way that there is */
  readonly protocol?: string;
  /** Model or endpoint that answered, or was asked last. Absent while none is approved, and where none was asked. */
  readonly model?: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly decision: Decision;
  /** Code of the error that the caller got, where it got one. */
  readonly code?: string;
  /** Why screening or checks found something: rules, never texts. */
  readonly reasons?: readonly string[];
  /** Models that were asked before the last one, and failed. */
  readonly failedOver?: readonly string[];
  /** Whether tools were kept from the model, because a document or a tool's result looked like an attack. */
  readonly toolsWithheld?: boolean;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly inputSha256?: string;
  readonly outputSha256?: string;
  /** Of the file with the encrypted texts, where they are kept. */
  readonly bodiesSha256?: string;
  /** From the call's start to the decision. */
  readonly milliseconds: number;
}

/** Encrypted texts of one call, as a file holds them. Whom they are of, only the record says. */
export interface SealedBodies {
  readonly version: 1;
  readonly system: string;
  readonly requestId: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** ARN of the CMK. */
  readonly keyId: string;
  /** Data key, encrypted by the CMK under the context of `keyContext`. In base64. */
  readonly wrappedKey: string;
  /** By name: nonce, ciphertext and tag, in base64. */
  readonly fields: Readonly<Record<string, string>>;
}

/** A record as it is stored: the digest that the ledger has of an hour is over these bytes. */
export function recordBytes(record: InferenceRecord): string {
  return JSON.stringify(record);
}

/** In hexadecimal digits. */
export function sha256(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}
