import { decodeCbor } from '../../runtime/cbor';
import { PalisadeError } from '../../runtime/errors';
import type { Nsm } from '../nsm';

/** How far the clock may be from the hypervisor's, in milliseconds: well within what the channel allows a client. */
export const MAXIMUM_DRIFT = 10_000;

/**
 * Compares the clock with the time in an attestation document of its own: replay windows rest on the clock, which nobody
 * sets inside an enclave once it runs. A new start sets it.
 *
 * Throws PALISADE-E351 where they are apart.
 */
export function requireClock(nsm: Pick<Nsm, 'attestation'>, now: () => number): void {
  const drift = Math.abs(now() - timeOf(nsm.attestation({})));
  // NaN is not within bounds either.
  if (!(drift <= MAXIMUM_DRIFT)) {
    throw new PalisadeError({
      code: 'PALISADE-E351',
      where: 'clock of the enclave',
      problem: `is ${drift} ms from the hypervisor's, ${MAXIMUM_DRIFT} are allowed`,
      fix: 'start the enclave anew: its clock is set at the start',
    });
  }
}

/** Milliseconds since 1970. The document is from the device itself, so its signature is not what is asked for. */
function timeOf(document: Uint8Array): number {
  const [, , payload] = decodeCbor(document) as [unknown, unknown, Uint8Array];
  const claims = decodeCbor(payload, { indefiniteOutermostMap: true }) as Map<string, unknown>;
  return Number(claims.get('timestamp'));
}
