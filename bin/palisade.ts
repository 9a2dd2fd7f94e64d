#!/usr/bin/env node
import { optimizeLate } from '../lib/check/late-optimization';
import { packageVersion } from '../lib/check/package-version';
import { PalisadeError } from '../runtime/errors';
import { type Command, EXIT, UsageError } from './commands/command';

interface Listed {
  readonly about: string;
  readonly load: () => Promise<Command>;
}

/** Loaded when it is asked for: a short command would spend most of its time on the parts of the others. */
const COMMANDS: Readonly<Record<string, Listed>> = {
  synth: {
    about: 'build the platform from its manifests, check it, and write assembly and evidence',
    load: async () => (await import('./commands/synth.js')).synth,
  },
  check: {
    about: 'judge CloudFormation templates by the ISO/IEC 42001 rules',
    load: async () => (await import('./commands/check.js')).check,
  },
  diff: {
    about: 'say what a change of templates protects less',
    load: async () => (await import('./commands/diff.js')).diff,
  },
  rules: { about: 'list the rules', load: async () => (await import('./commands/rules.js')).rules },
  screen: {
    about: 'screen texts for prompt injection and jailbreaks',
    load: async () => (await import('./commands/screen.js')).screen,
  },
  redact: {
    about: 'mask personal data and secrets in texts',
    load: async () => (await import('./commands/redact.js')).redact,
  },
  scan: {
    about: 'judge whether model files may be loaded',
    load: async () => (await import('./commands/scan.js')).scan,
  },
  seal: { about: 'sign a folder, file by file', load: async () => (await import('./commands/seal.js')).seal },
  verify: {
    about: 'verify a folder against its signature',
    load: async () => (await import('./commands/verify.js')).verify,
  },
  drift: {
    about: 'find where the values of a table changed',
    load: async () => (await import('./commands/drift.js')).drift,
  },
  ledger: {
    about: 'verify a copy of a governance ledger, or prove an entry',
    load: async () => (await import('./commands/ledger.js')).ledger,
  },
  record: {
    about: "show a gateway's record, or digest an hour of them",
    load: async () => (await import('./commands/record.js')).record,
  },
  attest: {
    about: 'verify attestation documents of enclaves, and receipts of their answers',
    load: async () => (await import('./commands/attest.js')).attest,
  },
  eif: {
    about: 'measure, build or describe enclave images',
    load: async () => (await import('./commands/eif.js')).eif,
  },
  enclave: {
    about: 'seal a model for enclaves, or examine a host of theirs',
    load: async () => (await import('./commands/enclave.js')).enclave,
  },
};

const USAGE = [
  'palisade COMMAND [ARGUMENT ...]',
  '',
  ...Object.entries(COMMANDS).map(([name, { about }]) => `  ${name.padEnd(8)}${about}`),
  '',
  'palisade COMMAND --help says more, palisade --version which one this is.',
].join('\n');

async function main([name, ...args]: string[]): Promise<number> {
  if (name === '--help' || name === '--version') {
    console.log(name === '--help' ? USAGE : packageVersion());
    return EXIT.clean;
  }
  if (name === undefined || !Object.hasOwn(COMMANDS, name)) {
    console.error(name === undefined ? USAGE : `no command is called '${name}'\n\n${USAGE}`);
    return EXIT.usage;
  }
  return runCommand(await COMMANDS[name].load(), args);
}

async function runCommand(command: Command, args: string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(command.usage);
    return EXIT.clean;
  }
  try {
    return await command.run(args);
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${error.message}\n\n${command.usage}`);
      return EXIT.usage;
    }
    if (error instanceof PalisadeError) {
      console.error(error.message);
      return command.badInput ?? EXIT.usage;
    }
    throw error;
  }
}

// `palisade redact | head -1`: nobody reads on, so nothing is left to do. Not a success: what was not written was not judged.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      console.error(`the output cannot be written: ${error.message}`);
      process.exit(EXIT.usage);
    }
    process.exit(EXIT.brokenPipe);
  });
}
optimizeLate();
main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    console.error(error.stack);
    process.exitCode = EXIT.usage;
  },
);
