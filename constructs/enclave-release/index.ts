/** Which image and model an enclave fleet runs. */
export { EnclaveRelease, type EnclaveReleaseProps } from './enclave-release';
export { type ReleasedArtifact, ReleasedEnclave, type ReleasedEnclaveProps } from './released-enclave';
