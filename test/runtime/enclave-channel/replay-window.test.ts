import * as fc from 'fast-check';
import { ReplayWindow } from '../../../runtime/enclave-channel';

const SKEW = 1000;
const id = (number: number) => Uint8Array.of(number >> 8, number & 255);
const taken = (window: ReplayWindow, number: number, time: number): string => {
  try {
    window.admit(id(number), time);
    return 'taken';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

test('whatever the clock does, no request is taken twice', () => {
  // A request keeps the time that it was sealed at: it is under the seal.
  const requests = fc.array(fc.integer({ min: 10_000, max: 13_000 }), { minLength: 1, maxLength: 6 });
  const step = fc.record({ request: fc.nat(5), tick: fc.integer({ min: -500, max: 800 }) });
  fc.assert(
    fc.property(requests, fc.array(step, { maxLength: 40 }), (times, steps) => {
      let now = 10_000;
      const window = new ReplayWindow(() => now, SKEW, 4);
      const before = new Set<number>();
      for (const { request, tick } of steps) {
        now += tick;
        const number = request % times.length;
        if (taken(window, number, times[number]) === 'taken') {
          expect(before).not.toContain(number);
          before.add(number);
        }
      }
    }),
    { numRuns: 2000 },
  );
});

test('a full window refuses what is new, and has room again when its requests are too old to be taken', () => {
  let now = 10_000;
  const window = new ReplayWindow(() => now, SKEW, 3);
  expect([1, 2, 3, 4].map((number) => taken(window, number, now))).toEqual([
    'taken',
    'taken',
    'taken',
    'PALISADE-E204',
  ]);
  expect(taken(window, 1, now)).toBe('PALISADE-E203');
  now += 2 * SKEW;
  expect(taken(window, 1, 10_000)).toBe('PALISADE-E202');
  expect([4, 5, 6, 7].map((number) => taken(window, number, now))).toEqual([
    'taken',
    'taken',
    'taken',
    'PALISADE-E204',
  ]);
});

test('a clock that is set back reopens nothing', () => {
  let now = 10_000;
  const window = new ReplayWindow(() => now, SKEW, 3);
  expect(taken(window, 1, 10_000)).toBe('taken');
  now = 20_000;
  expect(taken(window, 2, 20_000)).toBe('taken');
  now = 10_000;
  expect(taken(window, 1, 10_000)).toBe('PALISADE-E202');
});
