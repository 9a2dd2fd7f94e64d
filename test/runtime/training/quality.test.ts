import fc from 'fast-check';
import { judgeQuality, parseQualityReport, type QualityReport } from '../../../runtime/training';

const THRESHOLDS = { minimumRows: 100, completeness: 0.9, uniqueness: 0.95, classBalance: 0.2 };
const GOOD: QualityReport = { rows: 100, duplicates: 5, missing: { age: 10, income: 0 }, classes: { no: 80, yes: 20 } };

function codes(report: QualityReport) {
  return judgeQuality(report, THRESHOLDS).reasons.map(({ code }) => code);
}

test('a dataset on every threshold passes', () => {
  expect(judgeQuality(GOOD, THRESHOLDS)).toEqual({ passed: true, reasons: [] });
});

test.each([
  ['too few rows', { rows: 99, missing: {}, duplicates: 0, classes: { no: 79, yes: 20 } }, ['PALISADE-T020']],
  ['an incomplete column', { missing: { age: 11, income: 0 } }, ['PALISADE-T021']],
  ['two incomplete columns', { missing: { b: 50, a: 50 } }, ['PALISADE-T021', 'PALISADE-T021']],
  ['duplicates', { duplicates: 6 }, ['PALISADE-T022']],
  ['a rare class', { classes: { no: 81, yes: 19 } }, ['PALISADE-T023']],
  ['one class', { classes: { no: 100 } }, ['PALISADE-T023']],
  ['no classes', { classes: undefined }, ['PALISADE-T023']],
])('%s stops the run', (_, change, expected) => {
  expect(codes({ ...GOOD, ...change })).toEqual(expected);
});

test('an empty dataset never passes, whatever the thresholds', () => {
  const report = { rows: 0, duplicates: 0, missing: {} };
  const thresholds = { minimumRows: 0, completeness: 0, uniqueness: 0, classBalance: 0 };
  expect(judgeQuality(report, thresholds).passed).toBe(false);
});

test('stricter thresholds never let more pass', () => {
  const count = fc.nat(200);
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(count, count, count, share, share, (rows, duplicates, missing, loose, more) => {
      const report = { rows, duplicates: Math.min(duplicates, rows), missing: { a: Math.min(missing, rows) } };
      const at = (level: number) => ({ minimumRows: 1, completeness: level, uniqueness: level, classBalance: 0 });
      const strict = Math.min(1, loose + more);
      expect(judgeQuality(report, at(strict)).passed && !judgeQuality(report, at(loose)).passed).toBe(false);
    }),
  );
});

test.each([
  ['text', 'rows'],
  ['a negative count', '{"rows": -1, "duplicates": 0, "missing": {}}'],
  ['more missing than rows', '{"rows": 1, "duplicates": 0, "missing": {"a": 2}}'],
  ['more duplicates than rows', '{"rows": 1, "duplicates": 2, "missing": {}}'],
  ['classes that do not add up', '{"rows": 2, "duplicates": 0, "missing": {}, "classes": {"a": 1}}'],
  ['an unknown member', '{"rows": 1, "duplicates": 0, "missing": {}, "sample": ["Ada"]}'],
])('%s is not a report', (_, text) => {
  expect(() => parseQualityReport(text, 'report')).toThrow(expect.objectContaining({ code: 'PALISADE-T011' }));
});
