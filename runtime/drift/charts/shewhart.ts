import type { ControlChart, Signal } from './signal';

/** A rule: `of` the last `last` points lie beyond `beyond` sigma on one side. */
interface Rule {
  readonly rule: number;
  readonly of: number;
  readonly last: number;
  readonly beyond: number;
}

/** Western Electric, Statistical Quality Control Handbook (1956), the tests for instability. The first is the limit itself. */
const RULES: readonly Rule[] = [
  { rule: 2, of: 2, last: 3, beyond: 2 },
  { rule: 3, of: 4, last: 5, beyond: 1 },
  { rule: 4, of: 8, last: 8, beyond: 0 },
];
const LONGEST = 8;

/** The chart of individual points (W. A. Shewhart, 1931), around zero, with the Western Electric rules if asked for. */
export class Shewhart implements ControlChart {
  private readonly recent: number[] = [];

  /**
   * @param limit in sigma; with the rules it stands for three of them, and the others move with it
   * @param westernElectric whether runs of points signal too: the average run length in control falls from 370 to 92
   */
  constructor(
    private readonly limit: number,
    private readonly westernElectric = false,
  ) {}

  next(z: number): Signal | undefined {
    const { recent, limit } = this;
    recent.push(z);
    if (recent.length > LONGEST) {
      recent.shift();
    }
    if (Math.abs(z) > limit) {
      return { ...sided(z, limit), since: this.firstBeyond(z), ...(this.westernElectric && { rule: 1 }) };
    }
    return this.westernElectric ? this.run(z) : undefined;
  }

  reset(): void {
    this.recent.length = 0;
  }

  /** How many points before this one the first of three lies that is beyond the limit on its side. 0: this one stands alone. */
  private firstBeyond(z: number): number {
    const three = this.recent.slice(-3);
    return three.length - 1 - three.findIndex((other) => other * Math.sign(z) > this.limit);
  }

  /** A rule is broken at the point that completes it, so that point lies beyond as well. */
  private run(z: number): Signal | undefined {
    for (const { rule, of, last, beyond } of RULES) {
      const line = (beyond * this.limit) / 3;
      const within = this.recent.slice(-last);
      const outside = within.map((other) => other * Math.sign(z) > line);
      if (outside.at(-1) && outside.filter(Boolean).length >= of) {
        return { ...sided(z, line), since: within.length - 1 - outside.indexOf(true), rule };
      }
    }
    return undefined;
  }
}

function sided(z: number, limit: number): Pick<Signal, 'statistic' | 'limit' | 'direction'> {
  return { statistic: z, limit: z > 0 ? limit : -limit, direction: z > 0 ? 'up' : 'down' };
}
