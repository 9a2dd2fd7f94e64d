import * as fs from 'node:fs';
import { SEQUENTIAL, WINDOWED, watchTable } from '../../runtime/drift/detection';
import { type Command, choice, EXIT, parse, UsageError } from './command';

/** Watches the columns of a table with control charts. */
export const drift: Command = {
  usage: `palisade drift FILE.csv --chart cusum|ewma|shewhart|psi|ks [--column NAME ...] [--arl0 N]
               [--baseline N | --baseline-file FILE | --target X --sigma X] [--fixed]
               [--k X] [--h X] [--lambda X] [--l X] [--rules] [--window N]

  Finds where the values of a column changed. Prints one JSON object a line for each alarm: index (of the row, from 0),
  column, chart, statistic, limit, direction, since (the row at which the change began, as far as it shows), value, mean and
  sigma (of the baseline), and rule or p where the chart has them. FILE is comma-separated, with or without a header; - is
  standard input. A missing value is not judged.

  Limits come from the first 50 rows (--baseline; a third of a shorter file). While nothing changes the baseline grows, and
  after an alarm it begins anew where the change began; with --fixed, a baseline file, or --target and --sigma, limits stay.
  They are set so that --arl0 rows (1000) lie between two false alarms, on average, or given: cusum by --k (0.5) and --h, ewma
  by --lambda (0.2) and --l, shewhart by --l, and by --rules with the Western Electric rules. psi and ks compare a window
  (--window, 25 rows) with the baseline. docs/drift.md says how, and what it finds.
  Exit code 0: no alarm. 1: alarms. 2: wrong usage, or no such table.`,
  run: async (args) => {
    const { values, positionals } = parse({
      args,
      allowPositionals: true,
      options: {
        chart: { type: 'string' },
        column: { type: 'string', multiple: true },
        baseline: { type: 'string' },
        'baseline-file': { type: 'string' },
        target: { type: 'string' },
        sigma: { type: 'string' },
        fixed: { type: 'boolean' },
        arl0: { type: 'string' },
        k: { type: 'string' },
        h: { type: 'string' },
        lambda: { type: 'string' },
        l: { type: 'string' },
        rules: { type: 'boolean' },
        window: { type: 'string' },
      },
    });
    if (positionals.length !== 1 || values.chart === undefined) {
      throw new UsageError('expected one FILE and --chart');
    }
    const chart = choice('chart', values.chart, [...SEQUENTIAL, ...WINDOWED]);
    requireTogether(chart, values);
    const number = (name: keyof typeof values) => numberOption(name, values[name] as string | undefined);
    const [mean, sigma] = [number('target'), number('sigma')];
    const options = {
      chart,
      columns: values.column,
      baseline: number('baseline'),
      reference: values['baseline-file'] === undefined ? undefined : textOf(values['baseline-file']),
      given: mean === undefined || sigma === undefined ? undefined : { mean, sigma },
      fixed: values.fixed,
      arl0: number('arl0'),
      k: number('k'),
      h: number('h'),
      lambda: number('lambda'),
      l: number('l'),
      rules: values.rules,
      window: number('window'),
    };
    let alarms = 0;
    for await (const alarm of watchTable(textOf(positionals[0]), options, positionals[0])) {
      alarms += 1;
      console.log(JSON.stringify(alarm));
    }
    return alarms > 0 ? EXIT.findings : EXIT.clean;
  },
};

/** Options that only some charts have, so that one with a slip of the pen is not ignored. */
const ONLY_FOR: Readonly<Record<string, readonly string[]>> = {
  k: ['cusum'],
  h: ['cusum'],
  lambda: ['ewma'],
  l: ['ewma', 'shewhart'],
  rules: ['shewhart'],
  target: ['cusum', 'ewma', 'shewhart'],
  sigma: ['cusum', 'ewma', 'shewhart'],
  window: ['psi', 'ks'],
};

function requireTogether(chart: string, values: Readonly<Record<string, unknown>>): void {
  for (const [option, charts] of Object.entries(ONLY_FOR)) {
    if (values[option] !== undefined && !charts.includes(chart)) {
      throw new UsageError(`--${option} is for ${charts.join(' and ')}, not for ${chart}`);
    }
  }
  if ((values.target === undefined) !== (values.sigma === undefined)) {
    throw new UsageError('--target and --sigma go together');
  }
  const baselines = ['baseline', 'baseline-file', 'target'].filter((option) => values[option] !== undefined);
  if (baselines.length > 1) {
    throw new UsageError(`one baseline, not ${baselines.map((option) => `--${option}`).join(' and ')}`);
  }
}

function numberOption(option: string, value: string | undefined): number | undefined {
  const number = value === undefined || value.trim() === '' ? Number.NaN : Number(value);
  if (value !== undefined && !Number.isFinite(number)) {
    throw new UsageError(`--${option} is '${value}', expected a number`);
  }
  return value === undefined ? undefined : number;
}

/** The text of a file, piece by piece. Throws UsageError for one that cannot be read. */
async function* textOf(file: string): AsyncGenerator<string> {
  const stream = file === '-' ? process.stdin : fs.createReadStream(file);
  try {
    for await (const piece of stream.setEncoding('utf8')) {
      yield piece as string;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== undefined) {
      throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
    }
    throw error;
  }
}
