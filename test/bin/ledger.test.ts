import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { checkpointName, entryName, Ledger, makeCheckpoint } from '../../runtime/ledger';
import { eventOf, LocalKey, MemoryStore, NOW } from '../runtime/ledger/memory-store';

const PALISADE = path.join(__dirname, '../../dist/bin/palisade.js');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ledger-'));
const at = (...names: string[]) => path.join(folder, ...names);
const run = (...args: string[]) => spawnSync(process.execPath, [PALISADE, 'ledger', ...args], { encoding: 'utf8' });
const key = new LocalKey();
afterAll(() => fs.rmSync(folder, { recursive: true }));

beforeAll(async () => {
  const store = new MemoryStore();
  const ledger = new Ledger(store, 'governance', () => NOW);
  for (let index = 0; index < 5; index += 1) {
    await ledger.append(eventOf(`request-${index}`));
    if (index === 2) {
      await makeCheckpoint(store, 'governance', key, new Date(NOW));
    }
  }
  await makeCheckpoint(store, 'governance', key, new Date(NOW));
  for (const [name, text] of store.texts) {
    fs.mkdirSync(path.dirname(at('copy', name)), { recursive: true });
    fs.writeFileSync(at('copy', name), text);
  }
  fs.writeFileSync(at('key.pem'), key.pair.publicKey.export({ type: 'spki', format: 'pem' }));
  fs.writeFileSync(at('key.der'), key.pair.publicKey.export({ type: 'spki', format: 'der' }));
});

test('a copy is verified with the public key, in either form, and without one', () => {
  for (const file of ['key.pem', 'key.der']) {
    const { status, stdout } = run('verify', at('copy'), '--key', at(file));
    expect(JSON.parse(stdout)).toMatchObject({ valid: true, entries: 5, covered: 5, beyond: 0, signed: true });
    expect(status).toBe(0);
  }
  expect(JSON.parse(run('verify', at('copy')).stdout)).toMatchObject({ valid: true, signed: false });
});

test('a copy without checkpoints is not signed, and one without entries is none', () => {
  fs.cpSync(at('copy'), at('unsigned'), { recursive: true });
  fs.rmSync(at('unsigned', 'checkpoints'), { recursive: true });
  const { status, stdout } = run('verify', at('unsigned'), '--key', at('key.pem'));
  expect(JSON.parse(stdout)).toMatchObject({ valid: false, signed: false, fault: { code: 'PALISADE-L016' } });
  expect(status).toBe(1);
  fs.rmSync(at('unsigned', 'entries'), { recursive: true });
  fs.mkdirSync(at('unsigned', 'entries'));
  expect(run('verify', at('unsigned'), '--key', at('key.pem')).status).toBe(2);
});

test('a proof leaves the ledger and is verified without it', () => {
  const proof = run('prove', at('copy'), '--entry', '3');
  expect(proof.status).toBe(0);
  fs.writeFileSync(at('proof.json'), proof.stdout);
  const { status, stdout } = run('verify', '--proof', at('proof.json'), '--key', at('key.pem'));
  expect(JSON.parse(stdout)).toMatchObject({ valid: true, entry: { sequence: 3, request: 'request-3' } });
  expect(status).toBe(0);
  fs.writeFileSync(at('proof.json'), proof.stdout.replace('request-3', 'request-4'));
  const forged = run('verify', '--proof', at('proof.json'), '--key', at('key.pem'));
  expect(forged).toMatchObject({ status: 1, stderr: expect.stringContaining('PALISADE-L012') });
  expect(run('prove', at('copy'), '--entry', '5')).toMatchObject({ status: 1 });
});

test('a checkpoint that was kept shows whether the ledger still begins so', () => {
  const kept = at('copy', checkpointName(3));
  const proof = run('prove', at('copy'), '--since', kept);
  expect(proof).toMatchObject({ status: 0, stdout: expect.not.stringContaining('request-') });
  fs.writeFileSync(at('extension.json'), proof.stdout);
  const { status, stdout } = run('verify', '--proof', at('extension.json'), '--key', at('key.pem'));
  expect(JSON.parse(stdout)).toEqual({ valid: true, ledger: 'governance', from: 3, to: 5 });
  expect(status).toBe(0);
  const witnessed = run('verify', at('copy'), '--key', at('key.pem'), '--checkpoint', kept);
  expect(witnessed.status).toBe(0);
});

test('one flipped byte is found, and the entry named', () => {
  fs.cpSync(at('copy'), at('broken'), { recursive: true });
  const file = at('broken', entryName(2));
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('prod', 'proc'));
  const { status, stdout } = run('verify', at('broken'), '--key', at('key.pem'));
  expect(JSON.parse(stdout)).toMatchObject({ valid: false, entries: 2, fault: { entry: 2, code: 'PALISADE-L010' } });
  expect(status).toBe(1);
});

test.each([
  [['verify'], 'one folder'],
  [['verify', os.tmpdir()], 'no copy of a ledger'],
  [['verify', '.', '--key', __filename], 'no copy of a ledger'],
  [['prove', '.'], 'no copy of a ledger'],
  [['verify', '--proof', __filename], '--proof needs --key'],
  [['prove', at('copy')], 'either --entry or --since'],
  [['prove', at('copy'), '--entry', '1', '--since', __filename], 'either --entry or --since'],
  [['prove', at('copy'), '--entry', '-1'], '--entry'],
  [['shred'], 'allowed: verify, prove'],
])('%j is wrong usage', (args, message) => {
  expect(run(...args)).toMatchObject({ status: 2, stderr: expect.stringContaining(message) });
});
