import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { scan as command } from '../../bin/commands/scan';
import { pickle } from '../runtime/artifact-scan/pickle-writer';
import { bytes, safetensors, zip } from '../runtime/artifact-scan/support';

const PALISADE = path.join(__dirname, '../../dist/bin/palisade.js');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'palisade-scan-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const file = (name: string, content: Uint8Array): string => {
  const full = path.join(folder, name);
  fs.mkdirSync(path.dirname(full), { recursive: true });
  fs.writeFileSync(full, content);
  return full;
};
const weights = file('model/weights.safetensors', safetensors({ a: 8 }));
const card = file('model/README.md', bytes('# Card\n'));
const attack = file(
  'attack.pt',
  zip([{ name: 'data.pkl', content: pickle({ call: { global: ['os', 'system'] }, with: ['id'] }, 4) }]),
);
const strange = file('strange.bin', Buffer.from([0xfe, 0, 1]));

async function scan(...args: string[]) {
  const print = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    const code = await command.run(args);
    return { code, lines: print.mock.calls.map(([line]) => JSON.parse(line)) };
  } finally {
    print.mockRestore();
  }
}

test('one line for each file, and 0 when all are safe', async () => {
  expect(await scan(weights, card)).toEqual({
    code: 0,
    lines: [
      { file: weights, format: 'safetensors', verdict: 'safe', reasons: [] },
      { file: card, format: 'text', verdict: 'safe', reasons: [] },
    ],
  });
});

test('1 when any is not, with the reason', async () => {
  const reason = {
    code: 'PALISADE-T041',
    verdict: 'unsafe',
    entry: 'data.pkl',
    problem: 'a pickle that imports os.system',
  };
  expect(await scan(weights, attack)).toMatchObject({
    code: 1,
    lines: [{ verdict: 'safe' }, { file: attack, verdict: 'unsafe', reasons: [reason] }],
  });
  expect(await scan(strange)).toMatchObject({ code: 1, lines: [{ verdict: 'unknown' }] });
});

test('source code in a folder is no safer than in an archive', async () => {
  file('source/code/requirements.txt', bytes('numpy'));
  file('source/model.py', bytes('import os\nos.system("id")\n'));
  file('source/notes.txt', bytes('os.system is a function'));
  const { lines } = await scan(path.join(folder, 'source'));
  expect(lines.map(({ verdict }) => verdict)).toEqual(['unknown', 'unsafe', 'safe']);
  expect((await scan(path.join(folder, 'source/model.py'))).code).toBe(1);
  expect((await scan(path.join(folder, 'source/code/requirements.txt'))).code).toBe(0);
});

test('the files of a folder, in the order of their paths; a link in it is not followed', async () => {
  const link = path.join(folder, 'model/zlink');
  fs.symlinkSync(weights, link);
  const { code, lines } = await scan(path.join(folder, 'model'));
  expect(lines.map((line) => [line.file, line.verdict])).toEqual([
    [card, 'safe'],
    [weights, 'safe'],
    [link, 'unknown'],
  ]);
  expect(code).toBe(1);
  expect((await scan(link)).lines).toMatchObject([{ verdict: 'safe' }]);
});

test('nothing is printed where a file cannot be read', async () => {
  await expect(scan()).rejects.toThrow('at least one FILE');
  await expect(scan('--fast', weights)).rejects.toThrow("Unknown option '--fast'");
  await expect(scan(weights, path.join(folder, 'none'))).rejects.toMatchObject({ code: 'PALISADE-T050' });
  await expect(scan('/dev/null')).rejects.toMatchObject({ code: 'PALISADE-T050' });
});

test('palisade scan, as it is built', () => {
  const run = (...args: string[]) => spawnSync(process.execPath, [PALISADE, 'scan', ...args], { encoding: 'utf8' });
  expect(run(weights)).toMatchObject({ status: 0, stderr: '' });
  expect(run(attack)).toMatchObject({ status: 1, stderr: '', stdout: expect.stringContaining('"verdict":"unsafe"') });
  expect(run()).toMatchObject({ status: 2, stdout: '' });
  expect(run(path.join(folder, 'none'))).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining('PALISADE-T050'),
  });
});
