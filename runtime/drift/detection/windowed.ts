import { Regime } from '../charts/regime';
import { countsIn, quantileEdges } from '../comparison/bins';
import { ksCritical, ksSignificance } from '../comparison/kolmogorov-smirnov';
import { mannWhitney } from '../comparison/ranks';
import { stabilityTest } from '../comparison/stability-index';
import { type Alarm, ARL0, BASELINE, type DetectionOptions, type Detector, WINDOW } from './options';

/** Comparisons in the time of one window: the windows overlap. */
const STEPS = 5;
/** A baseline that grows ends here: more rows make a test no sharper, since the window stays as it is. */
const MOST_REFERENCE_ROWS = 1000;
/** Rows in a bin from which on a stability index is distributed as its threshold supposes. */
const ROWS_PER_BIN = 5;
const MOST_BINS = 10;
/** However short the wanted run: no window alarms more often. */
const LARGEST_ALPHA = 0.05;

/** What a test of a window against its reference says. */
interface Comparison {
  readonly statistic: number;
  readonly p: number;
  /** What the statistic would have to reach. */
  readonly limit: () => number;
}

/** Watches a series by comparing a sliding window with the baseline. */
export class WindowedDetector implements Detector {
  private readonly fixed: boolean;
  private readonly size: number;
  private readonly step: number;
  private readonly alpha: number;
  private reference: number[] = [];
  private needed: number;
  private window: number[] = [];
  private index = -1;

  constructor(private readonly options: DetectionOptions) {
    const { given, fixed = given !== undefined, baseline = BASELINE, window = WINDOW, arl0 = ARL0 } = options;
    this.fixed = fixed;
    this.size = window;
    this.step = Math.max(1, Math.round(window / STEPS));
    this.alpha = Math.min(LARGEST_ALPHA, this.step / arl0);
    this.needed = baseline;
    if (given && !('sigma' in given)) {
      this.reference = thinned(given, MOST_REFERENCE_ROWS);
      this.needed = this.reference.length;
    }
  }

  get ready(): boolean {
    return this.reference.length >= this.needed;
  }

  next(value: number): Alarm | undefined {
    this.index += 1;
    if (Number.isNaN(value)) {
      return undefined;
    }
    if (!this.ready) {
      this.reference.push(value);
      return undefined;
    }
    this.window.push(value);
    return this.window.length < this.size ? undefined : this.judge(value);
  }

  private judge(value: number): Alarm | undefined {
    const { index, size, window, reference } = this;
    const { mean, sigma, inflation } = new Regime(reference);
    const compared = this.compare(inflation ** 2);
    if (compared.p >= this.alpha) {
      this.slide();
      return undefined;
    }
    this.window = [];
    if (!this.fixed) {
      this.reference = window;
      this.needed = size;
    }
    const { statistic, limit, p } = compared;
    const direction = this.direction(reference, window);
    return { index, statistic, limit: limit(), direction, since: index - size + 1, value, mean, sigma, p };
  }

  /** The oldest rows of the window make room, and are of the baseline now. */
  private slide(): void {
    const oldest = this.window.splice(0, this.step);
    if (!this.fixed && this.reference.length < MOST_REFERENCE_ROWS) {
      this.reference.push(...oldest);
    }
  }

  /** @param inflation of a mean's variance by autocorrelation: so many rows tell as much as one that is independent */
  private compare(inflation: number): Comparison {
    const { reference, window, alpha } = this;
    if (this.options.chart === 'ks') {
      const { d, p } = ksSignificance(reference, window, inflation);
      return { statistic: d, p, limit: () => ksCritical(reference.length, window.length, alpha, inflation) };
    }
    const rows = Math.min(reference.length, window.length);
    const edges = quantileEdges(reference, Math.max(2, Math.min(MOST_BINS, Math.floor(rows / ROWS_PER_BIN))));
    const counts = [reference, window].map((sample) => countsIn(sample, edges));
    const { psi, threshold, p } = stabilityTest(counts[0], counts[1], alpha, inflation);
    return { statistic: psi, p, limit: () => threshold };
  }

  /** Whether values became larger or smaller; if neither is significant, it is the shape that changed. */
  private direction(before: readonly number[], after: readonly number[]): Alarm['direction'] {
    const { u, p } = mannWhitney(after, before);
    if (p >= this.alpha) {
      return 'shape';
    }
    return 2 * u > before.length * after.length ? 'up' : 'down';
  }
}

/** Evenly spaced values of a long baseline: as many as a growing one would hold. */
function thinned(values: readonly number[], most: number): number[] {
  const every = Math.max(1, values.length / most);
  return Array.from({ length: Math.min(most, values.length) }, (_, index) => values[Math.floor(index * every)]);
}
