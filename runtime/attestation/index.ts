export { type AttestationPolicy, type PcrSet, pcrHex } from './policy';
export { AWS_NITRO_ROOT } from './root';
export { type VerifiedAttestation, verifyAttestation } from './verify';
