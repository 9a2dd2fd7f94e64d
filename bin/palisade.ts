#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { PalisadeError } from '../runtime/errors';

const USAGE = `palisade synth [--manifests DIR] [--stage NAME] [--as-of YYYY-MM-DD] [--output DIR] [--context KEY=VALUE ...]

  Builds the platform from its manifests, checks it, and writes the assembly and its evidence.
  Exit codes: 0 no open errors, 1 open errors or bad input, 2 wrong usage.`;

async function main(args: string[]): Promise<number> {
  const [command, ...rest] = args;
  if (command === 'synth') {
    return synth(rest);
  }
  console.error(USAGE);
  return command === '--help' ? 0 : 2;
}

async function synth(args: string[]): Promise<number> {
  const options = synthOptions(args);
  if (!options) {
    console.error(USAGE);
    return 2;
  }
  // Loaded here, not at the top: aws-cdk-lib costs half a second that `--help` need not pay.
  const { synthesizePlatform } = await import('../lib/platform/index.js');
  const { screen } = await import('../lib/evidence/index.js');
  const started = Date.now();
  const progress = (phase: string) =>
    console.error(`${((Date.now() - started) / 1000).toFixed(1).padStart(5)} s  ${phase}`);
  const summary = synthesizePlatform({ ...options, progress });
  progress('Done');
  console.log(`\n${screen(summary, options.outdir)}`);
  return summary.errors === 0 ? 0 : 1;
}

function synthOptions(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        manifests: { type: 'string', default: 'manifests' },
        stage: { type: 'string' },
        'as-of': { type: 'string' },
        output: { type: 'string', default: 'cdk.out' },
        context: { type: 'string', multiple: true, default: [] },
      },
    });
    return {
      manifestFolder: values.manifests,
      stage: values.stage,
      asOf: values['as-of'],
      outdir: values.output,
      context: Object.fromEntries(values.context.map((pair) => pair.split(/=(.*)/s).slice(0, 2))),
    };
  } catch {
    return undefined;
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    console.error(error instanceof PalisadeError ? error.message : error.stack);
    process.exitCode = 1;
  },
);
