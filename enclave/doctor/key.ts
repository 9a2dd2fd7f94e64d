import { createHash } from 'node:crypto';
import type { EnclaveHostSettings } from '../../runtime/enclave-host';
import type { Check } from './diagnose';
import type { HostPorts } from './ports';

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

const PLAINTEXT = ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyPair', 'kms:DeriveSharedSecret'];
const SIDE_DOORS = ['kms:CreateGrant', 'kms:ReEncryptFrom', 'kms:ReEncryptTo', 'kms:ReplicateKey'];
const ATTESTATION = 'kms:RecipientAttestation:';

/** Whether the key opens to measured images, and to nothing else. */
export const keyChecks: readonly Check[] = [
  {
    name: 'key policy',
    fix: 'deploy the stack again: AttestedKey writes a policy that denies plaintext without attestation to everybody',
    look: async (settings, ports) => {
      const statements = await policyOf(settings, ports);
      const open = [
        ...PLAINTEXT.filter((action) => !statements.some((item) => denies(item, action, isUnattested))),
        ...SIDE_DOORS.filter((action) => !statements.some((item) => denies(item, action, isAlways))),
      ];
      return {
        state: open.length === 0 ? 'ok' : 'fail',
        found: open.length === 0 ? 'no side door' : `open: ${open.join(', ')}`,
      };
    },
  },
  {
    name: 'measurements in the key policy',
    fix: 'deploy the measurements file: KMS gives nothing to an image that the policy does not name',
    look: async (settings, ports) => {
      const { pcr0 } = await ports.image(settings.enclave.image);
      const text = JSON.stringify(await policyOf(settings, ports)).toLowerCase();
      const pinned = text.includes(pcr0) || text.includes(`${ATTESTATION}pcr8`.toLowerCase());
      return {
        state: pinned ? 'ok' : 'fail',
        found: pinned ? 'the image is named' : `PCR0 ${pcr0.slice(0, 16)}… is not named`,
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
    fix: 'launch the instance with the role that the key policy names; its ARN is what PCR3 measures',
    look: async (settings, ports) => {
      const { Arn } = JSON.parse(
        await ports.run('aws', ['sts', 'get-caller-identity', '--region', settings.region]),
      ) as {
        Arn: string;
      };
      const role = Arn.replace(/:sts:(.*):assumed-role\/([^/]+)\/.*$/, ':iam:$1:role/$2');
      const text = JSON.stringify(await policyOf(settings, ports)).toLowerCase();
      const pcr3 = createHash('sha384').update(Buffer.alloc(48)).update(role).digest('hex');
      const bound = text.includes(`${ATTESTATION}pcr3`.toLowerCase());
      const fine = text.includes(role.toLowerCase()) && (!bound || text.includes(pcr3));
      return { state: fine ? 'ok' : 'fail', found: bound ? `${role}, bound by PCR3` : role };
    },
  },
];

async function policyOf(settings: EnclaveHostSettings, ports: HostPorts): Promise<Statement[]> {
  const { Policy } = JSON.parse(await kms(settings, ports, 'get-key-policy', '--policy-name', 'default'));
  const { Statement } = JSON.parse(Policy) as { Statement: Statement | Statement[] };
  return [Statement].flat();
}

function kms({ keyArn, region }: EnclaveHostSettings, { run }: HostPorts, command: string, ...more: string[]) {
  return run('aws', ['kms', command, '--key-id', keyArn, '--region', region, '--output', 'json', ...more]);
}

/** Whether a statement denies an action to everybody, under a condition that `holds`. */
function denies(statement: Statement, action: string, holds: (statement: Statement) => boolean): boolean {
  const { Effect, Principal, Action = [] } = statement;
  const everybody = Principal === '*' || JSON.stringify(Principal) === '{"AWS":"*"}';
  return (
    Effect === 'Deny' &&
    everybody &&
    [Action].flat().some((name) => name === action || name === 'kms:*') &&
    holds(statement)
  );
}

/** Registers that tell an image, or its signer; PCR3 and PCR4 tell only where it runs. */
const IMAGE = /^kms:RecipientAttestation:(ImageSha384|PCR0|PCR8)$/i;

/** The negated operator also holds where there is no document. */
function isUnattested({ Condition = {} }: Statement): boolean {
  return Object.entries(Condition).some(
    ([operator, keys]) =>
      /^StringNotEquals(IgnoreCase)?$/.test(operator) && Object.keys(keys).some((key) => IMAGE.test(key)),
  );
}

function isAlways({ Condition }: Statement): boolean {
  return Condition === undefined;
}
