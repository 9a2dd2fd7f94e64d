import fc from 'fast-check';
import { Cusum } from '../../../../runtime/drift/charts/cusum';
import { Ewma } from '../../../../runtime/drift/charts/ewma';
import { Hotelling } from '../../../../runtime/drift/charts/hotelling';
import { Moments } from '../../../../runtime/drift/charts/moments';
import { PageHinkley } from '../../../../runtime/drift/charts/page-hinkley';
import { Regime, withoutOutliers } from '../../../../runtime/drift/charts/regime';
import { Shewhart } from '../../../../runtime/drift/charts/shewhart';
import type { ControlChart } from '../../../../runtime/drift/charts/signal';
import { normal } from '../random';
import { expectAgreement } from '../reference';

const first = (chart: ControlChart, points: readonly number[]) => {
  for (const [index, point] of points.entries()) {
    const signal = chart.next(point);
    if (signal) {
      return { index, ...signal };
    }
  }
  return undefined;
};

describe('the Western Electric rules', () => {
  const chart = () => new Shewhart(3, true);

  test.each([
    ['one point beyond three sigma', [0.1, -3.1], { index: 1, rule: 1, limit: -3, direction: 'down', since: 0 }],
    ['two of three beyond two', [2.1, 0, 2.2], { index: 2, rule: 2, limit: 2, since: 2 }],
    ['four of five beyond one', [1.1, 1.2, 0, 1.1, 1.3], { index: 4, rule: 3, limit: 1, since: 4 }],
    ['eight on one side', [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], { index: 7, rule: 4, limit: 0, since: 7 }],
  ])('%s', (_, points, signal) => {
    expect(first(chart(), points)).toMatchObject(signal);
    const mirrored = first(
      chart(),
      points.map((point) => -point),
    );
    expect(mirrored).toMatchObject({ index: signal.index, rule: signal.rule });
    expect(Math.abs(mirrored?.limit ?? -1)).toBe(Math.abs(signal.limit));
  });

  test.each([
    ['a point inside breaks no rule because of those before it', [2.1, 2.2, 0.5].slice(1)],
    ['two on different sides', [2.1, -2.2, 0]],
    ['four of five on different sides', [1.1, -1.2, 1.1, -1.3, 1.2]],
    ['seven on one side', [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, -0.1]],
    ['on a line is not beyond it', [2, 2, 2, -1, -1, -1, -1, -1, 3]],
  ])('not: %s', (_, points) => {
    expect(first(chart(), points)).toBeUndefined();
  });

  test('without them only the limit counts', () => {
    expect(first(new Shewhart(3), [2.9, 2.9, 2.9, 2.9, 2.9, 2.9, 2.9, 2.9, 2.9])).toBeUndefined();
    expect(first(new Shewhart(3), [3.1])).not.toHaveProperty('rule');
  });
});

test('a CUSUM is its definition, on any points', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { maxLength: 60 }), (points) => {
      const chart = new Cusum({ k: 0.5, h: 1e9 });
      for (const point of points) {
        chart.next(point);
      }
      // The largest sum of any run of points that ends here.
      const ending = points.map((_, start) => points.slice(start).reduce((sum, point) => sum + point - 0.5, 0));
      expectAgreement(chart.upper, Math.max(0, ...ending), 1e-9, 1e-9);
    }),
  );
});

test('a CUSUM says where the change began', () => {
  const signal = first(new Cusum({ k: 0.5, h: 4 }), [0.2, -1, 0.1, -0.3, 2, 2, 2]);
  expect(signal).toMatchObject({ index: 6, direction: 'up', since: 2, limit: 4 });
  expect(first(new Cusum({ k: 0.5, h: 4 }), [0, -3, -3])).toMatchObject({ index: 2, direction: 'down', statistic: 5 });
});

test('an EWMA with weight one is a Shewhart chart', () => {
  const next = normal(5);
  const points = Array.from({ length: 2000 }, next);
  const ewma = new Ewma({ lambda: 1, l: 2.5 });
  const shewhart = new Shewhart(2.5);
  for (const point of points) {
    expect(ewma.next(point) !== undefined).toBe(shewhart.next(point) !== undefined);
  }
});

test('a chart that is reset knows nothing of what was', () => {
  for (const make of [
    () => new Cusum({ k: 0.5, h: 4 }),
    () => new Ewma({ lambda: 0.2, l: 2.7 }),
    () => new Shewhart(3, true),
    () => new PageHinkley(0.1, 4),
  ]) {
    const next = normal(9);
    const points = Array.from({ length: 300 }, () => next() + 0.3);
    const used = make();
    first(used, points.slice(0, 40));
    used.reset();
    expect(first(used, points)).toEqual(first(make(), points));
  }
});

test('Page and Hinkley find a change of the mean, wherever the mean was', () => {
  const next = normal(3);
  const points = Array.from({ length: 200 }, (_, index) => 500 + next() + (index >= 120 ? -3 : 0));
  expect(first(new PageHinkley(0.5, 8), points)).toMatchObject({ direction: 'down', index: expect.closeTo(123, -1) });
});

test('moments are those of the whole series, whatever its offset', () => {
  const next = normal(7);
  let value = 0;
  const series = Array.from({ length: 5000 }, () => {
    value = 0.6 * value + 0.8 * next();
    return 1e6 + value;
  });
  const moments = new Moments(series);
  const mean = series.reduce((sum, each) => sum + each, 0) / series.length;
  const squares = series.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  expectAgreement(moments.mean, mean, 1e-12);
  expectAgreement(moments.deviation, Math.sqrt(squares / (series.length - 1)), 1e-6);
  expect(moments.autocorrelation).toBeCloseTo(0.6, 1);
});

describe('a regime', () => {
  test('leaves out what stands far apart, and nothing else', () => {
    const next = normal(11);
    const values = Array.from({ length: 50 }, next);
    expect(withoutOutliers([...values, 40, -40])).toEqual(values.filter((value) => Math.abs(value) < 40));
    const few = [...new Array<number>(30).fill(3), 4, 5];
    expect(withoutOutliers(few)).toEqual(few);
  });

  test.each([8, 20, 50])('a new value is standard normal to a baseline of %d rows', (rows) => {
    const next = normal(13);
    const trials = 5_000;
    let beyond = 0;
    for (let trial = 0; trial < trials; trial++) {
      const regime = new Regime(Array.from({ length: rows }, next));
      beyond += Math.abs(regime.standardise(next())) > 1.96 ? 1 : 0;
    }
    // 0.05, and a little more where a value was left out as an outlier. Without Student's distribution 0.10 at 8 rows.
    expect(beyond / trials).toBeGreaterThan(0.04);
    expect(beyond / trials).toBeLessThan(0.068);
  });

  test('sees values that depend on each other, and one time in twenty dependence in independent ones', () => {
    const next = normal(17);
    let value = 0;
    const dependent = Array.from({ length: 200 }, () => {
      value = 0.7 * value + next();
      return value;
    });
    expect(new Regime(dependent).inflation).toBeGreaterThan(1.8);
    const seen = Array.from({ length: 400 }, () => new Regime(Array.from({ length: 100 }, next)).inflation > 1);
    expect(seen.filter(Boolean).length / 400).toBeCloseTo(0.05, 1);
  });
});

describe('T-squared', () => {
  const learned = (rows: number, seed: number) => {
    const next = normal(seed);
    const draw = () => {
      const [a, b] = [next(), next()];
      return [a, 0.9 * a + Math.sqrt(1 - 0.81) * b];
    };
    const chart = new Hotelling(2);
    for (let row = 0; row < rows; row++) {
      chart.learn(draw());
    }
    return { chart, draw };
  };

  test('by hand: covariance of four rows', () => {
    const chart = new Hotelling(2);
    for (const row of [
      [0, 0],
      [2, 0],
      [0, 2],
      [2, 2],
    ]) {
      chart.learn(row);
    }
    // Mean (1, 1), variances 4/3, no covariance.
    const { statistic, contributions, limit } = chart.judge([3, 1], 0.05);
    expect(statistic).toBeCloseTo(3, 12);
    expect(contributions).toEqual([expect.closeTo(3, 12), expect.closeTo(0, 12)]);
    // 2 * 5 * 3 / (4 * 2) times F(0.95; 2, 2) = 19.
    expect(limit).toBeCloseTo(3.75 * 19, 6);
  });

  test('finds a row whose features are each where they belong, but not together', () => {
    const { chart } = learned(500, 21);
    const apart = chart.judge([1.5, -1.5], 0.0027);
    expect(apart.statistic).toBeGreaterThan(apart.limit);
    const together = chart.judge([1.5, 1.5], 0.0027);
    expect(together.statistic).toBeLessThan(together.limit);
  });

  test('alarms falsely as often as it was told, from a short baseline, on new rows and on its own', () => {
    let [later, among] = [0, 0];
    for (let seed = 0; seed < 400; seed++) {
      const { chart, draw } = learned(20, seed);
      const own = normal(seed);
      for (let row = 0; row < 20; row++) {
        const [a, b] = [own(), own()];
        const old = chart.judgeLearned([a, 0.9 * a + Math.sqrt(1 - 0.81) * b], 0.05);
        const fresh = chart.judge(draw(), 0.05);
        among += old.statistic > old.limit ? 1 : 0;
        later += fresh.statistic > fresh.limit ? 1 : 0;
      }
    }
    for (const alarms of [among, later]) {
      expect(alarms / 8000).toBeGreaterThan(0.042);
      expect(alarms / 8000).toBeLessThan(0.058);
    }
  });

  test('refuses what has no covariance', () => {
    const chart = new Hotelling(2);
    for (let row = 0; row < 10; row++) {
      chart.learn([row, 2 * row]);
    }
    expect(() => chart.judge([1, 1], 0.05)).toThrow('PALISADE-F005');
    expect(() => new Hotelling(2).judge([1, 1], 0.05)).toThrow('PALISADE-F005');
    expect(() => new Hotelling(0)).toThrow('PALISADE-F005');
  });
});
