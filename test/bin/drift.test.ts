import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

const PALISADE = path.join(__dirname, '../../dist/bin/palisade.js');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'palisade-drift-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const drift = (args: string[], input = '') => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PALISADE, 'drift', ...args], {
    cwd: folder,
    encoding: 'utf8',
    input,
  });
  return {
    status,
    alarms: stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
    stderr,
  };
};

// A calm series without chance: its values repeat, out of step with everything.
const calm = Array.from({ length: 200 }, (_, index) => Math.sin(index * index) + Math.cos(7 * index));
const moved = calm.map((value, index) => value + (index >= 150 ? 4 : 0));
fs.writeFileSync(path.join(folder, 'calm.csv'), `score\n${calm.join('\n')}\n`);
fs.writeFileSync(path.join(folder, 'moved.csv'), `score\n${moved.join('\n')}\n`);

test('a change is an alarm and exit code 1; without one there is nothing to say', () => {
  for (const chart of ['cusum', 'ewma', 'shewhart', 'psi', 'ks']) {
    const { status, alarms, stderr } = drift(['moved.csv', '--chart', chart]);
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(alarms[0]).toMatchObject({ column: 'score', chart, direction: 'up' });
    expect(alarms[0].index).toBeGreaterThanOrEqual(150);
    expect(alarms[0].statistic).toBeGreaterThanOrEqual(alarms[0].limit);
    expect(drift(['calm.csv', '--chart', chart])).toEqual({ status: 0, alarms: [], stderr: '' });
  }
});

test('a number alone on each line, from standard input, is a table', () => {
  const { status, alarms } = drift(['-', '--chart', 'cusum'], moved.join('\n'));
  expect(status).toBe(1);
  expect(alarms).toEqual(drift(['moved.csv', '--chart', 'cusum']).alarms.map((alarm) => ({ ...alarm, column: '1' })));
});

test('limits follow the options', () => {
  const limit = (...args: string[]) => drift(['moved.csv', ...args]).alarms[0].limit;
  expect(limit('--chart', 'cusum', '--arl0', '370.4')).toBeCloseTo(4.774897, 5);
  expect(limit('--chart', 'cusum', '--h', '7.5')).toBe(7.5);
  expect(limit('--chart', 'shewhart', '--l', '2.5')).toBe(2.5);
  expect(limit('--chart', 'ewma', '--lambda', '0.1', '--l', '2.7')).toBeCloseTo(2.7 * Math.sqrt(0.1 / 1.9), 10);
  expect(drift(['moved.csv', '--chart', 'shewhart', '--rules']).alarms[0].rule).toBeGreaterThan(0);
  expect(drift(['calm.csv', '--chart', 'cusum', '--target', '2', '--sigma', '1']).alarms[0]).toMatchObject({
    direction: 'down',
    mean: 2,
    sigma: 1,
  });
  expect(drift(['moved.csv', '--chart', 'ks', '--baseline-file', 'calm.csv']).alarms[0].index).toBeGreaterThan(150);
});

test('what is wrong ends with 2, and a table with the line', () => {
  expect(drift(['-', '--chart', 'cusum'], '1\n2\nx\n')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^PALISADE-F002 -:3\n/),
  });
  for (const args of [
    [],
    ['moved.csv'],
    ['moved.csv', 'calm.csv', '--chart', 'cusum'],
    ['moved.csv', '--chart', 'cumsum'],
    ['moved.csv', '--chart', 'cusum', '--lambda', '0.1'],
    ['moved.csv', '--chart', 'cusum', '--k', 'half'],
    ['moved.csv', '--chart', 'cusum', '--k', '-1'],
    ['moved.csv', '--chart', 'cusum', '--target', '1'],
    ['moved.csv', '--chart', 'cusum', '--baseline', '20', '--baseline-file', 'calm.csv'],
    ['moved.csv', '--chart', 'cusum', '--column', 'none'],
    ['none.csv', '--chart', 'cusum'],
    ['.', '--chart', 'cusum'],
  ]) {
    expect({ args, status: drift(args).status }).toEqual({ args, status: 2 });
  }
});
