import * as fc from 'fast-check';
import { COLUMN_PROFILE, Column } from '../../../runtime/drift/column';
import { decileEdges, histogramOf } from '../../../runtime/drift/histogram';
import { CAPTURE_PROFILE, Captures } from '../../../runtime/drift/profile';
import { line, lines, range } from './captures';

function columnOf(fields: readonly (string | number)[]) {
  const column = new Column();
  for (const field of fields) {
    column.add(String(field));
  }
  return column.profile(fields.length);
}

function gathered(all: readonly string[]) {
  const captures = new Captures();
  for (const one of all) {
    captures.add(one);
  }
  return captures.profile();
}

test('a column is told by its moments and deciles', () => {
  const profile = columnOf(range(100, 1));
  expect(profile).toMatchObject({ rows: 100, missing: 0, text: 0, mean: 50.5 });
  expect(profile.deviation).toBeCloseTo(Math.sqrt((100 ** 2 - 1) / 12), 10);
  expect(profile.histogram).toEqual({
    edges: [10.5, 20.5, 30.5, 40.5, 50.5, 60.5, 70.5, 80.5, 90.5],
    counts: Array(10).fill(10),
  });
});

test('fields are numbers, missing or text', () => {
  const numbers = ['1', '-2.5', '+.5', '3.', '1e3', '-1E-2'];
  const missing = ['', 'NaN', 'null', 'NA', 'None', 'N/A', '#N/A'];
  const text = ['a', '1,5', '0x10', 'Infinity', '1e999', '1e101', '--1', '1 2'];
  expect(columnOf([...numbers, ...missing, ...text])).toEqual({
    rows: numbers.length + missing.length + text.length,
    missing: missing.length,
    text: text.length,
  });
});

test('of fewer than ten numbers nothing is told but how many', () => {
  expect(columnOf(range(9))).toEqual({ rows: 9, missing: 0, text: 0 });
  expect(columnOf(range(10)).histogram).toBeDefined();
});

test('no edge is the value of one person', () => {
  const values = range(1000).map((number) => number ** 2);
  const edges = decileEdges(values);
  expect(edges.filter((edge) => values.includes(edge))).toEqual([]);
});

test('values below, on and above the only value of a column are told apart', () => {
  const edges = decileEdges(Array(50).fill(0.1));
  expect(edges).toEqual(Array(9).fill(0.1));
  const bins = [0.05, 0.1, 0.2].map((value) => histogramOf([value], edges).counts.indexOf(1));
  expect(new Set(bins).size).toBe(3);
});

test('a row that is too short lacks its last columns', () => {
  const { columns } = gathered([line('1,2', '0'), line('1', '0'), line('1,', '0')]);
  expect(columns).toEqual([
    { rows: 3, missing: 0, text: 0 },
    { rows: 3, missing: 2, text: 0 },
  ]);
});

test('a profile holds no more than the record of it allows, however large or odd the numbers', () => {
  const number = fc.double({ min: -1e100, max: 1e100, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.oneof(number, fc.integer({ min: 0, max: 2 }), fc.string())), (fields) => {
      expect(COLUMN_PROFILE.parse(JSON.parse(JSON.stringify(columnOf(fields))))).toBeDefined();
    }),
  );
  expect(CAPTURE_PROFILE.parse(gathered(lines(range(500)))).requests).toBe(500);
});

test.each([
  ['more is missing than there are rows', { missing: 200 }],
  ['the counts do not add up', { missing: 1 }],
  ['an edge is out of order', { histogram: { edges: [2, 1], counts: [50, 25, 25] } }],
  ['a count is missing', { histogram: { edges: [1, 2], counts: [50, 50] } }],
])('a profile in which %s is none', (_, changes) => {
  expect(COLUMN_PROFILE.safeParse(columnOf(range(100))).success).toBe(true);
  expect(COLUMN_PROFILE.safeParse({ ...columnOf(range(100)), ...changes }).success).toBe(false);
});
