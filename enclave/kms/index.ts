/** KMS from inside an enclave: plaintext for nobody but the process that attests. */
export { type AwsCredentials, EnclaveKms, type EnclaveKmsOptions } from './kms';
export { openForRecipient } from './recipient';
