import * as fc from 'fast-check';
import { charactersOf, nextRun, runEnd } from '../../../runtime/screening/runs';
import { Units } from '../../../runtime/screening/units';

const LETTERS = charactersOf(/[ab]/);

test('the runs that are found in steps are those that a pattern finds', () => {
  const units = new Units();
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'b', 'a', '.', '忽'), maxLength: 80 }),
      fc.integer({ min: 1, max: 6 }),
      (text, least) => {
        const found: [number, number][] = [];
        const read = units.of(text);
        for (let start = 0; ; ) {
          start = nextRun(LETTERS, least, read, text.length, start);
          if (start === text.length) {
            break;
          }
          const end = runEnd(LETTERS, read, text.length, start + least);
          found.push([start, end]);
          start = end;
        }
        const expected = [...text.matchAll(/[ab]+/g)].map(({ 0: run, index }) => [index, index + run.length]);
        expect(found).toEqual(expected.filter(([start, end]) => end - start >= least));
      },
    ),
    { numRuns: 2000 },
  );
});

test('units of a shorter text are not mixed up with those of a longer one', () => {
  const units = new Units();
  units.of('a long text');
  expect(String.fromCharCode(...units.of('é🔓').subarray(0, 3))).toBe('é🔓');
});
