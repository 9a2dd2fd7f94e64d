import type { EnclaveHostSettings } from '../../runtime/enclave-host';
import type { HostPorts } from './ports';

/** How something is. `unknown`: it could not be looked at. */
export type State = 'fail' | 'ok' | 'unknown' | 'warn';

/** What was found. */
export interface Finding {
  /** What was looked at. */
  readonly name: string;
  readonly state: State;
  /** What there is. */
  readonly found: string;
  /** What to do about it. @default - nothing */
  readonly fix?: string;
}

/** One thing to look at. */
export interface Check {
  readonly name: string;
  /** What to do where this is not ok. */
  readonly fix: string;
  readonly look: (settings: EnclaveHostSettings, ports: HostPorts) => Promise<Omit<Finding, 'fix' | 'name'>>;
}
