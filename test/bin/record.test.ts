import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { sealBodies } from '../../runtime/gateway';
import { recordDigest } from '../../runtime/inference-records';

/* The built command, with a stand-in for the AWS CLI on its PATH: it opens one wrapped key, and keeps one file. */

const COMMAND = path.resolve('dist/bin/palisade.js');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'record-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));
const at = (name: string) => path.join(folder, name);

const KEY = {
  plaintext: new Uint8Array(randomBytes(32)),
  wrapped: new Uint8Array(randomBytes(100)),
  keyId: 'arn:aws:kms:eu-west-1:111122223333:key/1234-abcd',
};
const ABOUT = { system: 'notes', requestId: 'r-1', time: '2025-11-24T16:00:00.000Z' };
const BODIES = sealBodies(ABOUT, { request: 'what?\u001b[2J\u009b2J', response: 'CANARY' }, KEY, randomBytes);

fs.mkdirSync(at('bin'));
fs.writeFileSync(
  at('bin/aws'),
  `#!/bin/sh
printf '%s\\n' "$@" >>"${at('arguments')}"
[ -z "$REFUSE" ] || { echo "An error occurred (AccessDeniedException)" >&2; exit 254; }
for last; do :; done
[ "$2" != get-object ] || { cp "${at('bodies.json')}" "$last"; exit 0; }
while [ $# -gt 0 ]; do [ "$1" != --ciphertext-blob ] || cmp -s "\${2#fileb://}" "${at('wrapped')}" || exit 1; shift; done
base64 -w0 "${at('plaintext')}"
`,
  { mode: 0o755 },
);
fs.writeFileSync(at('wrapped'), KEY.wrapped);
fs.writeFileSync(at('plaintext'), KEY.plaintext);
const file = (content: unknown) => {
  fs.writeFileSync(at('bodies.json'), typeof content === 'string' ? content : JSON.stringify(content));
  return at('bodies.json');
};
const show = (args: string[], environment: Record<string, string> = {}) => {
  fs.writeFileSync(at('arguments'), '');
  return spawnSync(process.execPath, [COMMAND, 'record', 'show', ...args], {
    encoding: 'utf8',
    env: { PATH: `${at('bin')}:${process.env.PATH}`, TMPDIR: at('tmp'), ...environment },
  });
};
fs.mkdirSync(at('tmp'));
afterEach(() => expect(fs.readdirSync(at('tmp'))).toEqual([]));

const TEXTS = { ...ABOUT, keyId: KEY.keyId, request: 'what?\u001b[2J\u009b2J', response: 'CANARY' };

test('shows what was asked and answered, once KMS has opened the key for this system', () => {
  const done = show([file(BODIES)]);
  expect(done).toMatchObject({ status: 0, stderr: '' });
  expect(JSON.parse(done.stdout)).toEqual(TEXTS);
  const called = fs.readFileSync(at('arguments'), 'utf8');
  expect(called).toMatch(/^kms\ndecrypt\n--region\neu-west-1\n--key-id\narn:.*\n--ciphertext-blob\nfileb:\/\//);
  expect(called).toContain('--encryption-context\n{"system":"notes","purpose":"inference-record"}\n');
  expect(called).not.toContain(Buffer.from(KEY.plaintext).toString('base64'));
});

test('what callers wrote does nothing to a terminal', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  expect(show([file(BODIES)]).stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});

test('gets the file itself from the bucket', () => {
  file(BODIES);
  const done = show(['--bucket', 'bodies', '--key', 'bodies/notes/r-1.json']);
  expect(JSON.parse(done.stdout)).toEqual(TEXTS);
  expect(fs.readFileSync(at('arguments'), 'utf8')).toMatch(
    /^s3api\nget-object\n--bucket\nbodies\n--key\nbodies\/notes\/r-1.json\n/,
  );
});

test.each<[string, string, () => string[], Record<string, string>]>([
  ['KMS refuses', 'PALISADE-W200', () => [file(BODIES)], { REFUSE: '1' }],
  ['there is no file', 'PALISADE-W201', () => [at('none')], {}],
  ['the file is too long', 'PALISADE-W201', () => [file(' '.repeat(8 * 1024 * 1024 + 1))], {}],
  ['the key is another one than expected', 'PALISADE-W202', () => [file(BODIES), '--kms-key', `${KEY.keyId}0`], {}],
  ['the key is no ARN', 'PALISADE-W202', () => [file({ ...BODIES, keyId: '--endpoint-url' })], {}],
  ['the file is no record', 'PALISADE-W030', () => [file('{}')], {}],
  ['the file was altered', 'PALISADE-W031', () => [file({ ...BODIES, requestId: 'r-2' })], {}],
])('says so when %s, and shows nothing: %s', (_, code, args, environment) => {
  const done = show(args(), environment);
  expect([done.status, done.stdout]).toEqual([2, '']);
  expect(done.stderr).toContain(code);
});

test.each([[[]], [['a', 'b']], [['a', '--bucket', 'b', '--key', 'k']], [['--bucket', 'b']]])(
  '%p is wrong usage',
  (args) => {
    const done = show(args);
    expect([done.status, done.stdout]).toEqual([2, '']);
    expect(done.stderr).toContain('palisade record show FILE');
  },
);

describe('record digest', () => {
  const digest = (...args: string[]) =>
    spawnSync(process.execPath, [COMMAND, 'record', 'digest', ...args], { encoding: 'utf8' });
  const folderOf = (name: string, files: Record<string, string>) => {
    fs.mkdirSync(at(name));
    for (const [file, content] of Object.entries(files)) {
      fs.writeFileSync(at(`${name}/${file}`), content);
    }
    return at(name);
  };

  test('is that of the files in the order of their names, and then of the receipts', async () => {
    const [hour, receipts] = [
      folderOf('hour', { 'b.json': '2', 'a.json': '1' }),
      folderOf('receipts', { 'a.json': '3' }),
    ];
    expect(JSON.parse(digest(hour).stdout)).toEqual(await recordDigest(['1', '2'].map((text) => Buffer.from(text))));
    const both = await recordDigest(['1', '2', '3'].map((text) => Buffer.from(text)));
    expect(JSON.parse(digest(hour, receipts).stdout)).toEqual(both);
    fs.writeFileSync(at('hour/b.json'), 'x');
    expect(JSON.parse(digest(hour, receipts).stdout)).not.toEqual(both);
  });

  test.each([
    ['no folder is there', () => [at('none')], 'PALISADE-W203'],
    ['a folder holds folders', () => [folder], 'PALISADE-W203'],
    ['none is named', () => [], 'palisade record digest FOLDER'],
  ])('says so when %s', (_, args, told) => {
    const { status, stdout, stderr } = digest(...args());
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(told);
  });
});
