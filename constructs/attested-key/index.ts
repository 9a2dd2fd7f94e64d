export { EnclavePin } from './attestation-gate';
export { AttestedKey, type AttestedKeyProps } from './attested-key';
export type { KeyWatch } from './key-signals';
export { pcr3Of } from './parent-role';
