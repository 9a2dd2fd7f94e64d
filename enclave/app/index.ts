/** What runs inside an enclave: opens requests, asks the model, seals answers. */
export type { Agent, ReceiptRecord } from './agent';
export { type EnclaveSettings, settingsOf } from './settings';
export { type EnclavePorts, type RunningEnclave, startEnclave } from './start';
