/** Looks at the host of an enclave, and says what is wrong and what to do. */
export { diagnose, type Finding, type State } from './diagnose';
export type { HostPorts } from './ports';
