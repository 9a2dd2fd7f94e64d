/** Settings shared by the construct that makes an enclave host and the programs that run on it. */
export { type EnclaveHostSettings, parseHostSettings } from './settings';
