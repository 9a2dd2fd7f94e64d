import type { EwmaDesign } from '../run-length/ewma';
import type { ControlChart, Signal } from './signal';

/**
 * The exponentially weighted moving average of standardised points (S. W. Roberts, 1959), around zero. Where it last crossed
 * zero is where the change began.
 */
export class Ewma implements ControlChart {
  /** The average. */
  average = 0;
  private run = 0;

  constructor(private readonly design: EwmaDesign) {}

  /** The limit, in the unit of the points. */
  get limit(): number {
    const { lambda, l } = this.design;
    return l * Math.sqrt(lambda / (2 - lambda));
  }

  next(z: number): Signal | undefined {
    const { lambda } = this.design;
    const before = this.average;
    this.average = lambda * z + (1 - lambda) * before;
    this.run = this.average * before > 0 ? this.run + 1 : 1;
    const up = this.average > 0;
    return Math.abs(this.average) > this.limit
      ? {
          statistic: this.average,
          limit: up ? this.limit : -this.limit,
          direction: up ? 'up' : 'down',
          since: this.run - 1,
        }
      : undefined;
  }

  reset(): void {
    this.average = 0;
    this.run = 0;
  }
}
