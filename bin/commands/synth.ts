import { type Command, EXIT, parse } from './command';

/** Builds the platform, checks it, and writes the assembly and its evidence. */
export const synth: Command = {
  usage: `palisade synth [--manifests DIR] [--stage NAME] [--as-of YYYY-MM-DD] [--output DIR] [--context KEY=VALUE ...]

  Builds the platform from its manifests, checks it, and writes the assembly and its evidence.
  Exit codes: 0 no open errors, 1 open errors or bad manifests, 2 wrong usage.`,
  badInput: EXIT.findings,
  run: async (args) => {
    const { values } = parse({
      args,
      options: {
        manifests: { type: 'string', default: 'manifests' },
        stage: { type: 'string' },
        'as-of': { type: 'string' },
        output: { type: 'string', default: 'cdk.out' },
        context: { type: 'string', multiple: true, default: [] },
      },
    });
    // Loaded here, not at the top: aws-cdk-lib costs half a second that the other commands need not pay.
    const { synthesizePlatform } = await import('../../lib/platform/index.js');
    const { screen } = await import('../../lib/evidence/index.js');
    const started = Date.now();
    const summary = synthesizePlatform({
      manifestFolder: values.manifests,
      stage: values.stage,
      asOf: values['as-of'],
      outdir: values.output,
      context: Object.fromEntries(values.context.map((pair) => pair.split(/=(.*)/s).slice(0, 2))),
      progress: (phase) => console.error(`${secondsSince(started)} s  ${phase}`),
    });
    console.error(`${secondsSince(started)} s  Done`);
    console.log(`\n${screen(summary, values.output)}`);
    return summary.errors === 0 ? EXIT.clean : EXIT.findings;
  },
};

function secondsSince(started: number): string {
  return ((Date.now() - started) / 1000).toFixed(1).padStart(5);
}
