#!/usr/bin/env node
import { optimizeLate } from '../lib/check/late-optimization';
import { PalisadeError } from '../runtime/errors';
import { attest } from './commands/attest';
import { check } from './commands/check';
import { type Command, EXIT, UsageError } from './commands/command';
import { diff } from './commands/diff';
import { drift } from './commands/drift';
import { eif } from './commands/eif';
import { enclave } from './commands/enclave';
import { ledger } from './commands/ledger';
import { record } from './commands/record';
import { redact } from './commands/redact';
import { rules } from './commands/rules';
import { scan } from './commands/scan';
import { screen } from './commands/screen';
import { seal } from './commands/seal';
import { synth } from './commands/synth';
import { verify } from './commands/verify';

const COMMANDS: Readonly<Record<string, Command>> = {
  attest,
  check,
  diff,
  drift,
  eif,
  enclave,
  ledger,
  record,
  redact,
  rules,
  scan,
  screen,
  seal,
  synth,
  verify,
};

async function main([name = '', ...args]: string[]): Promise<number> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    const help = name === '--help';
    (help ? console.log : console.error)(
      Object.values(COMMANDS)
        .map(({ usage }) => usage)
        .join('\n\n'),
    );
    return help ? EXIT.clean : EXIT.usage;
  }
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
      throw error;
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
