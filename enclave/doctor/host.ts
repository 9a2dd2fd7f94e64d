import { parse } from 'yaml';
import type { Check } from './check';
import { kmsHost } from './kms-host';

const ALLOCATOR = '/etc/nitro_enclaves/allocator.yaml';
const PROXY = '/etc/palisade/vsock-proxy.yaml';
const UNITS = ['nitro-enclaves-allocator', 'palisade-vsock-proxy', 'palisade-agent', 'palisade-enclave'];

/** What the operating system must give an enclave. */
export const hostChecks: readonly Check[] = [
  {
    name: 'nitro enclaves device',
    fix: 'launch the instance with EnclaveOptions.Enabled, on a type that can: constructs/enclave-inference lists them',
    look: async (_settings, { run }) => {
      const there = await run('test', ['-c', '/dev/nitro_enclaves']).then(
        () => true,
        () => false,
      );
      return { state: there ? 'ok' : 'fail', found: `${there ? '' : 'no '}/dev/nitro_enclaves` };
    },
  },
  {
    name: 'allocator',
    fix: `write cpu_count and memory_mib of ${ALLOCATOR} as deployed, and restart nitro-enclaves-allocator`,
    look: async ({ enclave }, { read }) => {
      const text = read(ALLOCATOR);
      const value = (name: string) => Number(new RegExp(`^${name}: *(\\d+)`, 'm').exec(text)?.[1]);
      const [memory, cpus] = [value('memory_mib'), value('cpu_count')];
      const enough = memory >= enclave.memoryMiB && cpus >= enclave.cpus;
      return {
        state: enough ? 'ok' : 'fail',
        found: `${cpus} vCPUs and ${memory} MiB, ${enclave.cpus} and ${enclave.memoryMiB} needed`,
      };
    },
  },
  {
    name: 'huge pages',
    fix: 'memory was fragmented when the allocator ran: restart the instance, or take a type with more memory',
    look: async ({ enclave }, { read }) => {
      const text = read('/proc/meminfo');
      const value = (name: string) => Number(new RegExp(`^${name}: *(\\d+)`, 'm').exec(text)?.[1]);
      // Reserved pages of any size, in KiB; an enclave that runs holds its own.
      const reserved = Math.floor(value('Hugetlb') / 1024);
      return {
        state: reserved >= enclave.memoryMiB ? 'ok' : 'fail',
        found: `${reserved} MiB reserved, ${enclave.memoryMiB} needed`,
      };
    },
  },
  {
    name: 'units',
    fix: 'read journalctl -u of the unit; palisade-enclave stays down once its budget of starts is gone: replace the host',
    look: async (_settings, { run }) => {
      const states = await Promise.all(
        UNITS.map(async (unit) => [
          unit,
          (await run('systemctl', ['show', '--property=ActiveState', '--value', unit])).trim(),
        ]),
      );
      const down = states.filter(([, state]) => state !== 'active').map(([unit, state]) => `${unit} ${state}`);
      return { state: down.length === 0 ? 'ok' : 'fail', found: down.join(', ') || 'all active' };
    },
  },
  {
    name: 'clock',
    fix: 'look at chronyc tracking: Amazon Time Sync answers at 169.254.169.123 in every VPC',
    look: async (_settings, { run }) => {
      // chronyc(1), "tracking": field 5 is the distance from NTP's time, 11 and 12 the delay and dispersion back to its root, in
      // seconds; the last says whether there is an NTP at all, since one that has found none prints zeros, and the first is
      // 7F7F0101 where a clock follows itself.
      const fields = (await run('chronyc', ['-c', 'tracking'])).trim().split(',');
      if (!['Normal', 'Insert second', 'Delete second'].includes(fields[13])) {
        return { state: 'fail', found: fields[13]?.toLowerCase() ?? 'no answer to be understood' };
      }
      if (fields[0] === '7F7F0101') {
        return { state: 'fail', found: 'it follows itself' };
      }
      const [offset, delay, dispersion] = [fields[4], fields[10], fields[11]].map((field) =>
        Math.abs(Number(field || 'x')),
      );
      // chronyc(1) gives this as the bound of the clock's error.
      const error = offset + dispersion + delay / 2;
      return { state: error < 1 ? 'ok' : 'fail', found: `at most ${error} seconds off` };
    },
  },
  {
    name: 'ways out of the enclave',
    fix: `allow nothing but KMS of the Region in ${PROXY}, and restart palisade-vsock-proxy`,
    look: async ({ region }, { read }) => {
      const list = parse(read(PROXY)) as { allowlist?: { address: string; port: number }[] } | null;
      const allowed = (list?.allowlist ?? []).map(({ address, port }) => `${address}:${port}`);
      const fine = allowed.length === 1 && allowed[0] === `${kmsHost(region)}:443`;
      return { state: fine ? 'ok' : 'fail', found: allowed.join(', ') || 'none' };
    },
  },
];
