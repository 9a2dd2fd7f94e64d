import { Cusum } from '../../../../runtime/drift/charts/cusum';
import { Ewma } from '../../../../runtime/drift/charts/ewma';
import { chartConstants, individuals, subgroups } from '../../../../runtime/drift/charts/subgroups';
import { expectAgreement, reference, testWith } from '../reference';

interface Published {
  readonly nist: {
    readonly ewma: {
      readonly x: number[];
      readonly target: number;
      readonly s: number;
      readonly lambda: number;
      readonly L: number;
      readonly published_ewma_2dp: number[];
      readonly UCL: number;
      readonly LCL: number;
      readonly out_of_control: number[];
    };
    readonly cusum: {
      readonly x: number[];
      readonly target: number;
      readonly k: number;
      readonly h: number;
      readonly published_S_hi_2dp: number[];
      readonly published_S_lo_2dp: number[];
      readonly first_alarm_1based: number;
    };
  };
  readonly montgomery: { x: number[]; target: number; K: number; H: number; S_hi: number[]; S_lo: number[] };
}

const spc = reference<Published>('spc-reference', 'spc_reference.json');

testWith(spc, 'the CUSUM of the NIST handbook, 6.3.2.3', ({ nist: { cusum: nist } }) => {
  const chart = new Cusum(nist);
  const signals = nist.x.map((x, index) => {
    const signal = chart.next(x - nist.target);
    // The handbook prints to hundredths what it rounds at each step.
    expect(Math.abs(chart.upper - nist.published_S_hi_2dp[index])).toBeLessThan(0.0101);
    expect(Math.abs(chart.lower - nist.published_S_lo_2dp[index])).toBeLessThan(0.0101);
    return signal;
  });
  expect(signals.findIndex((signal) => signal !== undefined) + 1).toBe(nist.first_alarm_1based);
  expect(signals[13]).toMatchObject({ direction: 'up', limit: nist.h, since: 1 });
});

testWith(spc, 'the EWMA of the NIST handbook, 6.3.2.4', ({ nist: { ewma: nist } }) => {
  const chart = new Ewma({ lambda: nist.lambda, l: nist.L });
  const alarms = nist.x.flatMap((x, index) => {
    const signal = chart.next((x - nist.target) / nist.s);
    expectAgreement(nist.target + nist.s * chart.average, nist.published_ewma_2dp[index], 0, 0.0051);
    return signal ? [index] : [];
  });
  expect(alarms).toEqual(nist.out_of_control);
  expectAgreement(nist.target + nist.s * chart.limit, nist.UCL, 0, 0.0001);
  expectAgreement(nist.target - nist.s * chart.limit, nist.LCL, 0, 0.0001);
});

testWith(spc, 'the tabular CUSUM of Montgomery and Runger, example 16-6', ({ montgomery }) => {
  const chart = new Cusum({ k: montgomery.K, h: montgomery.H });
  montgomery.x.forEach((x, index) => {
    expect(chart.next(x - montgomery.target)).toBeUndefined();
    expect(chart.upper).toBeCloseTo(montgomery.S_hi[index], 10);
    expect(chart.lower).toBeCloseTo(montgomery.S_lo[index], 10);
  });
});

const constants = reference<{ shewhart_constants: Record<string, number>[] }>(
  'stats-reference',
  'stats_reference.json',
);

testWith(constants, 'constants of subgroups of 2 to 25', ({ shewhart_constants: rows }) => {
  expect(rows).toHaveLength(24);
  for (const { n, ...wanted } of rows) {
    const found = chartConstants(n) as unknown as Record<string, number>;
    for (const [name, value] of Object.entries(wanted)) {
      expectAgreement(found[name], value, 1e-10);
    }
  }
});

test('ranges have the constants of every textbook', () => {
  const rows = [2, 5, 10].map((n) => {
    const { d3, D3, D4 } = chartConstants(n);
    return [d3, D3, D4].map((value) => value.toFixed(3));
  });
  expect(rows).toEqual([
    ['0.853', '0.000', '3.267'],
    ['0.864', '0.000', '2.114'],
    ['0.797', '0.223', '1.777'],
  ]);
});

/** NIST/SEMATECH e-Handbook, 6.3.2.2: flow rates of ten batches. */
const FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1];

test('the individuals chart of the NIST handbook, 6.3.2.2', () => {
  const { mean, range, upper, lower } = individuals(FLOW);
  expect(mean.toFixed(2)).toBe('50.81');
  expect(range.toFixed(4)).toBe('1.8778');
  // The handbook takes 1.128 for d2, which is 1.12838: with that, 55.8041 and 45.8159.
  expect([(upper - mean) * (chartConstants(2).d2 / 1.128) + mean, lower].map((limit) => limit.toFixed(4))).toEqual([
    '55.8041',
    '45.8176',
  ]);
});

test('limits that R qcc prints for 25 samples of 5 piston rings, from their mean, mean range and mean deviation', () => {
  const { d2, c4, A2, B3, B4, D3, D4 } = chartConstants(5);
  const [mean, range, deviation] = [74.00118, 0.02276, 0.009240037];
  // qcc takes 2.326 for d2, which is 2.32593.
  expect((range / Number(d2.toFixed(3))).toFixed(9)).toBe('0.009785039');
  expect([mean - A2 * range, mean + A2 * range].map((limit) => limit.toPrecision(7))).toEqual(['73.98805', '74.01431']);
  expect([D3 * range, D4 * range].map((limit) => limit.toFixed(5))).toEqual(['0.00000', '0.04813']);
  expect((deviation / c4).toFixed(9)).toBe('0.009829977');
  expect([B3 * deviation, B4 * deviation].map((limit) => limit.toFixed(8))).toEqual(['0.00000000', '0.01930242']);
});

test('limits of subgroups are made of their means, ranges and deviations', () => {
  const { means, ranges, deviations, sigma } = subgroups([
    [1, 2, 3],
    [2, 4, 6],
    [3, 3, 6],
  ]);
  const { A2, D4, B4, d2 } = chartConstants(3);
  expect(means).toEqual({ centre: 10 / 3, lower: 10 / 3 - A2 * 3, upper: 10 / 3 + A2 * 3 });
  expect(ranges).toEqual({ centre: 3, lower: 0, upper: D4 * 3 });
  expectAgreement(deviations.upper, (B4 * (1 + 2 + Math.sqrt(3))) / 3, 1e-12);
  expectAgreement(sigma, 3 / d2, 1e-12);
});
