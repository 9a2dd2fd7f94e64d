import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

const PALISADE = path.join(__dirname, '../../dist/bin/palisade.js');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'palisade-eif-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));
for (const name of ['kernel', 'init.cpio', 'app.cpio']) {
  fs.writeFileSync(path.join(folder, name), `the ${name}`);
}

const eif = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PALISADE, 'eif', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
};
const PARTS = ['--kernel', 'kernel', '--cmdline', 'quiet', '--ramdisk', 'init.cpio', '--ramdisk', 'app.cpio'];

test('an image is built, measured and described', () => {
  const built = eif('build', ...PARTS, '--output', 'a.eif', '--name', 'notes', '--json');
  expect(built).toMatchObject({ status: 0, stderr: '' });
  expect(JSON.parse(built.stdout)).toEqual({
    HashAlgorithm: 'Sha384 { ... }',
    PCR0: expect.stringMatching(/^[0-9a-f]{96}$/),
    PCR1: expect.stringMatching(/^[0-9a-f]{96}$/),
    PCR2: expect.stringMatching(/^[0-9a-f]{96}$/),
  });
  expect(eif('measure', 'a.eif', '--json').stdout).toBe(built.stdout);
  expect(eif('measure', 'a.eif').stdout).toContain(`PCR0        ${JSON.parse(built.stdout).PCR0}`);
  expect(eif('describe', 'a.eif').stdout).toMatch(/cmdline {5}quiet\nsigner {6}none\nmetadata .*notes.*not measured/);
  eif('build', ...PARTS, '--output', 'b.eif', '--name', 'notes');
  const read = (name: string) => fs.readFileSync(path.join(folder, name));
  expect(read('a.eif').equals(read('b.eif'))).toBe(true);
});

test('an image that is not in order ends with 1 and a code, wrong usage with 2', () => {
  fs.writeFileSync(path.join(folder, 'bad.eif'), 'no image');
  expect(eif('measure', 'bad.eif')).toMatchObject({ status: 1, stderr: expect.stringMatching(/^PALISADE-E100/) });
  expect(eif('build', ...PARTS, '--output', 'kernel')).toMatchObject({ status: 1 });
  expect(fs.readFileSync(path.join(folder, 'kernel'), 'utf8')).toBe('the kernel');
  for (const args of [['measure'], ['build'], ['build', ...PARTS], ['judge'], [], ['measure', 'a', 'b']]) {
    expect(eif(...args).status).toBe(2);
  }
});
