import { PalisadeError } from '../../runtime/errors';

/** What an instance of one type has. */
export interface HostType {
  readonly name: string;
  readonly virtualCpus: number;
  readonly memoryMiB: number;
  readonly architecture: 'arm64' | 'x86_64';
}

/**
 * Families with enclaves: Nitro, not burstable, not metal (Nitro Enclaves User Guide, "Requirements"), and what their sizes
 * have per vCPU (EC2 instance type pages, 2026-11). Add a family here once you have seen it run one.
 */
const FAMILIES: Readonly<Record<string, { gibPerCpu: number; architecture: HostType['architecture'] }>> = {
  ...families(['c5', 'c6i', 'c6a', 'c7i'], 2, 'x86_64'),
  ...families(['m5', 'm6i', 'm6a', 'm7i'], 4, 'x86_64'),
  ...families(['r5', 'r6i', 'r6a', 'r7i'], 8, 'x86_64'),
  ...families(['c6g', 'c7g'], 2, 'arm64'),
  ...families(['m6g', 'm7g'], 4, 'arm64'),
  ...families(['r6g', 'r7g'], 8, 'arm64'),
};

/** vCPUs by size. Four at least on Intel and AMD, two on Graviton: a core stays with the parent, and one is the enclave's. */
const SIZES: Readonly<Record<string, number>> = { large: 2, xlarge: 4, '2xlarge': 8, '4xlarge': 16, '8xlarge': 32 };

/** What the operating system, the agent and the image on its way to the enclave need. */
const PARENT_MEMORY_MIB = 2048;

/** What the kernel module asks for at least (Linux, "Nitro Enclaves overview"). */
const LEAST_MEMORY_MIB = 64;

/** Every type that is known to host enclaves. */
export const HOST_TYPES: readonly HostType[] = Object.entries(FAMILIES).flatMap(
  ([family, { gibPerCpu, architecture }]) =>
    Object.entries(SIZES)
      .filter(([size, cpus]) => (cpus >= 4 || architecture === 'arm64') && `${family}.${size}` !== 'c5.8xlarge')
      .map(([size, virtualCpus]) => ({
        name: `${family}.${size}`,
        virtualCpus,
        memoryMiB: virtualCpus * gibPerCpu * 1024,
        architecture,
      })),
);

/** What an enclave takes from its host. */
export interface EnclaveSize {
  readonly cpus: number;
  readonly memoryMiB: number;
}

/**
 * The type of this name, if it has room for the enclave beside its parent.
 *
 * Throws PALISADE-E451 for a type that is not known to host enclaves, PALISADE-E452 for an enclave that does not fit: half a
 * core, or more than the type has to give. The message names the smallest type of the family that would do.
 */
export function hostType(name: string, enclave: EnclaveSize, where: string): HostType {
  const type = HOST_TYPES.find((candidate) => candidate.name === name);
  if (!type) {
    throw new PalisadeError({
      code: 'PALISADE-E451',
      where,
      problem: `'${name}' is not known to host enclaves`,
      fix: `choose one of ${Object.keys(FAMILIES).join(', ')} from xlarge to 8xlarge; with Graviton from large`,
    });
  }
  const core = coreOf(type);
  if (!isWhole(enclave, core) || !fits(type, enclave)) {
    throw new PalisadeError({
      code: 'PALISADE-E452',
      where,
      problem: `${enclave.cpus} vCPUs and ${enclave.memoryMiB} MiB are not whole cores and at least ${LEAST_MEMORY_MIB} whole MiB, or more than ${name} can give: it has ${type.virtualCpus} vCPUs and ${type.memoryMiB} MiB, of which ${core} and ${PARENT_MEMORY_MIB} stay with the parent`,
      fix: suggestion(name.split('.')[0], enclave),
    });
  }
  return type;
}

function suggestion(family: string, enclave: EnclaveSize): string {
  const enough = HOST_TYPES.find((type) => type.name.startsWith(`${family}.`) && fits(type, enclave));
  return enough ? `take ${enough.name}, in whole cores` : 'make the enclave smaller, or take a family with more memory';
}

function isWhole({ cpus, memoryMiB }: EnclaveSize, core: number): boolean {
  return cpus >= core && cpus % core === 0 && memoryMiB >= LEAST_MEMORY_MIB && Number.isInteger(memoryMiB);
}

function fits(type: HostType, { cpus, memoryMiB }: EnclaveSize): boolean {
  return cpus <= type.virtualCpus - coreOf(type) && memoryMiB <= type.memoryMiB - PARENT_MEMORY_MIB;
}

/** vCPUs of a core: two threads with Intel and AMD. */
function coreOf({ architecture }: HostType): number {
  return architecture === 'arm64' ? 1 : 2;
}

function families(names: string[], gibPerCpu: number, architecture: HostType['architecture']) {
  return Object.fromEntries(names.map((name) => [name, { gibPerCpu, architecture }]));
}
