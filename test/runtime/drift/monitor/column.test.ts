import { type ColumnDesign, stepColumn } from '../../../../runtime/drift/monitor/column';
import { type ColumnState, UNKNOWN_COLUMN } from '../../../../runtime/drift/monitor/state';

const DESIGN: ColumnDesign = { windows: 24, rows: 30, h: 6 };
const AT = '2026-11-01T00:00:00.000Z';

/** Rows around a mean, whose own deviation is 1. */
const rows = (mean: number) => Array.from({ length: 40 }, (_, index) => mean + (index % 2 === 0 ? 1 : -1));

/** A baseline of windows whose means hardly differ, and then as many windows at a shift as it takes to alarm. */
function windowsUntilAlarm(shift: number, of = rows): number | undefined {
  let state: ColumnState = UNKNOWN_COLUMN;
  for (let window = 0; window < DESIGN.windows; window++) {
    state = stepColumn(state, AT, of(0.001 * Math.sin(window * window)), DESIGN).state;
  }
  for (let window = 1; window <= 60; window++) {
    const step = stepColumn(state, AT, of(shift), DESIGN);
    if (step.alarm) {
      return window;
    }
    state = step.state;
  }
  return undefined;
}

test('a shift counts by the deviation of the rows, not by how exactly their mean is known', () => {
  expect(windowsUntilAlarm(0.02)).toBeUndefined();
  expect(windowsUntilAlarm(0.2)).toBeLessThanOrEqual(3);
});

test('one window counts for three and a half sigmas at most, two alarm', () => {
  expect(windowsUntilAlarm(1000)).toBe(3);
});

test('answers that never vary are watched too', () => {
  const constant = () => new Array<number>(40).fill(5);
  expect(windowsUntilAlarm(0, constant)).toBeUndefined();
  const moved = (mean: number) => new Array<number>(40).fill(mean > 0.5 ? 6 : 5);
  expect(windowsUntilAlarm(1, moved)).toBe(3);
});
