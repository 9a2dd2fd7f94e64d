import { pcrHex, type VerifiedAttestation } from '../attestation';
import { fromBase64url } from '../enclave-channel/bytes';
import { identityOf } from '../enclave-channel/identity';
import { sha256Hex } from './digest';
import { fault } from './fault';
import { type Receipt, type ReceiptStatement, signedBytes } from './receipt';

/** What a receipt is held against. */
export interface ReceiptExpectation {
  /** The document that the client verified, as it received it. */
  readonly document: Uint8Array;
  /** The same document, after `verifyAttestation`. */
  readonly attestation: VerifiedAttestation;
  /** Of the request, what is to be compared. @default - nothing */
  readonly request?: Partial<ReceiptStatement['request']>;
  /** Of the answer, what is to be compared. @default - nothing */
  readonly response?: Partial<ReceiptStatement['response']>;
  /** Id of the request, in hexadecimal. @default - not compared */
  readonly requestId?: string;
}

/**
 * Verifies a receipt: signed by the key that the document attests, about this document, and about these texts.
 *
 * Throws PALISADE-E251 for the signature, E252 for another document, E253 for a system, model or measurement that the
 * document does not name, E254 for another request, E255 for another answer; PALISADE-E212 for a document without the
 * identity of an enclave of Palisade.
 */
export async function verifyReceipt({ statement, signature }: Receipt, expected: ReceiptExpectation): Promise<void> {
  const identity = identityOf(expected.attestation);
  const key = await crypto.subtle.importKey('raw', identity.receiptKey, 'Ed25519', false, ['verify']);
  if (!(await crypto.subtle.verify('Ed25519', key, fromBase64url(signature), signedBytes(statement)))) {
    throw fault('E251', 'signature', 'not made by the key that the document attests');
  }
  requireSame('E252', 'attestation', statement.attestation, sha256Hex(expected.document));
  requireSame('E253', 'system', statement.system, identity.system);
  requireSame('E253', 'model', statement.model, identity.model);
  requireSame('E253', 'pcr0', statement.pcr0, pcrHex(expected.attestation.pcrs, 0));
  requireSame('E254', 'requestId', statement.requestId, expected.requestId ?? statement.requestId);
  requireMembers('E254', 'request', statement.request, expected.request);
  requireMembers('E255', 'response', statement.response, expected.response);
}

function requireMembers<T extends object>(step: string, where: string, said: T, expected: Partial<T> = {}): void {
  for (const [name, value] of Object.entries(expected)) {
    requireSame(step, `${where}.${name}`, said[name as keyof T], value ?? said[name as keyof T]);
  }
}

function requireSame(step: string, where: string, said: unknown, expected: unknown): void {
  if (said !== expected) {
    throw fault(step, where, `the receipt says ${said}, expected ${expected ?? 'nothing'}`);
  }
}
