import type { CusumDesign } from '../run-length/cusum';
import type { ControlChart, Signal } from './signal';

/** Sums of both sides, and since how many points each is above zero. */
export interface CusumState {
  readonly upper: number;
  readonly lower: number;
  readonly upperRun: number;
  readonly lowerRun: number;
}

const AT_ZERO: CusumState = { upper: 0, lower: 0, upperRun: 0, lowerRun: 0 };

/**
 * The tabular two-sided CUSUM (E. S. Page, 1954): each side sums up what exceeds the allowance `k`, never falls below zero, and
 * signals above `h`. Where it last was zero is where the change began.
 */
export class Cusum implements ControlChart {
  /** Sum of the upper side. */
  upper: number;
  /** Sum of the lower side, as a positive number. */
  lower: number;
  private upperRun: number;
  private lowerRun: number;

  /**
   * @param design `k` and `h` in the unit of what is plotted
   * @param state where an earlier chart was left. @default - at zero
   */
  constructor(
    private readonly design: CusumDesign,
    state: CusumState = AT_ZERO,
  ) {
    [this.upper, this.lower] = [state.upper, state.lower];
    [this.upperRun, this.lowerRun] = [state.upperRun, state.lowerRun];
  }

  /** What a later chart goes on from. */
  get state(): CusumState {
    const { upper, lower, upperRun, lowerRun } = this;
    return { upper, lower, upperRun, lowerRun };
  }

  next(z: number): Signal | undefined {
    const { k, h } = this.design;
    this.upper = Math.max(0, this.upper + z - k);
    this.lower = Math.max(0, this.lower - z - k);
    this.upperRun = this.upper > 0 ? this.upperRun + 1 : 0;
    this.lowerRun = this.lower > 0 ? this.lowerRun + 1 : 0;
    const up = this.upper >= this.lower;
    const statistic = Math.max(this.upper, this.lower);
    return statistic > h
      ? { statistic, limit: h, direction: up ? 'up' : 'down', since: (up ? this.upperRun : this.lowerRun) - 1 }
      : undefined;
  }

  reset(): void {
    this.upper = 0;
    this.lower = 0;
    this.upperRun = 0;
    this.lowerRun = 0;
  }
}
