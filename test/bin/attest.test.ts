import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

const PALISADE = path.join(__dirname, '../../dist/bin/palisade.js');
const FOLDER = path.join(__dirname, '../../../shared/data/attestation');
const NAME = 'evervault_attestation-doc-validation-valid-attestation-doc-bytes-a7255268';
const DEBUG = 'evervault_attestation-doc-validation-debug-mode-attestation-doc-bytes-46591b92';
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'palisade-attest-'));
afterAll(() => fs.rmSync(scratch, { recursive: true }));

const document = path.join(FOLDER, `${NAME}.bin`);
const verify = (...args: string[]) =>
  spawnSync(process.execPath, [PALISADE, 'attest', 'verify', ...args], { encoding: 'utf8' });

test.each([
  ['no file', [], /expected one FILE/],
  ['a file that is not there', ['nowhere.bin'], /nowhere\.bin cannot be read/],
  ['a time that is none', [__filename, '--at', 'yesterday'], /--at/],
  ['a measurement without register', [__filename, '--pcr', 'abcd'], /--pcr/],
  ['a register twice', [__filename, '--pcr', '0=ab', '--pcr', '0=cd'], /twice/],
  ['a measurement that is none', [__filename, '--pcr', '0=abcd'], /no measurement/],
  ['a nonce that is not hexadecimal', [__filename, '--nonce', 'xyz'], /--nonce/],
])('%s is wrong usage', (_name, args, message) => {
  const { status, stderr } = verify(...args);
  expect(stderr).toMatch(message);
  expect(status).toBe(2);
});

test('what is no document is refused with its code', () => {
  const file = path.join(scratch, 'noise.bin');
  fs.writeFileSync(file, Buffer.from([0xff, 0, 1]));
  const { status, stderr } = verify(file);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^PALISADE-E001 /);
  const { stdout } = verify(file, '--json');
  expect(JSON.parse(stdout)).toMatchObject({ valid: false, code: 'PALISADE-E001' });
});

if (!fs.existsSync(FOLDER)) {
  test.skip('documents of real hardware: ../shared/data/attestation is missing', () => {});
} else {
  const { timestamp, pcrs } = JSON.parse(fs.readFileSync(path.join(FOLDER, `${NAME}.json`), 'utf8'));
  const at = ['--at', new Date(timestamp).toISOString()];

  test('a real document holds at its time, with its measurements', () => {
    const { status, stdout } = verify(document, ...at, '--pcr', `0=${pcrs[0]}`, '--pcr', `8=${pcrs[8].toUpperCase()}`);
    expect([status, stdout.split('\n')[0]]).toEqual([0, 'valid: signed by the Nitro system']);
    expect(stdout).toContain('measurements: as asked for');
  });

  test('it says when nothing was pinned; milliseconds, base64 and standard input are read too', () => {
    const file = path.join(scratch, 'document.b64');
    fs.writeFileSync(file, `${fs.readFileSync(document).toString('base64')}\n`);
    const { stdout } = verify(file, '--at', String(timestamp), '--json');
    expect(JSON.parse(stdout)).toMatchObject({ valid: true, debug: false, pcrs });
    const piped = execFileSync(process.execPath, [PALISADE, 'attest', 'verify', '-', ...at], {
      input: fs.readFileSync(document),
      encoding: 'utf8',
    });
    expect(piped).toContain('any image would pass');
  });

  test.each([
    ['now', [], 'PALISADE-E009'],
    ['with another measurement', [...at, '--pcr', `0=${pcrs[1]}`], 'PALISADE-E013'],
    ['with another nonce', [...at, '--nonce', '00'], 'PALISADE-E015'],
    ['an hour later', ['--at', String(timestamp + 3_600_000)], 'PALISADE-E018'],
  ])('it does not hold %s', (_name, args, code) => {
    const { status, stdout } = verify(document, '--json', ...args);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ valid: false, code });
  });

  test('an enclave in debug mode is refused unless asked for', () => {
    const file = path.join(FOLDER, `${DEBUG}.bin`);
    const { timestamp: time } = JSON.parse(fs.readFileSync(path.join(FOLDER, `${DEBUG}.json`), 'utf8'));
    expect(verify(file, '--at', String(time)).stderr).toMatch(/^PALISADE-E012/);
    const allowed = verify(file, '--at', String(time), '--allow-debug');
    expect([allowed.status, allowed.stdout]).toEqual([0, expect.stringContaining('DEBUG MODE')]);
  });
}
