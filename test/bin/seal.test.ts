import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

const PALISADE = path.join(__dirname, '../../dist/bin/palisade.js');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'palisade-seal-'));
const at = (...names: string[]) => path.join(folder, ...names);
const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PALISADE, ...args], { encoding: 'utf8' });
  return {
    status,
    stderr,
    lines: stdout
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  };
};
const pair = generateKeyPairSync('ec', { namedCurve: 'P-384' });
afterAll(() => fs.rmSync(folder, { recursive: true }));

beforeAll(() => {
  fs.writeFileSync(at('private.pem'), pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  fs.writeFileSync(at('public.pem'), pair.publicKey.export({ type: 'spki', format: 'pem' }));
  const other = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  fs.writeFileSync(at('other.pem'), other.publicKey.export({ type: 'spki', format: 'pem' }));
});

beforeEach(() => {
  fs.rmSync(at('model'), { recursive: true, force: true });
  fs.mkdirSync(at('model/weights'), { recursive: true });
  fs.writeFileSync(at('model/config.json'), '{}');
  fs.writeFileSync(at('model/weights/1.bin'), Buffer.alloc(9 * 1024 * 1024, 7));
  fs.mkdirSync(at('model/cache'));
  fs.writeFileSync(at('model/cache/x'), 'x');
});

const seal = (...more: string[]) => run('seal', at('model'), '--key', at('private.pem'), ...more);
const verify = (...more: string[]) => run('verify', at('model'), '--key', at('public.pem'), ...more);

test('a sealed folder verifies, with what was left out changed', () => {
  expect(seal('--ignore', 'cache')).toMatchObject({
    status: 0,
    lines: [{ files: 2, signature: at('model/model.sig'), digest: expect.stringMatching(/^[0-9a-f]{64}$/) }],
  });
  expect(verify()).toMatchObject({ status: 0, lines: [{ valid: true, files: 2, differences: 0 }] });
  fs.writeFileSync(at('model/cache/x'), 'y');
  expect(verify()).toMatchObject({ status: 0 });
});

test("a folder that is left out may end with the shell's slash", () => {
  expect(seal('--ignore', './cache/')).toMatchObject({ status: 0, lines: [{ files: 2 }] });
  expect(verify()).toMatchObject({ status: 0, lines: [{ valid: true, files: 2 }] });
});

test('what a verifier would refuse is not sealed, and nothing is written', () => {
  for (const args of [
    ['--ignore', '*.bin'],
    ['--ignore', '../other'],
    ['--out', at('model/a[1].sig')],
    ['--out', at('model/cache')],
  ]) {
    expect(seal(...args)).toMatchObject({ status: 2, lines: [] });
  }
  expect(fs.readdirSync(at('model')).sort()).toEqual(['cache', 'config.json', 'weights']);
});

test('what an interrupted run left is not sealed', () => {
  fs.writeFileSync(at('model/model.sig.partial'), '{');
  expect(seal()).toMatchObject({ status: 0, lines: [{ files: 3 }] });
  expect(verify()).toMatchObject({ status: 0, lines: [{ valid: true }] });
});

test('a signature whose name begins with two dots is no file of the model', () => {
  seal('--out', at('model/..sig'));
  expect(verify('--signature', at('model/..sig'))).toMatchObject({ status: 0 });
});

test('a signature file that is nested without end is refused, not crashed on', () => {
  fs.writeFileSync(at('deep.sig'), `${'['.repeat(100_000)}${']'.repeat(100_000)}`);
  expect(verify('--signature', at('deep.sig'))).toMatchObject({ status: 1, lines: [{ code: 'PALISADE-S020' }] });
  fs.truncateSync(at('deep.sig'), 65 * 1024 * 1024);
  expect(verify('--signature', at('deep.sig'))).toMatchObject({ status: 2, stderr: expect.stringContaining('longer') });
  expect(verify('--signature', at('model'))).toMatchObject({ status: 2, stderr: expect.stringContaining('not there') });
});

test('each difference is named', () => {
  seal('--out', at('elsewhere.sig'));
  fs.appendFileSync(at('model/config.json'), ' ');
  fs.rmSync(at('model/cache/x'));
  fs.writeFileSync(at('model/new.bin'), '');
  expect(verify('--signature', at('elsewhere.sig'))).toMatchObject({
    status: 1,
    lines: [
      { name: 'cache/x', difference: 'missing' },
      { name: 'config.json', difference: 'altered' },
      { name: 'new.bin', difference: 'extra' },
      { valid: false, files: 3, differences: 3 },
    ],
  });
});

test('a renamed file is missing and extra', () => {
  seal();
  fs.renameSync(at('model/config.json'), at('model/configuration.json'));
  expect(verify().lines.map(({ difference }) => difference)).toEqual(['missing', 'extra', undefined]);
});

test('a signature of another key, or changed, says so', () => {
  seal();
  const other = run('verify', at('model'), '--key', at('other.pem'));
  expect(other).toMatchObject({ status: 1, lines: [{ valid: false, code: 'PALISADE-S021' }] });
  const file = at('model/model.sig');
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').slice(0, -40));
  expect(verify()).toMatchObject({ status: 1, lines: [{ valid: false, code: 'PALISADE-S020' }] });
});

test('without a key a list finds accidents, and says that nothing is signed', () => {
  const list = at('model/model.files.json');
  expect(run('seal', at('model'))).toMatchObject({ status: 0, lines: [{ list, signed: false, files: 3 }] });
  const compared = () => run('verify', at('model'));
  expect(compared()).toMatchObject({ status: 0, lines: [{ valid: true, signed: false, files: 3, differences: 0 }] });
  fs.appendFileSync(at('model/config.json'), ' ');
  expect(compared()).toMatchObject({
    status: 1,
    lines: [{ name: 'config.json', difference: 'altered' }, { valid: false }],
  });
  // A list is no signature, and a signature is not taken for one without its key.
  expect(verify('--signature', list)).toMatchObject({ status: 1, lines: [{ valid: false, code: 'PALISADE-S020' }] });
  fs.rmSync(list);
  seal();
  expect(compared()).toMatchObject({ status: 2, stderr: expect.stringContaining('needs --key') });
});

test('links are refused, when sealing and when verifying', () => {
  seal();
  fs.symlinkSync('/etc/passwd', at('model/passwd'));
  expect(seal()).toMatchObject({ status: 2, stderr: expect.stringContaining('PALISADE-S023') });
  expect(verify()).toMatchObject({ status: 1, lines: [{ valid: false, code: 'PALISADE-S023' }] });
});

test.each([
  [['seal'], 'one folder'],
  [['seal', fs.mkdtempSync(path.join(folder, 'empty-'))], 'has no file'],
  [['seal', os.tmpdir(), '--key', __filename], 'no such key'],
  [['verify', os.tmpdir(), '--key', __filename], 'is not there'],
  [['verify', __filename, '--key', __filename], 'one folder'],
])('%j is wrong usage', (args, message) => {
  expect(run(...args)).toMatchObject({ status: 2, stderr: expect.stringContaining(message) });
});
