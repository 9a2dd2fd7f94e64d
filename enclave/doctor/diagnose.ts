import { type EnclaveHostSettings, parseHostSettings } from '../../runtime/enclave-host';
import { agentChecks } from './agent';
import { hostChecks } from './host';
import { imageChecks } from './image';
import { keyChecks } from './key';
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

/** Where user data has written what the host is. */
export const SETTINGS = '/etc/palisade/host.json';

/** Looks at everything; a check that cannot look is `unknown`, and stops no other. Never rejects. */
export async function diagnose(ports: HostPorts): Promise<Finding[]> {
  let settings: EnclaveHostSettings;
  try {
    settings = parseHostSettings(ports.read(SETTINGS), SETTINGS);
  } catch (error) {
    const fix = 'user data has not come so far: read /var/log/cloud-init-output.log, and replace the host';
    return [{ name: 'settings', state: 'fail', found: (error as Error).message.split('\n')[0], fix }];
  }
  const findings: Finding[] = [{ name: 'settings', state: 'ok', found: `${settings.system} in ${settings.stage}` }];
  for (const { name, fix, look } of [...hostChecks, ...imageChecks, ...agentChecks, ...keyChecks]) {
    const { state, found } = await look(settings, ports).catch((error: Error) => ({
      state: 'unknown' as const,
      found: error.message.split('\n')[0].slice(0, 200),
    }));
    findings.push({ name, state, found, ...(state !== 'ok' && { fix }) });
  }
  return findings;
}
