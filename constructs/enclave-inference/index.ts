/** A fleet of enclaves behind an internal balancer, and the key that opens to them. */
export { EnclaveInference, type EnclaveInferenceProps } from './enclave-inference';
export { HOST_TYPES, type HostType } from './instance-types';
