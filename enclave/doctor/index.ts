/** Looks at the host of an enclave, and says what is wrong and what to do. */
export type { Finding, State } from './check';
export { diagnose } from './diagnose';
export type { HostPorts, ImageOnDisk } from './ports';
