import { Cusum } from '../charts/cusum';
import { Ewma } from '../charts/ewma';
import { knownReference, type Reference, Regime } from '../charts/regime';
import { Shewhart } from '../charts/shewhart';
import type { ControlChart } from '../charts/signal';
import { cusumLimitFor, ewmaLimitFor, shewhartLimitFor } from '../run-length/estimated';
import { type Alarm, ARL0, BASELINE, type DetectionOptions, type Detector } from './options';

/**
 * Sigmas that one value may count for where limits are estimated: an outlier is no change, and two of them on one side are. The
 * chart of single values counts each for what it is.
 */
const REACH = 3.5;
/** Rows that a baseline after an alarm is made of: soon again on watch, since limits take account of how few they are. */
const RELEARN = 20;
/** Rows that the start of a change is found in; one that began before is said to begin there. */
const MOST_PLACES = 1000;

/** Watches a series with a CUSUM, an EWMA or a Shewhart chart. */
export class SequentialDetector implements Detector {
  private readonly fixed: boolean;
  /** The chart of single values gains little from more rows, and would follow a change that it missed at first. */
  private readonly grows: boolean;
  private reference?: Reference;
  private chart?: ControlChart;
  /** Values of a baseline in the making. */
  private learning: number[] = [];
  private needed: number;
  /** The newest values: what the next baseline begins with. */
  private readonly recent: number[] = [];
  /** Where the newest values are: what is missing has a row too. */
  private readonly places: number[] = [];
  private index = -1;

  constructor(private readonly options: DetectionOptions) {
    const { given, fixed = given !== undefined, baseline = BASELINE, chart } = options;
    this.fixed = fixed;
    this.grows = !fixed && chart !== 'shewhart';
    this.needed = baseline;
    if (given && 'sigma' in given) {
      this.watch(knownReference(given.mean, given.sigma));
    } else if (given) {
      this.watch(new Regime(given));
    }
  }

  get ready(): boolean {
    return this.chart !== undefined;
  }

  next(value: number): Alarm | undefined {
    this.index += 1;
    if (Number.isNaN(value)) {
      return undefined;
    }
    keep(this.recent, value, RELEARN);
    keep(this.places, this.index, MOST_PLACES);
    return this.reference && this.chart ? this.judge(value, this.reference, this.chart) : this.learn(value);
  }

  private judge(value: number, reference: Reference, chart: ControlChart): Alarm | undefined {
    const { index } = this;
    const signal = chart.next(this.standardised(value, reference));
    if (!signal) {
      if (this.grows && reference instanceof Regime) {
        reference.add(value, REACH);
      }
      return undefined;
    }
    const { mean, sigma } = reference;
    const { statistic, limit, direction, since, rule } = signal;
    if (since > 0 || this.options.chart !== 'shewhart') {
      this.afterChange(chart, since + 1);
    }
    return {
      index,
      statistic,
      limit,
      direction,
      since: this.places.at(-1 - since) ?? this.places[0],
      value,
      mean,
      sigma,
      ...(rule && { rule }),
    };
  }

  private standardised(value: number, reference: Reference): number {
    const { fixed, options } = this;
    const z = fixed ? (value - reference.mean) / reference.sigma : reference.standardise(value);
    if (options.chart === 'shewhart') {
      return z;
    }
    const scaled = z / reference.inflation;
    return Number.isFinite(reference.rows) ? Math.min(Math.max(scaled, -REACH), REACH) : scaled;
  }

  /**
   * Fixed limits go on as after a corrected process; others learn from where the change began. A single point beyond the limits of
   * a Shewhart chart is no change yet: an outlier is not followed by another.
   */
  private afterChange(chart: ControlChart, rows: number): void {
    chart.reset();
    if (!this.fixed) {
      this.reference = undefined;
      this.needed = RELEARN;
      this.learning = this.recent.slice(-rows);
      this.watchIfLearned();
    }
  }

  private learn(value: number): undefined {
    this.learning.push(value);
    this.watchIfLearned();
  }

  /** No limits can be drawn from values that are all the same, so learning goes on until they differ. */
  private watchIfLearned(): void {
    if (this.learning.length >= this.needed) {
      const regime = new Regime(this.learning);
      if (regime.sigma > 0) {
        this.watch(regime);
        this.learning = [];
      } else {
        this.learning.shift();
      }
    }
  }

  private watch(reference: Reference): void {
    this.reference = reference;
    this.chart ??= this.draw(this.fixed ? reference.rows : Number.POSITIVE_INFINITY);
  }

  /** @param rows that limits which stay are estimated from; a self-starting chart takes account of them itself */
  private draw(rows: number): ControlChart {
    const { chart, arl0 = ARL0, k = 0.5, lambda = 0.2, h, l, rules = false } = this.options;
    if (chart === 'cusum') {
      return new Cusum({ k, h: h ?? cusumLimitFor(arl0, k, rows) });
    }
    if (chart === 'ewma') {
      return new Ewma({ lambda, l: l ?? ewmaLimitFor(arl0, lambda, rows) });
    }
    return new Shewhart(l ?? (rules ? 3 : shewhartLimitFor(arl0, rows)), rules);
  }
}

/** Adds a value, and drops the oldest beyond `most`. */
function keep(values: number[], value: number, most: number): void {
  values.push(value);
  if (values.length > most) {
    values.shift();
  }
}
