import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

const PALISADE = path.join(__dirname, '../../dist/bin/palisade.js');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'palisade-pipe-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** More than a pipe holds. */
const lines = path.join(folder, 'lines.jsonl');
fs.writeFileSync(lines, `${JSON.stringify({ id: 'a', text: 'x'.repeat(1000) })}\n`.repeat(2000));

// Not 1, which `palisade scan` says of an unsafe file.
const hasFullDevice = fs.existsSync('/dev/full');
(hasFullDevice ? test : test.skip)(
  `output that cannot be written ends with 2${hasFullDevice ? '' : ': no /dev/full here'}`,
  () => {
    const full = fs.openSync('/dev/full', 'w');
    for (const name of ['redact', 'scan']) {
      const { status, stderr } = spawnSync(process.execPath, [PALISADE, name, lines], {
        stdio: ['ignore', full, 'pipe'],
        encoding: 'utf8',
      });
      expect({ status, stderr }).toEqual({
        status: 2,
        stderr: expect.stringMatching(/^the output cannot be written: .*ENOSPC.*\n$/),
      });
    }
    fs.closeSync(full);
  },
);

test.each([
  ['redact', [lines]],
  ['screen', [lines]],
])('%s ends without a word when nobody reads on', async (name, args) => {
  const child = spawn(process.execPath, [PALISADE, name, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (piece) => {
    said += piece;
  });
  child.stdout.once('data', () => child.stdout.destroy());
  const [code] = await once(child, 'close');
  expect({ code, said }).toEqual({ code: 141, said: '' });
});
