import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { settingsOf } from '../../../enclave/app';
import { MAXIMUM_DRIFT, requireClock } from '../../../enclave/app/clock';
import { seedKernel } from '../../../enclave/app/entropy';
import { encodeCbor } from '../../../runtime/cbor';

const refused = (code: string) => expect.objectContaining({ code: `PALISADE-${code}` });
const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/mrk-0a1b';
const ENVIRONMENT = { SYSTEM: 'clinical-notes', REGION: 'eu-west-1', KEY_ARN, MODEL_COMMAND: '["serve"]' };

test('four variables are needed, all others have a value', () => {
  expect(settingsOf(ENVIRONMENT)).toEqual({
    system: 'clinical-notes',
    region: 'eu-west-1',
    keyArn: KEY_ARN,
    modelCommand: ['serve'],
    modelDirectory: '/opt/ml/model',
    modelPort: 8080,
    modelUser: 1000,
    modelStartSeconds: 120,
    listen: { kind: 'vsock', cid: 0xffff_ffff, port: 5005 },
    kmsProxy: { kind: 'vsock', cid: 3, port: 8000 },
    agent: { kind: 'vsock', cid: 3, port: 8001 },
    maximumRequest: 4 * 1024 * 1024,
    maximumConcurrency: 64,
    answerSeconds: 60,
  });
});

test.each([
  [{ SYSTEM: undefined }, 'E350'],
  [{ SYSTEM: 'Clinical Notes' }, 'E350'],
  [{ REGION: 'somewhere' }, 'E350'],
  [{ KEY_ARN: undefined }, 'E350'],
  [{ KEY_ARN: 'arn:aws:kms:eu-west-1:111122223333:alias/model' }, 'E350'],
  [{ MODEL_COMMAND: 'serve --all' }, 'E350'],
  [{ MODEL_COMMAND: '[]' }, 'E350'],
  [{ MODEL_COMMAND: '[1]' }, 'E350'],
  [{ MODEL_DIRECTORY: 'relative' }, 'E350'],
  [{ MODEL_PORT: '0' }, 'E350'],
  [{ MODEL_USER: '0' }, 'E350'],
  [{ MAXIMUM_REQUEST: 'much' }, 'E350'],
  [{ LISTEN: 'tcp:0.0.0.0:80' }, 'E300'],
])('%j is refused', (change, code) => {
  expect(() => settingsOf({ ...ENVIRONMENT, ...change })).toThrow(refused(code));
});

describe('the clock', () => {
  const at = (timestamp: unknown) => ({
    attestation: () =>
      encodeCbor([
        new Uint8Array(),
        new Map(),
        encodeCbor(new Map([['timestamp', timestamp as number]])),
        new Uint8Array(),
      ]),
  });

  test('may be off by ten seconds, and no more', () => {
    const now = 1_764_000_000_000;
    requireClock(at(now + MAXIMUM_DRIFT), () => now);
    requireClock(at(now - MAXIMUM_DRIFT), () => now);
    expect(() => requireClock(at(now + MAXIMUM_DRIFT + 1), () => now)).toThrow(refused('E351'));
    expect(() => requireClock(at(now - MAXIMUM_DRIFT - 1), () => now)).toThrow(refused('E351'));
    expect(() => requireClock(at('noon'), () => now)).toThrow(refused('E351'));
  });
});

describe('random bytes of the hypervisor', () => {
  test('go into the kernel, or the enclave does not start', () => {
    let given = 0;
    const nsm = {
      random: () => {
        given += 1;
        return new Uint8Array(64).fill(given);
      },
    };
    const file = path.join(os.tmpdir(), `random-${process.pid}`);
    fs.writeFileSync(file, '');
    expect(() => seedKernel(nsm, file)).toThrow(/E301[\s\S]*ENOTTY/);
    fs.rmSync(file);
    if (process.getuid?.() === 0) {
      given = 0;
      seedKernel(nsm);
      expect(given).toBe(4);
    }
  });
});

describe('the bundle', () => {
  const APP = path.resolve('dist/enclave/app');

  test('runs with nothing beside it but koffi, says what is missing, and where it is not', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'app-'));
    fs.cpSync(APP, folder, { recursive: true });
    const run = (env: Record<string, string>) =>
      spawnSync(process.execPath, ['app.cjs'], { cwd: folder, encoding: 'utf8', env });
    expect(run({})).toMatchObject({ status: 1, stderr: expect.stringContaining('PALISADE-E350') });
    expect(run(ENVIRONMENT)).toMatchObject({ status: 1, stderr: expect.stringContaining('PALISADE-E310') });
    fs.rmSync(folder, { recursive: true });
  });

  test('holds nothing that signs documents, and nobody else’s root', () => {
    const text = fs.readFileSync(path.join(APP, 'app.cjs'), 'latin1');
    for (const word of ['rootForTests', 'BEGIN PRIVATE KEY', 'not a document of the emulator']) {
      expect(text).not.toContain(word);
    }
  });
});
