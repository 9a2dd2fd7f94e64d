import { type EnclaveHostSettings, parseHostSettings } from '../../runtime/enclave-host';
import { PalisadeError } from '../../runtime/errors';
import { agentChecks } from './agent';
import type { Finding } from './check';
import { hostChecks } from './host';
import { imageChecks } from './image';
import { keyChecks } from './key';
import type { HostPorts } from './ports';

/** Where user data has written what the host is. */
export const SETTINGS = '/etc/palisade/host.json';

/** Looks at everything; a check that cannot look is `unknown`, and stops no other. Never rejects. */
export async function diagnose(ports: HostPorts): Promise<Finding[]> {
  let settings: EnclaveHostSettings;
  try {
    settings = parseHostSettings(ports.read(SETTINGS), SETTINGS);
  } catch (error) {
    const fix = 'user data has not come so far: read /var/log/cloud-init-output.log, and replace the host';
    return [{ name: 'settings', state: 'fail', found: problemOf(error as Error), fix }];
  }
  const findings: Finding[] = [{ name: 'settings', state: 'ok', found: `${settings.system} in ${settings.stage}` }];
  for (const { name, fix, look } of [...hostChecks, ...imageChecks, ...agentChecks, ...keyChecks]) {
    const { state, found } = await look(settings, ports).catch((error: Error) => ({
      state: 'unknown' as const,
      found: problemOf(error),
    }));
    findings.push({ name, state, found, ...(state !== 'ok' && { fix }) });
  }
  return findings;
}

function problemOf(error: Error): string {
  const text = error instanceof PalisadeError ? `${error.code} ${error.problem}` : error.message;
  return text.split('\n')[0].slice(0, 200);
}
