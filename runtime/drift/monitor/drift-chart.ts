import { controlChart, type Panel } from '../chart';
import type { ColumnState, DriftState } from './state';

/** Draws what the monitor remembers: the means of the answers with where they belong, and each statistic with its limits. */
export function driftChart({ answer, columns }: DriftState, endpointName: string): string {
  const drawn = columns.map((column, index) => statistic(`request column ${index}: CUSUM / limit`, column));
  return controlChart(`Drift of ${endpointName}`, [
    means('answers: mean of the window', answer),
    statistic('answers: CUSUM / limit', answer),
    ...drawn.filter(({ points }) => points.length > 0),
  ]);
}

function means(title: string, { points, baseline }: ColumnState): Panel {
  return {
    title,
    points: points.map(({ at, mean, ratio, alarm }) => ({
      label: labelOf(at),
      value: mean,
      kind: alarm ? 'alarm' : ratio === undefined ? 'learned' : 'judged',
    })),
    lines: baseline
      ? [
          { at: baseline.mean, label: 'baseline', limit: false },
          { at: baseline.mean + 3 * baseline.sigma, label: '+3 sigma', limit: true },
          { at: baseline.mean - 3 * baseline.sigma, label: '-3 sigma', limit: true },
        ]
      : [],
  };
}

function statistic(title: string, { points }: ColumnState): Panel {
  return {
    title,
    points: points.flatMap(({ at, ratio, alarm }) =>
      ratio === undefined ? [] : [{ label: labelOf(at), value: ratio, kind: alarm ? 'alarm' : 'judged' }],
    ),
    lines: [
      { at: 1, label: 'upper limit', limit: true },
      { at: 0, label: 'on target', limit: false },
      { at: -1, label: 'lower limit', limit: true },
    ],
  };
}

function labelOf(at: string): string {
  return at.slice(0, 16).replace('T', ' ');
}
