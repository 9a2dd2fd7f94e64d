import fc from 'fast-check';
import { type ChartKind, type DetectionOptions, detector, watchTable } from '../../../../runtime/drift/detection';
import { PalisadeError } from '../../../../runtime/errors';
import { normal } from '../random';
import { reference } from '../reference';

const CHARTS: ChartKind[] = ['cusum', 'ewma', 'shewhart', 'psi', 'ks'];

const alarmsOf = (values: readonly number[], options: DetectionOptions) => {
  const found = detector(options);
  return values.flatMap((value) => found.next(value) ?? []);
};

const shifted = (seed: number, rows: number, at: number, shift: number) => {
  const next = normal(seed);
  return Array.from({ length: rows }, (_, index) => 100 + 5 * (next() + (index >= at ? shift : 0)));
};

async function* pieces(...texts: string[]) {
  yield* texts;
}

async function watch(text: string, options: Parameters<typeof watchTable>[1]) {
  const alarms = [];
  for await (const alarm of watchTable(pieces(text), options, 'table.csv')) {
    alarms.push(alarm);
  }
  return alarms;
}

const codeOf = async (text: string, options: Partial<Parameters<typeof watchTable>[1]> = {}) =>
  watch(text, { chart: 'cusum', ...options }).then(
    () => 'none',
    (error) => (error instanceof PalisadeError ? `${error.code.slice(9)} ${error.where}` : error),
  );

describe('each chart', () => {
  test.each([
    ['cusum', 2, 8],
    ['ewma', 2, 8],
    ['shewhart', 4, 8],
    ['psi', 2, 25],
    ['ks', 2, 20],
  ] as const)('%s finds a change of %d sigma within %d rows, and says which way it went', (chart, shift, late) => {
    let found = 0;
    for (let seed = 1; seed <= 12; seed++) {
      const to = seed % 2 === 0 ? shift : -shift;
      const alarm = alarmsOf(shifted(seed, 180, 150, to), { chart }).find(({ index }) => index >= 150);
      found += alarm && alarm.index < 150 + late && alarm.direction === (to > 0 ? 'up' : 'down') ? 1 : 0;
      if (alarm) {
        expect(alarm.since).toBeLessThanOrEqual(alarm.index);
        expect(Math.abs(alarm.statistic)).toBeGreaterThanOrEqual(Math.abs(alarm.limit));
        expect(Math.abs(alarm.mean - 100)).toBeLessThan(5);
      }
    }
    expect(found).toBeGreaterThanOrEqual(10);
  });

  test.each(CHARTS)('%s is quiet where nothing changes', (chart) => {
    let alarms = 0;
    for (let seed = 1; seed <= 8; seed++) {
      alarms += alarmsOf(shifted(seed, 250, 1e9, 0), { chart }).length;
    }
    // 200 rows of 8 series at one in 1000 rows are 1.6; the long test counts more.
    expect(alarms).toBeLessThan(6);
  });

  test.each(CHARTS)('%s alarms once for one change: it learns again from where the change began', (chart) => {
    const alarms = Array.from({ length: 5 }, (_, seed) =>
      alarmsOf(shifted(seed + 1, 300, 150, 6), { chart, arl0: 1e4 }),
    );
    const after = alarms.flatMap((of) => of.filter(({ index }) => index >= 150)).length;
    // A chart of single values needs two.
    expect(after).toBeLessThanOrEqual(chart === 'shewhart' ? 11 : 7);
    expect(after).toBeGreaterThanOrEqual(5);
  });

  test.each(CHARTS)('%s judges neither the baseline nor what is missing', (chart) => {
    const values = shifted(3, 120, 60, 6);
    expect(alarmsOf(values, { chart, baseline: 100, arl0: 1e6 }).every(({ index }) => index >= 100)).toBe(true);
    const gaps = values.flatMap((value) => [value, Number.NaN]);
    const [whole, holed] = [values, gaps].map((series) => alarmsOf(series, { chart }));
    const places = (alarms: typeof whole, of: number) => alarms.map(({ index, since }) => [of * index, of * since]);
    expect(places(holed, 1)).toEqual(places(whole, 2));
  });
});

test('one outlier is no change for charts that sum up, and an alarm of single values', () => {
  const values = shifted(5, 200, 1e9, 0);
  values[120] = 400;
  expect(alarmsOf(values, { chart: 'cusum' })).toEqual([]);
  expect(alarmsOf(values, { chart: 'ewma' })).toEqual([]);
  expect(alarmsOf(values, { chart: 'shewhart', l: 5 })).toMatchObject([{ index: 120, since: 120 }]);
});

test('values that depend on each other alarm no more often than others', () => {
  const dependent = (seed: number) => {
    const next = normal(seed);
    let value = 0;
    return Array.from({ length: 550 }, () => {
      value = 0.6 * value + 0.8 * next();
      return value;
    });
  };
  let [alarms, naive] = [0, 0];
  for (let seed = 1; seed <= 8; seed++) {
    alarms += alarmsOf(dependent(seed), { chart: 'cusum' }).length;
    naive += alarmsOf(dependent(seed), { chart: 'cusum', given: { mean: 0, sigma: 1 } }).length;
  }
  expect(alarms).toBeLessThan(11);
  expect(naive).toBeGreaterThan(4 * alarms);
});

test('known parameters and limits make the chart of the textbook', () => {
  const x = [
    324.925, 324.675, 324.725, 324.35, 325.35, 325.225, 324.125, 324.525, 325.225, 324.6, 324.625, 325.15, 328.325,
    327.25,
  ];
  const options = { chart: 'cusum', given: { mean: 325, sigma: 1 }, k: 0.3175, h: 4.1959 } as const;
  expect(alarmsOf(x, options)).toMatchObject([
    { index: 13, since: 12, direction: 'up', limit: 4.1959, mean: 325, sigma: 1 },
  ]);
});

test('fixed limits stay where the baseline drew them, and are the wider the shorter it was', () => {
  const values = shifted(5, 300, 100, 3);
  const fixed = alarmsOf(values, { chart: 'cusum', fixed: true });
  expect(fixed.length).toBeGreaterThan(20);
  expect(new Set(fixed.map(({ mean }) => mean)).size).toBe(1);
  const limit = (given: number[]) => alarmsOf(values.slice(100), { chart: 'cusum', given }).at(0)?.limit ?? 0;
  expect(limit(values.slice(0, 20))).toBeGreaterThan(limit(values.slice(0, 100)) + 0.5);
});

test('a constant teaches nothing, and a chart that saw nothing else says nothing', () => {
  const next = normal(1);
  const values = [...new Array<number>(80).fill(3), ...Array.from({ length: 100 }, next)];
  expect(alarmsOf(new Array<number>(500).fill(3), { chart: 'cusum' })).toEqual([]);
  for (const chart of CHARTS) {
    for (const alarm of alarmsOf(values, { chart })) {
      expect([alarm.statistic, alarm.limit].every(Number.isFinite)).toBe(true);
    }
  }
});

test('any series of any options: no crash, finite numbers, the same twice', () => {
  const value = fc.oneof(
    fc.double({ min: -1e100, max: 1e100, noNaN: true }),
    fc.constant(Number.NaN),
    fc.integer({ min: 0, max: 3 }),
  );
  fc.assert(
    fc.property(
      fc.array(value, { maxLength: 150 }),
      fc.constantFrom(...CHARTS),
      fc.integer({ min: 8, max: 40 }),
      fc.boolean(),
      (values, chart, baseline, rules) => {
        const options = { chart, baseline, window: baseline, ...(chart === 'shewhart' && { rules }) };
        const alarms = alarmsOf(values, options);
        expect(alarmsOf(values, options)).toEqual(alarms);
        for (const { index, statistic, limit, since } of alarms) {
          expect([statistic, limit].every(Number.isFinite)).toBe(true);
          expect(since >= 0 && since <= index).toBe(true);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test.each([
  ['arl0', { arl0: 1 }],
  ['baseline', { baseline: 7 }],
  ['baseline', { baseline: 20.5 }],
  ['k', { k: Number.NaN }],
  ['lambda', { lambda: 2 }],
  ['sigma', { given: { mean: 0, sigma: 0 } }],
  ['baseline', { given: [1, 1, 1, 1, 1, 1, 1, 1, 1] }],
])('refuses %s %j', (where, options) => {
  expect(() => detector({ chart: 'cusum', ...options })).toThrow(`PALISADE-F001 ${where}`);
});

describe('a table', () => {
  const column = (values: readonly number[], header = '') => `${header}${values.join('\n')}\n`;
  const values = shifted(2, 200, 120, 4);

  test('may have a header or not, BOM, CRLF and quotes', async () => {
    const plain = await watch(column(values), { chart: 'cusum' });
    expect(plain).toMatchObject([{ column: '1', chart: 'cusum', direction: 'up', since: expect.closeTo(120, -1) }]);
    const rest = plain.map(({ column: _, ...alarm }) => alarm);
    for (const text of [
      column(values, 'score\n'),
      `\uFEFFscore\r\n${values.join('\r\n')}`,
      `"score"\n${values.map((value) => `"${value}"`).join('\n')}`,
    ]) {
      expect(await watch(text, { chart: 'cusum' })).toEqual(rest.map((alarm) => ({ ...alarm, column: 'score' })));
    }
    expect(Object.keys(plain[0])).toEqual([
      'index',
      'column',
      'chart',
      'statistic',
      'limit',
      'direction',
      'since',
      'value',
      'mean',
      'sigma',
    ]);
  });

  test('has columns that measure, and others', async () => {
    const rows = values.map((value, index) => `2026-01-01,${index},7,${value},${100 + (value % 1)}`);
    const text = `day,n,constant,score,calm\n${rows.join('\n')}\n`;
    expect((await watch(text, { chart: 'cusum' })).map(({ column }) => column)).toEqual(['score']);
    expect((await watch(text, { chart: 'cusum', columns: ['4', 'calm'] })).map(({ column }) => column)).toEqual([
      'score',
    ]);
    expect(await codeOf(text, { columns: ['n'] })).toBe('none');
    expect(await codeOf(text, { columns: ['day'] })).toBe('F002 table.csv:2');
    expect(await codeOf(text, { columns: ['constant'] })).toBe('F003 table.csv');
    expect(await codeOf(text, { columns: ['none'] })).toBe('F004 table.csv');
    expect(await codeOf('day\nmonday\n')).toBe('F004 table.csv:2');
  });

  test('that is short has a short baseline, unless one was asked for', async () => {
    const short = column(shifted(2, 30, 18, 8));
    expect(await watch(short, { chart: 'cusum' })).toMatchObject([{ direction: 'up', since: expect.closeTo(18, -1) }]);
    expect(await codeOf(short, { baseline: 50 })).toBe('F003 table.csv');
    expect(await codeOf('1\n2\n3\n')).toBe('F003 table.csv');
  });

  test('may be compared with a baseline of its own', async () => {
    const reference = () => pieces(column(shifted(4, 300, 1e9, 0), 'score\n'));
    const alarms = await watch(column(values, 'score\n'), { chart: 'ks', reference: reference() });
    expect(alarms[0].index).toBeGreaterThanOrEqual(120);
    expect(alarms.length).toBeGreaterThan(2);
    const other = watch(column(values, 'other\n'), { chart: 'ks', reference: pieces('score,more\n1,2\n') });
    await expect(other).rejects.toThrow('PALISADE-F004 baseline');
  });

  test.each([
    ['a word', '1\n2\nthree\n4\n', 'F002 table.csv:3'],
    ['a row too long', 'a,b\n1,2\n3,4,5\n', 'F002 table.csv:3'],
    ['a row too short', 'a,b\n1,2\n\n3\n', 'F002 table.csv:4'],
    ['a decimal comma', 'a\n1\n2,5\n', 'F002 table.csv:3'],
    ['an open quote', 'a\n1\n"2\n3\n', 'F002 table.csv:3'],
    ['infinity', '1\n2\nInfinity\n', 'F002 table.csv:3'],
    ['a number that no double holds', '1\n2\n1e400\n', 'F002 table.csv:3'],
    ['too many columns', `${'1,'.repeat(1000)}1\n`, 'F002 table.csv:1'],
    ['a row without end', '1'.repeat(2 ** 20 + 1), 'F002 table.csv:1'],
    ['nothing', '', 'F004 table.csv'],
    ['a header alone', 'score\n', 'F004 table.csv'],
  ])('with %s is refused, with the line', async (_, text, code) => {
    expect(await codeOf(text)).toBe(code);
  });

  test('is read alike in any pieces, and any text ends in alarms or a code', async () => {
    const text = `"a ""x""",b\r\n${values.map((value, index) => `"${value}",${index % 7}`).join('\r\n')}`;
    const whole = await watch(text, { chart: 'cusum' });
    const cut = text.match(/[\s\S]{1,7}/g) ?? [];
    const parts = [];
    for await (const alarm of watchTable(pieces(...cut), { chart: 'cusum' }, 'table.csv')) {
      parts.push(alarm);
    }
    expect(parts).toEqual(whole);
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom('1', '2', ',', '\n', '"', '\r', 'x', '.', '-', ' ') }),
        async (any) => {
          expect(await codeOf(any)).toMatch(/^(none|F00[234] )/);
        },
      ),
    );
  });
});

const QUALITY: [string, number | undefined][] = [
  ['quality_control_1', 144],
  ['quality_control_3', 179],
  ['quality_control_5', undefined],
];

for (const [name, change] of QUALITY) {
  const series = reference<{ series: { raw: number[] }[] }>('tcpd', name, `${name}.json`);
  const run = series ? test : test.skip;
  run(`${name}: ${change === undefined ? 'no alarm of any chart' : `each chart alarms near ${change}`}`, () => {
    for (const chart of CHARTS) {
      const alarms = alarmsOf(series?.series[0].raw ?? [], { chart }).map(({ index }) => index);
      if (change === undefined) {
        expect(alarms).toEqual([]);
      } else {
        expect(alarms.filter((index) => index >= change && index <= change + 25)).not.toEqual([]);
        expect(alarms.length).toBeLessThanOrEqual(3);
      }
    }
  });
}
