import { verify } from 'node:crypto';
import type { Certificate } from './certificate';
import { verifyChain } from './chain';
import { type Claims, parseClaims } from './claims';
import { parseSignedMessage, type SignedMessage } from './cose';
import { fault } from './fault';
import { type AttestationPolicy, applyPolicy, isDebug, requirePolicy } from './policy';
import { AWS_NITRO_ROOT } from './root';

/** A document that holds. Every byte of it was signed by the Nitro system. */
export interface VerifiedAttestation extends Omit<Claims, 'certificate' | 'authorities'> {
  /** The enclave runs in debug mode: its host can read it. */
  readonly debug: boolean;
  /** When the certificate that signed the document is valid: some three hours. */
  readonly certificate: { readonly notBefore: Date; readonly notAfter: Date };
}

/** No real document is longer than 6 KB; its fields' limits add up to less than this. */
const MAXIMUM_DOCUMENT = 32_768;

/**
 * Verifies a Nitro attestation document against AWS's rules, then against the policy. Throws, or gives a document that
 * holds; never half of one.
 *
 * Whoever holds a document can make a second one that also verifies (in ECDSA both s and -s do): tell documents apart by
 * their nonce, not by their bytes.
 *
 * @param now the verifier's clock: certificates must be valid and the document fresh at that time
 *
 * Throws PalisadeError with PALISADE-E001 to E018 for the step that failed (docs/attestation.md), PALISADE-E019 for a
 * policy that is not one.
 */
export function verifyAttestation(document: Uint8Array, policy: AttestationPolicy, now: Date): VerifiedAttestation {
  requirePolicy(policy, now);
  if (document.length > MAXIMUM_DOCUMENT) {
    throw fault('E002', 'COSE_Sign1', `${document.length} bytes, allowed: ${MAXIMUM_DOCUMENT}`);
  }
  const message = parseSignedMessage(document);
  const { certificate, authorities, ...claims } = parseClaims(message.payload);
  const all = { certificate, authorities, ...claims };
  const signer = verifyChain(all, policy.rootForTests ?? AWS_NITRO_ROOT, now);
  verifySignature(message, signer);
  applyPolicy(all, policy, now);
  const { notBefore, notAfter } = signer;
  return { ...claims, debug: isDebug(all), certificate: { notBefore, notAfter } };
}

/** Real hardware gives s in both halves of its range, so both are taken. */
function verifySignature({ toBeSigned, signature }: SignedMessage, { publicKey }: Certificate): void {
  if (!verify('sha384', toBeSigned, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)) {
    throw fault('E011', 'signature', 'not made by the key of the certificate');
  }
}
