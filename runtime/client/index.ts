/** A client of an enclave: it proves whom it talks to, and nobody between reads what is said. */
export type { PcrSet } from '../attestation';
export type { EnclaveIdentity } from '../enclave-channel';
export { type Receipt, type ReceiptStatement, readReceipt, receiptText } from '../receipt';
export type { ReceiptEvidence } from './answer';
export { EnclaveClient, type EnclaveClientOptions, type InvokeOptions } from './client';
