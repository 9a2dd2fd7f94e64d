/** What a chart says when it leaves its limits. All in the unit of what it is given: sigma, where that is standardised. */
export interface Signal {
  /** What was plotted. */
  readonly statistic: number;
  /** What it crossed. */
  readonly limit: number;
  readonly direction: Direction;
  /** Points before this one at which what led here began: 0 is this one. */
  readonly since: number;
  /** The Western Electric rule that was broken, where the chart has them. */
  readonly rule?: number;
}

/** Where the process went; a distribution that differs without a side has changed its shape. */
export type Direction = 'up' | 'down' | 'shape';

/** A control chart of one feature: constant memory, one point at a time. */
export interface ControlChart {
  /** Takes the next point, standardised; says whether it is out of control. It goes on counting until `reset`. */
  next(z: number): Signal | undefined;
  /** Starts anew, as after a corrected process. */
  reset(): void;
}
