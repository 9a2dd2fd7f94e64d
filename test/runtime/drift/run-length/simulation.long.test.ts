import { Cusum } from '../../../../runtime/drift/charts/cusum';
import { Ewma } from '../../../../runtime/drift/charts/ewma';
import { Shewhart } from '../../../../runtime/drift/charts/shewhart';
import type { ControlChart } from '../../../../runtime/drift/charts/signal';
import { countsIn, quantileEdges } from '../../../../runtime/drift/comparison/bins';
import { stabilityTest } from '../../../../runtime/drift/comparison/stability-index';
import { type ChartKind, detector } from '../../../../runtime/drift/detection';
import { cusumLimit, cusumRunLength } from '../../../../runtime/drift/run-length/cusum';
import { cusumLimitFor } from '../../../../runtime/drift/run-length/estimated';
import { ewmaLimit, ewmaRunLength } from '../../../../runtime/drift/run-length/ewma';
import { shewhartLimit, shewhartRunLength } from '../../../../runtime/drift/run-length/shewhart';
import { normal } from '../random';

/** Mean run length of a chart over so many runs. 1,500 have a standard error of 2.6 %. */
function simulated(make: () => ControlChart, next: () => number, runs = 1500): number {
  let points = 0;
  for (let run = 0; run < runs; run++) {
    const chart = make();
    do {
      points += 1;
    } while (!chart.next(next()));
  }
  return points / runs;
}

const within = (got: number, wanted: number) => Math.abs(got / wanted - 1);

describe('run lengths are within 10 % of theory', () => {
  const [h, l, limit] = [cusumLimit(370.4, 0.5), ewmaLimit(370.4, 0.2), shewhartLimit(370.4)];

  test.each([0, 1])(
    'of points shifted by %d sigma',
    (shift) => {
      const source = normal(101 + shift);
      const next = () => source() + shift;
      const cusum = { k: 0.5, h };
      const ewma = { lambda: 0.2, l };
      expect(
        within(
          simulated(() => new Cusum(cusum), next),
          cusumRunLength(cusum, shift),
        ),
      ).toBeLessThan(0.1);
      expect(
        within(
          simulated(() => new Ewma(ewma), next),
          ewmaRunLength(ewma, shift),
        ),
      ).toBeLessThan(0.1);
      expect(
        within(
          simulated(() => new Shewhart(limit), next),
          shewhartRunLength(limit, shift),
        ),
      ).toBeLessThan(0.1);
    },
    60_000,
  );

  // C. W. Champ and W. H. Woodall, Exact results for Shewhart control charts with supplementary runs rules (1987).
  test('of the Western Electric rules together: 91.75', () => {
    expect(
      within(
        simulated(() => new Shewhart(3, true), normal(7), 3000),
        91.75,
      ),
    ).toBeLessThan(0.1);
  }, 60_000);
});

test.each<[ChartKind, number]>([
  ['cusum', 150],
  ['ewma', 150],
  ['shewhart', 300],
  ['psi', 60],
  ['ks', 60],
])(
  '%s, with limits from its first 50 rows, alarms about once in 1,000',
  (chart, series) => {
    let alarms = 0;
    for (let seed = 1; seed <= series; seed++) {
      const next = normal(seed * 7919);
      const watch = detector({ chart });
      for (let row = 0; row < 1050; row++) {
        alarms += watch.next(next()) ? 1 : 0;
      }
    }
    expect(alarms / series).toBeGreaterThan(0.7);
    expect(alarms / series).toBeLessThan(1.25);
  },
  120_000,
);

test.each([20, 50, 200])(
  'limits that stay, from %d rows, alarm falsely within the run length as often as those of known parameters',
  (rows) => {
    const [arl0, series] = [370, 800];
    const [h, known] = [cusumLimitFor(arl0, 0.5, rows), cusumLimit(arl0, 0.5)];
    let [alarmed, naive] = [0, 0];
    for (let seed = 1; seed <= series; seed++) {
      const next = normal(seed * 104_729);
      const baseline = Array.from({ length: rows }, next);
      const mean = baseline.reduce((sum, value) => sum + value, 0) / rows;
      const sigma = Math.sqrt(baseline.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (rows - 1));
      const charts = [new Cusum({ k: 0.5, h }), new Cusum({ k: 0.5, h: known })];
      const first = [false, false];
      for (let point = 0; point < arl0; point++) {
        const z = (next() - mean) / sigma;
        for (const [index, chart] of charts.entries()) {
          first[index] ||= chart.next(z) !== undefined;
        }
      }
      alarmed += first[0] ? 1 : 0;
      naive += first[1] ? 1 : 0;
    }
    expect(Math.abs(alarmed / series - (1 - Math.exp(-1)))).toBeLessThan(0.05);
    // What is corrected for.
    expect(naive / series).toBeGreaterThan(alarmed / series + (rows < 100 ? 0.03 : 0));
  },
  120_000,
);

test.each([
  [50, 25, 5],
  [200, 200, 10],
  [1000, 500, 10],
])(
  'the threshold of a stability index of %d and %d rows in %d bins is exceeded one time in twenty',
  (n, m, bins) => {
    const next = normal(31);
    let [exceeded, fixed] = [0, 0];
    const trials = 1500;
    for (let trial = 0; trial < trials; trial++) {
      const reference = Array.from({ length: n }, next);
      const edges = quantileEdges(reference, bins);
      const { psi, threshold, p } = stabilityTest(
        countsIn(reference, edges),
        countsIn(Array.from({ length: m }, next), edges),
        0.05,
      );
      exceeded += psi > threshold ? 1 : 0;
      fixed += psi > 0.25 ? 1 : 0;
      expect(p < 0.05).toBe(psi > threshold);
    }
    expect(exceeded / trials).toBeGreaterThan(0.025);
    expect(exceeded / trials).toBeLessThan(0.065);
    // The fixed bound of credit scoring is exceeded by chance in small samples, and never in large ones.
    expect(fixed / trials > 0.1).toBe(n === 50);
  },
  120_000,
);
