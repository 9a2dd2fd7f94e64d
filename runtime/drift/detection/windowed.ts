import { Regime } from '../charts/regime';
import { countsIn, quantileEdges } from '../comparison/bins';
import { ksClearlyWithin, ksCritical, ksSignificance, largestDistance } from '../comparison/kolmogorov-smirnov';
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

/** What a window is compared with. */
interface Against {
  readonly mean: number;
  readonly sigma: number;
  readonly inflation: number;
  readonly sorted: Float64Array;
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

/** A value, and where it is. */
interface Row {
  readonly index: number;
  readonly value: number;
}

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
  /** The newest rows, of twice a window: where the change is looked for. */
  private recent: Row[] = [];
  private made?: Against;
  private index = -1;
  private everReady = false;

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
    return this.everReady || this.reference.length >= this.needed;
  }

  next(value: number): Alarm | undefined {
    this.index += 1;
    if (Number.isNaN(value)) {
      return undefined;
    }
    this.recent = [...this.recent.slice(1 - 2 * this.size), { index: this.index, value }];
    if (this.reference.length < this.needed) {
      this.reference.push(value);
      this.made = undefined;
      return undefined;
    }
    this.everReady = true;
    this.window.push(value);
    return this.window.length < this.size ? undefined : this.judge(value);
  }

  private judge(value: number): Alarm | undefined {
    const { index, window, reference } = this;
    const { mean, sigma } = this.against();
    const compared = this.compare(this.against());
    if (!compared || compared.p >= this.alpha) {
      this.slide();
      return undefined;
    }
    const { statistic, limit, p } = compared;
    const direction = this.direction(reference, window);
    const changed = this.changed(direction);
    this.window = [];
    if (!this.fixed) {
      this.reference = changed.map((row) => row.value);
      this.made = undefined;
      this.needed = this.size;
    }
    return { index, statistic, limit: limit(), direction, since: changed[0].index, value, mean, sigma, p };
  }

  /**
   * The rows from the change on: where the means before and after differ most (A. N. Pettitt's idea, 1979, with values for ranks).
   * A change of the shape alone shows no such place, and is put at the start of the window.
   */
  private changed(direction: Alarm['direction']): readonly Row[] {
    const { recent, window } = this;
    if (direction === 'shape') {
      return recent.slice(-window.length);
    }
    const mean = recent.reduce((sum, { value }) => sum + value, 0) / recent.length;
    let [sum, furthest, at] = [0, 0, recent.length - window.length];
    for (let cut = 1; cut < recent.length; cut++) {
      sum += recent[cut - 1].value - mean;
      [furthest, at] = Math.abs(sum) > furthest ? [Math.abs(sum), cut] : [furthest, at];
    }
    return recent.slice(at);
  }

  /** The oldest rows of the window make room, and are of the baseline now. */
  private slide(): void {
    const oldest = this.window.splice(0, this.step);
    if (!this.fixed && this.reference.length < MOST_REFERENCE_ROWS) {
      this.reference.push(...oldest);
      this.made = undefined;
    }
  }

  private compare(against: Against): Comparison | undefined {
    const { window, alpha } = this;
    const [n, m, { inflation }] = [against.sorted.length, window.length, against];
    if (this.options.chart === 'ks') {
      const { steps } = largestDistance(against.sorted, Float64Array.from(window).sort());
      if (ksClearlyWithin(steps, n, m, inflation, alpha)) {
        return undefined;
      }
      const p = ksSignificance(steps, n, m, inflation);
      return { statistic: steps / (n * m), p, limit: () => ksCritical(n, m, alpha, inflation) };
    }
    const { psi, threshold, p } = stabilityTest(against.counts, countsIn(window, against.edges), alpha, inflation);
    return { statistic: psi, p, limit: () => threshold };
  }

  /** What is made of the baseline, once for as long as it stays. */
  private against(): Against {
    if (!this.made) {
      const { reference, size } = this;
      const { mean, sigma, inflation } = new Regime(reference);
      const rows = Math.min(reference.length, size);
      const sorted = Float64Array.from(reference).sort();
      const edges = quantileEdges(sorted, Math.max(2, Math.min(MOST_BINS, Math.floor(rows / ROWS_PER_BIN))));
      // Of a mean's variance, by autocorrelation: so many rows tell as much as one that is independent.
      this.made = { mean, sigma, inflation: inflation ** 2, sorted, edges, counts: countsIn(sorted, edges) };
    }
    return this.made;
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
