import { Cusum } from '../charts/cusum';
import { Regime } from '../charts/regime';
import { stabilityTest } from '../comparison/stability-index';
import { decileEdges, FEWEST, histogramOf, meanOf } from '../histogram';
import { type ColumnState, KEPT_POINTS } from './state';

/** How columns are charted. */
export interface ColumnDesign {
  /** Windows of the baseline. */
  readonly windows: number;
  /** Fewest rows of a window that is judged. */
  readonly rows: number;
  /** Decision interval of the CUSUM, in sigmas of the windows. */
  readonly h: number;
}

/** Allowance of the CUSUM: it finds shifts of one sigma of the windows soonest. */
export const K = 0.5;
/** Sigmas that one window may count for: a burst is no drift, and two on one side are. */
const REACH = 3.5;
/**
 * Share of the deviation of rows below which no deviation of windows counts: with many rows in a window the smallest difference is
 * significant, and none that small matters.
 */
const NEGLIGIBLE = 0.05;
/** Where rows never vary, this share of their value. */
const NEGLIGIBLE_SHARE = 1e-3;
/** Probability at which an index is called significant; it is shown, and alarms nobody. */
const ALPHA = 0.001;

/** What one window did to a column. */
export interface ColumnStep {
  readonly state: ColumnState;
  /** Whether the window was judged: it has enough numbers, and there is a baseline. */
  readonly judged: boolean;
  /** The statistic as a share of its limit. */
  readonly ratio?: number;
  /** Population stability index, where it is significant for so many rows. */
  readonly psi?: number;
  readonly alarm?: { readonly direction: string; readonly windows: number };
}

/** Takes one window of a column, whose numbers are given. The state stays as large as it was. */
export function stepColumn(
  state: ColumnState,
  at: string,
  numbers: readonly number[],
  design: ColumnDesign,
): ColumnStep {
  if (numbers.length < Math.max(design.rows, FEWEST)) {
    return { state, judged: false };
  }
  const mean = meanOf(numbers);
  return state.baseline
    ? judge({ ...state, baseline: state.baseline }, at, numbers, mean, design)
    : { state: learn(state, at, numbers, mean, design), judged: false };
}

/** Phase I. The first window draws the bins, and each fills them. */
function learn(
  state: ColumnState,
  at: string,
  numbers: readonly number[],
  mean: number,
  design: ColumnDesign,
): ColumnState {
  const learning = [...state.learning, mean];
  const deviation = Math.sqrt(numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / numbers.length);
  const within = state.within + (deviation - state.within) / learning.length;
  const edges = state.bins?.edges ?? decileEdges(numbers);
  const { counts } = histogramOf(numbers, edges);
  const bins = { edges: [...edges], counts: counts.map((count, bin) => count + (state.bins?.counts[bin] ?? 0)) };
  const points = kept(state, { at, rows: numbers.length, mean });
  const learned = { ...state, learning, within, bins, points };
  return learning.length < design.windows ? learned : drawn(learned);
}

/** Limits from the windows of the baseline, whose autocorrelation is that of the hours of a day. */
function drawn(state: ColumnState): ColumnState {
  const { mean, sigma, inflation } = new Regime(state.learning);
  const floor = state.within > 0 ? NEGLIGIBLE * state.within : NEGLIGIBLE_SHARE * Math.max(1, Math.abs(mean));
  return {
    ...state,
    learning: [],
    baseline: { mean, sigma: Math.max(sigma * inflation, floor), windows: state.learning.length },
  };
}

/** Phase II. */
function judge(
  state: ColumnState & { baseline: NonNullable<ColumnState['baseline']> },
  at: string,
  numbers: readonly number[],
  mean: number,
  design: ColumnDesign,
): ColumnStep {
  const { baseline, bins } = state;
  const chart = new Cusum({ k: K, h: design.h }, state.cusum);
  const z = (mean - baseline.mean) / baseline.sigma;
  const signal = chart.next(Math.min(Math.max(z, -REACH), REACH));
  const ratio = (chart.upper >= chart.lower ? chart.upper : -chart.lower) / design.h;
  if (signal) {
    chart.reset();
  }
  const stability = bins && stabilityTest(bins.counts, histogramOf(numbers, bins.edges).counts, ALPHA);
  const psi = stability && stability.p < ALPHA ? stability.psi : 0;
  const point = { at, rows: numbers.length, mean, ratio, psi, ...(signal && { alarm: true }) };
  return {
    state: { ...state, cusum: chart.state, points: kept(state, point) },
    judged: true,
    ratio,
    psi,
    alarm: signal && { direction: signal.direction, windows: signal.since + 1 },
  };
}

function kept({ points }: ColumnState, point: ColumnState['points'][number]): ColumnState['points'] {
  return [...points, point].slice(-KEPT_POINTS);
}
