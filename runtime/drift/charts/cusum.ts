import type { CusumDesign } from '../run-length/cusum';
import type { ControlChart, Signal } from './signal';

/**
 * The tabular two-sided CUSUM (E. S. Page, 1954): each side sums up what exceeds the allowance `k`, never falls below zero, and
 * signals above `h`. Where it last was zero is where the change began.
 */
export class Cusum implements ControlChart {
  /** Sum of the upper side. */
  upper = 0;
  /** Sum of the lower side, as a positive number. */
  lower = 0;
  private upperRun = 0;
  private lowerRun = 0;

  /** `k` and `h` in the unit of what is plotted. */
  constructor(private readonly design: CusumDesign) {}

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
