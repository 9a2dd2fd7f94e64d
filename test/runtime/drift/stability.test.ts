import * as fc from 'fast-check';
import { populationStabilityIndex } from '../../../runtime/drift/comparison/stability-index';
import { Captures } from '../../../runtime/drift/profile';
import { ACT, compare, FEWEST_ROWS, LOOK } from '../../../runtime/drift/stability';
import { line, lines, range } from './captures';

function gathered(all: readonly string[]): Captures {
  const captures = new Captures();
  for (const one of all) {
    captures.add(one);
  }
  return captures;
}

const compared = (before: readonly string[], after: readonly string[]) =>
  compare(gathered(before).profile(), gathered(after));

describe('the population stability index', () => {
  test.each([
    // (0.4 - 0.5) ln 0.8 + (0.6 - 0.5) ln 1.2
    [[50, 50], [40, 60], 0.0405465],
    // 0.1 ln 2 + 0 + 0.1 ln 1.5, from 10, 70, 20 % to 20, 50, 30 % with -0.2 ln (5/7)
    [[10, 70, 20], [40, 100, 60], 0.1771557],
    // (0.0001 - 0.5) ln 0.0002 + (1 - 0.5) ln 2: an empty bin counts as 0.01 %
    [[50, 50], [0, 10], 4.6043187],
  ])('of %j and %j is %d', (expected, actual, index) => {
    expect(populationStabilityIndex(expected, actual)).toBeCloseTo(index, 6);
  });

  const counts = fc.array(fc.nat(1000), { minLength: 12, maxLength: 12 }).filter((bins) => bins.some((bin) => bin > 0));

  test('is never negative, and the same both ways', () => {
    fc.assert(
      fc.property(counts, counts, (one, other) => {
        const index = populationStabilityIndex(one, other);
        expect(index).toBeGreaterThanOrEqual(0);
        expect(populationStabilityIndex(other, one)).toBeCloseTo(index, 9);
      }),
    );
  });

  test('is 0 for equal shares', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 9 }), (bins, times) => {
        const more = bins.map((bin) => bin * times);
        expect(populationStabilityIndex(bins, more)).toBeCloseTo(0, 12);
      }),
    );
  });
});

describe('a day is compared with the baseline:', () => {
  const day = lines(range(1000));

  test('the same requests have not moved', () => {
    expect(compared(day, day)).toEqual({
      answer: { index: 0, verdict: 'stable' },
      columns: [{ index: 0, verdict: 'stable' }],
    });
  });

  test('more of the same has not moved either, and a shift is seen by its size', () => {
    const verdict = (shift: number) => compared(day, lines(range(1000, shift))).answer.verdict;
    expect(compared(day, [...day, ...day]).answer).toEqual({ index: 0, verdict: 'stable' });
    expect([0, 40, 500].map(verdict)).toEqual(['stable', 'stable', 'act']);
  });

  test('verdicts change at the conventional bounds', () => {
    // Of two bins of one half each, `share` of the first is gone: -share * ln(1 - 2 share) + share * ln(1 + 2 share).
    const verdictAt = (share: number) => {
      const first = 500 - 1000 * share;
      const before = [...Array(500).fill(0), ...Array(500).fill(1)];
      const after = [...Array(first).fill(0), ...Array(1000 - first).fill(1)];
      return compared(lines(before), lines(after)).answer;
    };
    expect(verdictAt(0.15).index).toBeLessThan(LOOK);
    expect(verdictAt(0.15).verdict).toBe('stable');
    expect(verdictAt(0.16).index).toBeGreaterThan(LOOK);
    expect(verdictAt(0.16).verdict).toBe('look');
    expect(verdictAt(0.23).verdict).toBe('look');
    expect(verdictAt(0.25).index).toBeGreaterThan(ACT);
    expect(verdictAt(0.25).verdict).toBe('act');
  });

  const inputs = (rows: readonly string[]) => rows.map((row, index) => line(row, `${index}`));
  const two = inputs(range(300).map((number) => `${number},${number % 7}`));

  test.each([
    ['a column turns into text', inputs(range(300).map((number) => `${number},a`))],
    ['the values of a column go missing', inputs(range(300).map((number) => `${number},`))],
    ['a column is left out', inputs(range(300).map((number) => `${number}`))],
  ])('%s', (_, after) => {
    expect(compared(two, after).columns.map(({ verdict }) => verdict)).toEqual(['stable', 'act']);
    expect(compared(after, two).columns.map(({ verdict }) => verdict)).toEqual(['stable', 'act']);
  });

  test('columns change places', () => {
    const swapped = inputs(range(300).map((number) => `${number % 7},${number}`));
    expect(compared(two, swapped).columns.map(({ verdict }) => verdict)).toEqual(['act', 'act']);
  });

  test('too few rows on either side are not compared', () => {
    const few = lines(range(FEWEST_ROWS - 1));
    const enough = lines(range(FEWEST_ROWS));
    const none = { answer: { verdict: 'too-few-rows' }, columns: [{ verdict: 'too-few-rows' }] };
    expect(compared(few, day)).toEqual(none);
    expect(compared(day, few)).toEqual(none);
    expect(compared(enough, enough).answer.verdict).toBe('stable');
  });

  test('two samples of one population of that size keep below the bound for acting', () => {
    let state = 1;
    const random = () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    const sample = () => lines(Array.from({ length: FEWEST_ROWS }, random));
    const acted = range(200).filter(() => compared(sample(), sample()).answer.verdict === 'act');
    expect(acted.length).toBeLessThanOrEqual(10);
  });
});
