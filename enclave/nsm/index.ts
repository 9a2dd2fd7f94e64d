/** The Nitro Security Module: attestation documents, random bytes, PCRs. */
export { openNsm } from './device';
export type { AttestationFields, Nsm, NsmDescription, PcrState } from './nsm';
