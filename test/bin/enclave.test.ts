import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { entriesOf, openModel } from '../../runtime/sealed-model';

/* The built command, with a stand-in for the AWS CLI on its PATH. */

const COMMAND = path.resolve('dist/bin/palisade.js');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'seal-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));
const at = (name: string) => path.join(folder, name);

// "Wraps" by writing what came in, and notes its arguments.
fs.mkdirSync(at('bin'));
fs.writeFileSync(
  at('bin/aws'),
  `#!/bin/sh\necho "$@" >"${at('arguments')}"\n[ -z "$REFUSE" ] || { echo "An error occurred (AccessDeniedException)" >&2; exit 254; }\ntee "${at('key')}" </dev/stdin | base64 -w0\n`,
  { mode: 0o755 },
);
fs.mkdirSync(at('model/sub'), { recursive: true });
fs.writeFileSync(at('model/model.onnx'), 'CANARY weights');
fs.writeFileSync(at('model/sub/config.json'), '{}');

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1';
const seal = (args: string[], environment: Record<string, string> = {}) =>
  spawnSync(process.execPath, [COMMAND, 'enclave', 'seal', ...args], {
    encoding: 'utf8',
    env: { PATH: `${at('bin')}:${process.env.PATH}`, ...environment },
  });
const usual = (out: string) => [at('model'), '--system', 'clinical-notes', '--key', KEY, '--out', at(out)];

test('seals a folder, under a key that is in no argument and in no file of its own', async () => {
  const done = seal(usual('sealed'));
  expect(done).toMatchObject({ status: 0, stderr: '' });
  const called = fs.readFileSync(at('arguments'), 'utf8');
  expect(called).toContain(`kms encrypt --region eu-west-1 --key-id ${KEY} --plaintext fileb:///dev/stdin`);
  expect(called).toContain('--encryption-context system=clinical-notes,purpose=model');
  const key = fs.readFileSync(at('key'));
  expect(key).toHaveLength(32);
  expect(called).not.toContain(key.toString('hex'));
  const sealed = fs.readFileSync(at('sealed'));
  expect(sealed.includes('CANARY')).toBe(false);
  const opened = await openModel(sealed, { system: 'clinical-notes', unwrap: async () => Uint8Array.from(key) });
  const found: Record<string, string> = {};
  for await (const { name, content } of entriesOf(opened.plaintext)) {
    found[name] = '';
    for await (const piece of content) {
      found[name] += Buffer.from(piece).toString();
    }
  }
  expect(found).toEqual({ 'model.onnx': 'CANARY weights', 'sub/config.json': '{}' });
  expect(done.stdout).toContain(`model        ${opened.digest()}`);
});

test('leaves nothing behind when KMS refuses, and says who may', () => {
  const done = seal(usual('refused'), { REFUSE: '1' });
  expect(done.status).toBe(2);
  expect(done.stderr).toContain('PALISADE-E326');
  expect(done.stderr).toContain('AccessDeniedException');
  expect(fs.readdirSync(folder).filter((name) => name.startsWith('refused'))).toEqual([]);
});

test('takes no link, no missing folder and no name that an archive cannot have', () => {
  fs.mkdirSync(at('linked'));
  fs.symlinkSync('/etc/passwd', at('linked/passwd'));
  const run = (model: string) => seal([at(model), ...usual('x').slice(1)]);
  expect(run('linked').stderr).toContain('PALISADE-E325');
  expect(run('missing').stderr).toContain('PALISADE-E325');
  fs.mkdirSync(at('hidden'));
  fs.writeFileSync(at('hidden/.secret'), '');
  expect(run('hidden').stderr).toContain('PALISADE-E324');
  expect(fs.existsSync(at('x'))).toBe(false);
});

test('asks for what it needs', () => {
  const alias = seal([...usual('x').slice(0, 4), 'alias/model', '--out', at('x')]);
  expect(alias).toMatchObject({ status: 2, stderr: expect.stringContaining("'alias/model'") });
  expect(seal([at('model')])).toMatchObject({ status: 2, stderr: expect.stringContaining('--system') });
});

test('doctor says that this is no host', () => {
  const done = spawnSync(process.execPath, [COMMAND, 'enclave', 'doctor', '--json'], { encoding: 'utf8' });
  expect(done.status).toBe(1);
  expect(JSON.parse(done.stdout)).toEqual([
    expect.objectContaining({ name: 'settings', state: 'fail', fix: expect.stringContaining('replace the host') }),
  ]);
});
