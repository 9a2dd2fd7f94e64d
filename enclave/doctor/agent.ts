import type { Check } from './check';
import { kmsHost } from './kms-host';

/** What a VPC may have inside (Amazon VPC User Guide, "VPC CIDR blocks"). */
const PRIVATE = /^(10\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|172\.(1[6-9]|2\d|3[01])\.|192\.168\.)/;

/** What is beside the enclave, and whether the enclave answers. */
export const agentChecks: readonly Check[] = [
  {
    name: 'attested challenge',
    fix: 'read journalctl -u palisade-agent: the code after "challenge failed" says what the document lacks (docs/attestation.md)',
    look: async ({ port }, { status }) => {
      const proved = (await status(`http://127.0.0.1:${port}/proved`)) === 200;
      return { state: proved ? 'ok' : 'fail', found: proved ? 'answered lately' : 'not answered for 30 seconds' };
    },
  },
  {
    name: 'endpoint of KMS',
    fix: 'give the network an interface endpoint for KMS with private DNS, and let the hosts reach it at port 443',
    look: async ({ region }, { resolve, run }) => {
      const name = kmsHost(region);
      const addresses = await resolve(name);
      const outside = addresses.filter((address) => !PRIVATE.test(address));
      if (addresses.length === 0 || outside.length > 0) {
        return { state: 'fail', found: `${name} is ${addresses.join(', ') || 'unknown'}` };
      }
      const call = ['--silent', '--show-error', '--max-time', '5', '--output', '/dev/null', `https://${name}/`];
      const complaint = await run('curl', call).then(
        () => undefined,
        (error: Error) => error.message,
      );
      return { state: complaint === undefined ? 'ok' : 'fail', found: complaint ?? addresses.join(', ') };
    },
  },
];
