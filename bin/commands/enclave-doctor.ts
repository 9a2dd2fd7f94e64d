import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { resolve4 } from 'node:dns/promises';
import { createReadStream, readFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import type { Finding, HostPorts, ImageOnDisk } from '../../enclave/doctor';
import { type Command, EXIT, parse } from './command';

/** Looks at the host of an enclave. */
export const enclaveDoctor: Command = {
  usage: `palisade enclave doctor [--json]
  Run on the host of an enclave, as root: looks at allocator, memory, units, clock, image and signer, the enclave's proof, the
  way to KMS, the key's policy and grants, and the role, and says what to do. Changes nothing. Exit 0 when all is well
  (a warning is well enough), 1 when something is not, or could not be looked at.`,
  run: async (args) => {
    const { values } = parse({ args, options: { json: { type: 'boolean', default: false } } });
    const { diagnose } = await import('../../enclave/doctor/index.js');
    const findings = await diagnose(hostPorts());
    console.log(values.json ? JSON.stringify(findings, undefined, 2) : findings.map(line).join('\n'));
    return findings.every(({ state }) => state === 'ok' || state === 'warn') ? EXIT.clean : EXIT.findings;
  },
};

function line({ name, state, found, fix }: Finding): string {
  return `${state.padEnd(8)}${name.padEnd(34)}${found}${fix ? `\n${' '.repeat(42)}${fix}` : ''}`;
}

function hostPorts(): HostPorts {
  const images: Record<string, Promise<ImageOnDisk>> = {};
  return {
    read: (path) => readFileSync(path, 'utf8'),
    run,
    resolve: resolve4,
    status: async (url) => (await fetch(url, { signal: AbortSignal.timeout(5_000) })).status,
    image: (path) => {
      // Some checks ask, and an image may be long.
      images[path] ??= imageAt(path);
      return images[path];
    },
    now: Date.now,
  };
}

async function run(program: string, args: readonly string[]): Promise<string> {
  try {
    return (await promisify(execFile)(program, args, { timeout: 20_000 })).stdout;
  } catch (error) {
    const { stderr = '', killed, message } = error as Error & { stderr?: string; killed?: boolean };
    const complaint = stderr.trim().split('\n').pop() || message.split('\n')[0];
    throw new Error(killed ? `${program} did not end within 20 seconds` : complaint);
  }
}

async function imageAt(path: string): Promise<ImageOnDisk> {
  const { readEif } = await import('../../enclave/image/index.js');
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const { measurements, signer } = readEif(path);
  return { sha256: hash.digest('hex'), measurements, signerExpires: signer?.notAfter };
}
