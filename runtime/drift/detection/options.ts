import { PalisadeError } from '../../errors';

/** Charts that judge each row by itself and what came before. */
export const SEQUENTIAL = ['cusum', 'ewma', 'shewhart'] as const;
/** Tests that compare a window of rows with the baseline. */
export const WINDOWED = ['psi', 'ks'] as const;

/** Charts and tests by name. */
export type ChartKind = (typeof SEQUENTIAL)[number] | (typeof WINDOWED)[number];

/** How a series is watched. */
export interface DetectionOptions {
  readonly chart: ChartKind;
  /** Rows that the first baseline is made of. @default 50 */
  readonly baseline?: number;
  /** Rows between two false alarms, on average, while nothing changes. @default 1000 */
  readonly arl0?: number;
  /** CUSUM: allowance in sigma, half of the shift that is to be found soonest. @default 0.5 */
  readonly k?: number;
  /** CUSUM: decision interval in sigma. @default - what gives `arl0` */
  readonly h?: number;
  /** EWMA: weight of the newest value. @default 0.2 */
  readonly lambda?: number;
  /** EWMA, Shewhart: limit in sigmas of what is plotted. @default - what gives `arl0` */
  readonly l?: number;
  /** Shewhart: the Western Electric rules too; the limit is then 3 unless given. @default false */
  readonly rules?: boolean;
  /** PSI, KS: rows that are compared with the baseline. @default 25 */
  readonly window?: number;
  /**
   * Mean and sigma, where they are known, or the values of a baseline of its own: then limits stay as they are. A series
   * without either starts with a baseline that grows while nothing changes, and begins anew after each alarm.
   */
  readonly given?: { readonly mean: number; readonly sigma: number } | readonly number[];
  /** Whether limits stay as the first baseline drew them. @default - with `given` */
  readonly fixed?: boolean;
}

/** What is found out of control. */
export interface Alarm {
  /** Of the value, from 0. */
  readonly index: number;
  /** What was plotted. */
  readonly statistic: number;
  /** What it crossed. */
  readonly limit: number;
  readonly direction: 'up' | 'down' | 'shape';
  /** Index at which the change began, as far as the chart can tell. */
  readonly since: number;
  /** The value itself; for a window, its last. */
  readonly value: number;
  /** Of the baseline. */
  readonly mean: number;
  /** Of the baseline: its standard deviation. */
  readonly sigma: number;
  /** Western Electric rule that was broken. */
  readonly rule?: number;
  /** PSI, KS: probability of this statistic or more where nothing changed. */
  readonly p?: number;
}

/** Watches one series, in constant memory. */
export interface Detector {
  /** Whether there was ever a baseline: before, nothing is judged. */
  readonly ready: boolean;
  /** Takes the next value; NaN is one that is missing, and not judged. */
  next(value: number): Alarm | undefined;
}

/** Rows of the first baseline. */
export const BASELINE = 50;
/** Fewest rows that limits are drawn from. */
export const FEWEST_ROWS = 8;
/** Most, because they are held in memory. */
export const MOST_ROWS = 100_000;
/** Rows between two false alarms. */
export const ARL0 = 1000;
/** Rows that are compared with the baseline. */
export const WINDOW = 25;

/** Each option's range. */
const RANGES: Readonly<Record<string, readonly [low: number, high: number, whole?: boolean]>> = {
  baseline: [FEWEST_ROWS, MOST_ROWS, true],
  arl0: [10, 1e7],
  k: [0.05, 5],
  h: [0.1, 1000],
  lambda: [0.01, 1],
  l: [0.1, 100],
  window: [FEWEST_ROWS, 10_000, true],
};

/** Holds that options are such as charts can be drawn with. Throws PALISADE-F001. */
export function requireOptions(options: DetectionOptions): void {
  for (const [name, [low, high, whole]] of Object.entries(RANGES)) {
    const value = options[name as keyof DetectionOptions] as number | undefined;
    if (value !== undefined && !(value >= low && value <= high && (!whole || Number.isInteger(value)))) {
      throw refused(name, `${value} is no ${whole ? 'whole ' : ''}number from ${low} to ${high}`);
    }
  }
  const { given } = options;
  if (given && 'sigma' in given && !(given.sigma > 0 && Number.isFinite(given.mean) && Number.isFinite(given.sigma))) {
    throw refused('sigma', `mean ${given.mean} and sigma ${given.sigma} are no parameters of a process`);
  }
  if (given && !('sigma' in given) && (given.length < FEWEST_ROWS || given.every((value) => value === given[0]))) {
    throw refused('baseline', `${given.length} values, of which limits are drawn from ${FEWEST_ROWS} that differ`);
  }
}

function refused(where: string, problem: string): PalisadeError {
  return new PalisadeError({
    code: 'PALISADE-F001',
    where,
    problem,
    fix: 'see docs/drift.md for what each chart takes',
  });
}
