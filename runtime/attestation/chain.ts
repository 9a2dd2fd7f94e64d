import { type Certificate, parseCertificate } from './certificate';
import type { Claims } from './claims';
import { fault } from './fault';

/**
 * Verifies the chain from the pinned root down to the certificate that signed the document, and gives that certificate.
 * Rules: RFC 5280 section 6, as aws-nitro-enclaves-nsm-api, docs/attestation_process.md, "Certificates chain" applies
 * them: revocation lists are not consulted.
 *
 * Throws PALISADE-E006 for a certificate, E007 for another root, E008 for a link, E009 for a time outside of a
 * validity, E010 for a certificate that may not do what it does.
 */
export function verifyChain(claims: Claims, root: Uint8Array, now: Date): Certificate {
  if (!isEqual(claims.authorities[0], root)) {
    throw fault('E007', 'cabundle.0', 'another root than the pinned one');
  }
  const authorities = claims.authorities.map((der, index) => parseCertificate(der, `cabundle.${index}`));
  const leaf = parseCertificate(claims.certificate, 'certificate');
  authorities.forEach((authority, index) => {
    const below = authorities.length - 1 - index;
    requireValid(authority, `cabundle.${index}`, now);
    requireAuthority(authority, `cabundle.${index}`, below);
  });
  requireValid(leaf, 'certificate', now);
  if (leaf.authority || !leaf.signsData) {
    throw fault('E010', 'certificate', 'the certificate of the enclave may not sign data, or is an authority');
  }
  [...authorities, leaf].reduce((issuer, subject, index) => {
    requireIssued(subject, issuer, index < authorities.length ? `cabundle.${index}` : 'certificate');
    return subject;
  });
  return leaf;
}

function requireValid({ notBefore, notAfter }: Certificate, where: string, now: Date): void {
  if (!(now >= notBefore && now <= notAfter)) {
    throw fault(
      'E009',
      where,
      `valid from ${notBefore.toISOString()} to ${notAfter.toISOString()}, and it is ${now.toISOString()}`,
    );
  }
}

function requireAuthority(certificate: Certificate, where: string, below: number): void {
  if (!certificate.authority || !certificate.signsCertificates) {
    throw fault('E010', where, 'not an authority that may sign certificates');
  }
  if (certificate.pathLength !== undefined && below > certificate.pathLength) {
    throw fault('E010', where, `${below} authorities below it, allowed: ${certificate.pathLength}`);
  }
}

/** Names and key identifiers first: they are cheap. */
function requireIssued(subject: Certificate, issuer: Certificate, where: string): void {
  if (!subject.x509.checkIssued(issuer.x509) || !subject.x509.verify(issuer.publicKey)) {
    throw fault('E008', where, 'not signed by the certificate above it');
  }
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
