import { type PcrSet, type VerifiedAttestation, verifyAttestation } from '../attestation';
import { type EnclaveIdentity, identityOf, toHex } from '../enclave-channel';
import { sha256Hex } from '../receipt';
import { fault } from './fault';
import { atMost, send, type TransportOptions } from './transport';

/** Which enclave is accepted. */
export interface EnclavePolicy {
  /** AI system that the enclave must serve. */
  readonly system: string;
  /** Measurements of which one set must hold whole; several while a new image rolls out. */
  readonly pcrs: readonly PcrSet[];
  /** SHA-256 of the model's weights, in hexadecimal. @default - whichever model the measured image loads */
  readonly model?: string;
  /** DER of another root than AWS's. For tests: whoever has its key can attest anything. @default - AWS's root */
  readonly rootForTests?: Uint8Array;
}

/** An enclave that was verified. */
export interface Session {
  readonly identity: EnclaveIdentity;
  readonly attestation: VerifiedAttestation;
  /** The document, as it came. */
  readonly document: Uint8Array;
  /** Its SHA-256, in hexadecimal. */
  readonly digest: string;
  /** When it was verified, in milliseconds since 1970. */
  readonly time: number;
  /** Where the enclave is, in the words of whoever carries its messages. Nobody vouches for it. */
  readonly route?: string;
}

/** Header in which carriers say, and are told, which of several enclaves is meant. */
export const ROUTE = 'x-palisade-route';
const ROUTE_VALUE = /^[\w.:-]{1,128}$/;
/** Longest that `verifyAttestation` takes. */
const MAXIMUM_DOCUMENT = 32_768;

/**
 * Asks the enclave at `url` for a document over a fresh nonce, and verifies it.
 *
 * Throws PALISADE-E271 where it gives none, PALISADE-E272 for another system or model, PALISADE-E001 to E019 for a document
 * that does not hold, PALISADE-E212 for one of something else; and what `send` throws.
 */
export async function attest(
  url: string,
  policy: EnclavePolicy,
  transport: TransportOptions,
  clock: () => number,
): Promise<Session> {
  const nonce = crypto.getRandomValues(new Uint8Array(32));
  const request = new Request(`${url}/attestation?nonce=${toHex(nonce)}`, {
    headers: { accept: 'application/octet-stream' },
  });
  const { response, pieces } = await send(transport, request);
  const document = await atMost(MAXIMUM_DOCUMENT, pieces);
  if (response.status !== 200 || document === undefined) {
    throw fault('E271', request.url, `no attestation document: status ${response.status}`);
  }
  const { pcrs, rootForTests } = policy;
  const time = clock();
  const attestation = verifyAttestation(document, { pcrs, nonce, rootForTests }, new Date(time));
  const identity = identityOf(attestation);
  requireSame('system', identity.system, policy.system);
  requireSame('model', identity.model, policy.model ?? identity.model);
  const route = response.headers.get(ROUTE) ?? '';
  return {
    identity,
    attestation,
    document,
    digest: sha256Hex(document),
    time,
    ...(ROUTE_VALUE.test(route) && { route }),
  };
}

function requireSame(what: string, found: string, expected: string): void {
  if (found !== expected) {
    throw fault('E272', `attested ${what}`, `${found}, expected ${expected}`, 'identity');
  }
}
