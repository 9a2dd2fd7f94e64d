import { createHash } from 'node:crypto';
import type { EnclaveHostSettings } from '../../runtime/enclave-host';
import type { Check } from './check';
import {
  admits,
  allowsRole,
  boundRoles,
  openDoors,
  policyAdministrators,
  type Statement,
  strangers,
} from './key-policy';
import type { HostPorts } from './ports';

/** Whether the key opens to measured images, and to nothing else. */
export const keyChecks: readonly Check[] = [
  {
    name: 'key policy',
    fix: 'deploy the stack again: AttestedKey writes a policy that denies plaintext without attestation to everybody',
    look: async (settings, ports) => {
      const statements = await policyOf(settings, ports);
      const open = openDoors(statements, { system: settings.system, purpose: 'model' });
      return {
        state: open.length === 0 ? 'ok' : 'fail',
        found:
          open.length === 0
            ? `no side door; changed by ${policyAdministrators(statements).join(', ')} alone`
            : `open: ${open.join(', ')}`,
      };
    },
  },
  {
    name: 'measurements in the key policy',
    fix: 'deploy the reviewed measurements; while a new generation rolls out, a host that is not replaced yet does not know it',
    look: async (settings, ports) => {
      const statements = await policyOf(settings, ports);
      const { measurements } = await ports.image(settings.enclave.image);
      if (!admits(statements, measurements)) {
        return { state: 'fail', found: `PCR0 ${measurements.PCR0.slice(0, 16)}… gets no plaintext` };
      }
      const known = settings.measurements.generations.map(({ pcr0, pcr1, pcr2, pcr8 }) => ({
        PCR0: pcr0,
        PCR1: pcr1,
        PCR2: pcr2,
        PCR8: pcr8,
      }));
      const unknown = strangers(statements, known);
      return {
        state: unknown.length === 0 ? 'ok' : 'fail',
        found: unknown.length === 0 ? 'the image is named' : `admits what nobody reviewed: ${unknown.join(', ')}`,
      };
    },
  },
  {
    name: 'grants',
    fix: 'find out who made it (CloudTrail, CreateGrant), and retire it: a grant opens the key past its conditions',
    look: async (settings, ports) => {
      const { Grants } = JSON.parse(await kms(settings, ports, 'list-grants')) as { Grants: unknown[] };
      return { state: Grants.length === 0 ? 'ok' : 'fail', found: `${Grants.length} grants` };
    },
  },
  {
    name: 'key',
    fix: 'enable the key, or cancel its deletion, once it is known who stopped it; a key of several Regions has several policies',
    look: async (settings, ports) => {
      const { KeyMetadata } = JSON.parse(await kms(settings, ports, 'describe-key')) as {
        KeyMetadata: { KeyState: string; MultiRegion: boolean };
      };
      const fine = KeyMetadata.KeyState === 'Enabled' && !KeyMetadata.MultiRegion;
      return {
        state: fine ? 'ok' : 'fail',
        found: `${KeyMetadata.KeyState}${KeyMetadata.MultiRegion ? ', multi-Region' : ''}`,
      };
    },
  },
  {
    name: 'role',
    fix: 'launch the instance with the role that the key policy names: PCR3 measures its ARN (STS needs an endpoint to tell it)',
    look: async (settings, ports) => {
      const role = await roleOf(settings, ports);
      const statements = await policyOf(settings, ports);
      const pcr3 = createHash('sha384').update(Buffer.alloc(48)).update(role).digest('hex');
      const bound = boundRoles(statements);
      const fine = allowsRole(statements, role) && (bound.length === 0 || bound.includes(pcr3));
      return { state: fine ? 'ok' : 'fail', found: bound.length > 0 ? `${role}, bound by PCR3` : role };
    },
  },
];

async function policyOf(settings: EnclaveHostSettings, ports: HostPorts): Promise<Statement[]> {
  const { Policy } = JSON.parse(await kms(settings, ports, 'get-key-policy', '--policy-name', 'default'));
  const { Statement } = JSON.parse(Policy) as { Statement: Statement | Statement[] };
  return [Statement].flat();
}

async function roleOf({ region }: EnclaveHostSettings, { run }: HostPorts): Promise<string> {
  const answer = await run('aws', ['sts', 'get-caller-identity', '--region', region, '--output', 'json']);
  const { Arn } = JSON.parse(answer) as { Arn: string };
  return Arn.replace(/:sts:(.*):assumed-role\/([^/]+)\/.*$/, ':iam:$1:role/$2');
}

function kms({ keyArn, region }: EnclaveHostSettings, { run }: HostPorts, command: string, ...more: string[]) {
  return run('aws', ['kms', command, '--key-id', keyArn, '--region', region, '--output', 'json', ...more]);
}
