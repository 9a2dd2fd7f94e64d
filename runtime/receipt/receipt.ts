import { fromBase64url, utf8 } from '../enclave-channel/bytes';
import { fieldsOf, must, readFields, SHA256, SYSTEM, textOf } from '../enclave-channel/strict-json';
import { type CanonicalValue, canonicalJson } from '../integrity/canonical-json';
import { fault } from './fault';

/** Names what is signed: the key signs nothing else, and no other text starts so. */
export const RECEIPT_FORMAT = 'palisade-receipt/1';

/** What an enclave vouches for. Digests are SHA-256 in hexadecimal. */
export interface ReceiptStatement {
  readonly format: typeof RECEIPT_FORMAT;
  /** AI system. */
  readonly system: string;
  /** Digest of the model's weights. */
  readonly model: string;
  /** Measurement of the image, in hexadecimal, as the enclave's own NSM gave it. */
  readonly pcr0: string;
  /** Digest of the attestation document that the client verified before it asked, as the client said under the seal. */
  readonly attestation: string;
  /** Of the channel: 16 bytes in hexadecimal. */
  readonly requestId: string;
  /** When the answer was complete, by the enclave's clock: ISO 8601 in UTC, with milliseconds. */
  readonly time: string;
  readonly request: { readonly method: string; readonly path: string; readonly sha256: string };
  readonly response: { readonly status: number; readonly sha256: string };
}

/** A signed statement. */
export interface Receipt {
  readonly statement: ReceiptStatement;
  /** Ed25519 (RFC 8032) over the statement's canonical text, in base64url. */
  readonly signature: string;
}

const MEMBERS = ['attestation', 'format', 'model', 'pcr0', 'request', 'requestId', 'response', 'system', 'time'];

/** The one text of a receipt, as it is handed over and stored. */
export function receiptText({ statement, signature }: Receipt): string {
  return canonicalJson({ signature, statement: statement as unknown as CanonicalValue });
}

/** What is signed. */
export function signedBytes(statement: ReceiptStatement): Uint8Array {
  return utf8(canonicalJson(statement as unknown as CanonicalValue));
}

/** Reads what `receiptText` writes, and nothing else. Form only: `verifyReceipt` says whether it is true. Throws PALISADE-E250. */
export function readReceipt(text: string): Receipt {
  try {
    const fields = readFields(text, ['signature', 'statement']);
    const signature = textOf(fields, 'signature', /^[\w-]{86}$/);
    fromBase64url(signature);
    return { statement: statementOf(fields.statement), signature };
  } catch (error) {
    throw fault('E250', 'form', (error as Error).message, 'form');
  }
}

function statementOf(value: unknown): ReceiptStatement {
  const fields = fieldsOf(value, MEMBERS);
  const request = fieldsOf(fields.request, ['method', 'path', 'sha256']);
  const response = fieldsOf(fields.response, ['sha256', 'status']);
  must(fields.format === RECEIPT_FORMAT, `format is not ${RECEIPT_FORMAT}`);
  must(Number.isInteger(response.status), 'status is no number');
  const time = textOf(fields, 'time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  must(!Number.isNaN(Date.parse(time)), 'time is none');
  return {
    format: RECEIPT_FORMAT,
    system: textOf(fields, 'system', SYSTEM),
    model: textOf(fields, 'model', SHA256),
    pcr0: textOf(fields, 'pcr0', /^[0-9a-f]{96}$/),
    attestation: textOf(fields, 'attestation', SHA256),
    requestId: textOf(fields, 'requestId', /^[0-9a-f]{32}$/),
    time,
    request: {
      method: textOf(request, 'method', /^[A-Z]+$/),
      path: textOf(request, 'path', /^\//),
      sha256: textOf(request, 'sha256', SHA256),
    },
    response: { status: response.status as number, sha256: textOf(response, 'sha256', SHA256) },
  };
}
