import { type Command, choice, EXIT, group, parse, UsageError } from './command';

const measure: Command = {
  usage: `palisade eif measure FILE [--json]

  Reads an enclave image file, checks its layout, checksum and signature, and prints what the hypervisor will attest:
  PCR0, PCR1, PCR2, and PCR8 where it is signed. Exit code 0, or 1 with a code where the image is not in order.`,
  badInput: EXIT.findings,
  run: async (args) => {
    const { file, json } = oneFile(args);
    const { readEif } = await import('../../enclave/image/index.js');
    const { measurements } = readEif(file);
    console.log(json ? measurementsJson(measurements) : measurementsText(measurements));
    return EXIT.clean;
  },
};

const describe: Command = {
  usage: `palisade eif describe FILE [--json]

  Prints sections, command line, metadata, signer and measurements of an enclave image file. Metadata is what the builder
  claims: it is not measured.`,
  badInput: EXIT.findings,
  run: async (args) => {
    const { file, json } = oneFile(args);
    const { readEif } = await import('../../enclave/image/index.js');
    const { sections, cmdline, metadata, signer, measurements, ...header } = readEif(file);
    const all = { ...header, sections, cmdline, metadata, signer, measurements };
    const lines = [
      `version     ${header.version}, ${header.architecture}`,
      `asks for    ${header.defaultCpus} CPUs, ${header.defaultMemory} bytes`,
      ...sections.map(({ kind, offset, size }) => `${kind.padEnd(12)}${size} bytes at ${offset}`),
      `cmdline     ${cmdline}`,
      `signer      ${signer ? `${signer.subject}, until ${signer.notAfter.toISOString()}` : 'none'}`,
      `metadata    ${metadata === undefined ? 'none' : `${JSON.stringify(metadata)} (not measured)`}`,
      measurementsText(measurements),
    ];
    console.log(json ? JSON.stringify(all, null, 2) : lines.join('\n'));
    return EXIT.clean;
  },
};

const build: Command = {
  usage: `palisade eif build --kernel FILE --cmdline TEXT --ramdisk PATH [--ramdisk PATH ...] --output FILE
                   [--arch x86_64|arm64] [--memory MIB] [--cpus N] [--name NAME] [--version VERSION]
                   [--signing-certificate PEM --private-key PEM] [--json]

  Builds an enclave image file and prints what it measures. The same parts give the same bytes, unless it is signed.
  The first ramdisk holds init; a folder is packed as an initramfs.`,
  badInput: EXIT.findings,
  run: async (args) => {
    const { values } = parse({
      args,
      options: {
        kernel: { type: 'string' },
        cmdline: { type: 'string' },
        ramdisk: { type: 'string', multiple: true, default: [] },
        output: { type: 'string' },
        arch: { type: 'string', default: 'x86_64' },
        memory: { type: 'string', default: '512' },
        cpus: { type: 'string', default: '2' },
        name: { type: 'string' },
        version: { type: 'string' },
        'signing-certificate': { type: 'string' },
        'private-key': { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const { kernel, cmdline, output, ramdisk } = values;
    if (kernel === undefined || cmdline === undefined || output === undefined || ramdisk.length === 0) {
      throw new UsageError('expected --kernel, --cmdline, --ramdisk and --output');
    }
    const { buildEif } = await import('../../enclave/image/index.js');
    const measurements = buildEif(
      {
        kernel,
        cmdline,
        ramdisks: ramdisk,
        architecture: choice('arch', values.arch, ['x86_64', 'arm64'] as const),
        defaultMemory: wholeNumber('memory', values.memory) * 1024 * 1024,
        defaultCpus: wholeNumber('cpus', values.cpus),
        name: values.name,
        version: values.version,
        signer: await signer(values['signing-certificate'], values['private-key']),
      },
      output,
    );
    console.log(values.json ? measurementsJson(measurements) : measurementsText(measurements));
    return EXIT.clean;
  },
};

/** Builds, measures and describes enclave image files. */
export const eif: Command = group('eif', { measure, build, describe });

type Measurements = import('../../enclave/image').ImageMeasurements;

function oneFile(args: string[]): { file: string; json: boolean } {
  const { values, positionals } = parse({
    args,
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  });
  if (positionals.length !== 1) {
    throw new UsageError('expected one FILE');
  }
  return { file: positionals[0], json: values.json };
}

async function signer(certificate: string | undefined, key: string | undefined) {
  if (certificate === undefined && key === undefined) {
    return undefined;
  }
  if (certificate === undefined || key === undefined) {
    throw new UsageError('--signing-certificate and --private-key go together');
  }
  const { readFileSync } = await import('node:fs');
  try {
    return { certificatePem: readFileSync(certificate, 'utf8'), keyPem: readFileSync(key, 'utf8') };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function wholeNumber(option: string, value: string): number {
  if (!/^[1-9]\d{0,6}$/.test(value)) {
    throw new UsageError(`--${option} is '${value}', expected a whole number`);
  }
  return Number(value);
}

/** As nitro-cli names them. */
function measurementsJson(measurements: Measurements): string {
  return JSON.stringify({ HashAlgorithm: 'Sha384 { ... }', ...measurements }, null, 2);
}

function measurementsText(measurements: Measurements): string {
  return Object.entries(measurements)
    .map(([register, value]) => `${register.padEnd(12)}${value}`)
    .join('\n');
}
