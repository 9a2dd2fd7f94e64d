import type { ControlChart, Signal } from './signal';

/**
 * The test of E. S. Page and D. V. Hinkley (1971) on both sides: like a CUSUM, but around the mean of all points so far, so that
 * it needs no baseline. A CUSUM that starts itself takes account of how well that mean is known, and this does not.
 */
export class PageHinkley implements ControlChart {
  private count = 0;
  private mean = 0;
  private upper = 0;
  private lower = 0;
  private upperRun = 0;
  private lowerRun = 0;

  /**
   * @param delta deviation from the mean that is nothing, in the unit of the points
   * @param lambda sum of what exceeds it that is a change
   */
  constructor(
    private readonly delta: number,
    private readonly lambda: number,
  ) {}

  next(value: number): Signal | undefined {
    this.count += 1;
    this.mean += (value - this.mean) / this.count;
    this.upper = Math.max(0, this.upper + value - this.mean - this.delta);
    this.lower = Math.max(0, this.lower - value + this.mean - this.delta);
    this.upperRun = this.upper > 0 ? this.upperRun + 1 : 0;
    this.lowerRun = this.lower > 0 ? this.lowerRun + 1 : 0;
    const up = this.upper >= this.lower;
    const statistic = Math.max(this.upper, this.lower);
    const since = Math.max(0, (up ? this.upperRun : this.lowerRun) - 1);
    return statistic > this.lambda
      ? { statistic, limit: this.lambda, direction: up ? 'up' : 'down', since }
      : undefined;
  }

  reset(): void {
    this.count = 0;
    this.mean = 0;
    this.upper = 0;
    this.lower = 0;
    this.upperRun = 0;
    this.lowerRun = 0;
  }
}
