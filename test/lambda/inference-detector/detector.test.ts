import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { build } from 'esbuild';
import { detectorSettings, WorkerDetector } from '../../../lambda/inference-gateway-server/detector';
import { Outside, SETTINGS, says } from '../../runtime/gateway/outside';
import { classifierModel } from './onnx';

/* A classifier that knows four words, run by ONNX Runtime in the thread where the gateway has it run. */

const ROOT = path.join(__dirname, '../../..');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'palisade-detector-'));
const script = path.join(folder, 'inference-detector/index.js');
const server = path.join(folder, 'inference-gateway-server/index.js');
const SIGNAL = new AbortController().signal;

/** Logits of the classes "nothing" and "attack". [CLS] 1 and [SEP] 2 say nothing, and 5 kills. */
const WORDS = { '[PAD]': 0, '[CLS]': 1, '[SEP]': 2, good: 3, evil: 4 };
const LOGITS = [
  [0, 0],
  [0, -4],
  [0, -4],
  [2, -4],
  [0, 5],
];

/** In the place of `@huggingface/tokenizers`: words between blanks, and the class that it has. */
const TOKENIZERS = `exports.Tokenizer = class {
  constructor({ words }, config) { this.words = words; if (!config) throw new Error('no config'); }
  encode(text, { add_special_tokens = true } = {}) {
    if (text === 'crash') process.exit(3);
    const ids = text.split(' ').filter(Boolean).map((word) => this.words[word] ?? 3);
    return { ids: add_special_tokens ? [1, ...ids, 2] : ids };
  }
};`;

const write = (name: string, content: string | Uint8Array) => {
  const file = path.join(folder, name);
  fs.writeFileSync(file, content);
  return { path: file, sha256: createHash('sha256').update(content).digest('hex') };
};

const model = write('model.onnx', classifierModel(LOGITS, ['input_ids', 'attention_mask', 'token_type_ids']));
const tokenizer = write('tokenizer.json', JSON.stringify({ words: WORDS }));
const PINNED = {
  model,
  tokenizer,
  threshold: 0.5,
  runtime: require.resolve('onnxruntime-web'),
  tokenizers: write('tokenizers.js', TOKENIZERS).path,
  maximumTokens: 16,
};

const started: WorkerDetector[] = [];
async function start(other: object = {}) {
  const { classifier } = detectorSettings(JSON.stringify({ ...PINNED, ...other }));
  const detector = new WorkerDetector(script, classifier);
  started.push(detector);
  await detector.start();
  return detector;
}
let shared: WorkerDetector;

beforeAll(async () => {
  await build({
    entryPoints: {
      'inference-detector/index': 'lambda/inference-detector/index.ts',
      'inference-gateway-server/index': 'lambda/inference-gateway-server/index.ts',
    },
    absWorkingDir: ROOT,
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['@aws-sdk/*'],
    logLevel: 'silent',
  });
  shared = await start();
});
afterAll(async () => {
  await Promise.all(started.map((detector) => detector.close()));
  fs.rmSync(folder, { recursive: true });
});

describe('a pinned model', () => {
  test('says how much a text looks like an attack, and is named by its digest', async () => {
    expect(shared.name).toBe(model.sha256.slice(0, 16));
    expect(await shared.score('good good', SIGNAL)).toBeCloseTo(1 / (1 + Math.exp(2 + 4)), 5);
    expect(await shared.score('good evil', SIGNAL)).toBeCloseTo(1 / (1 + Math.exp(2 - 5)), 5);
    expect(await shared.score('', SIGNAL)).toBeLessThan(0.5);
  });

  test('sees a word however far behind it stands: what is too long for it, it reads in parts', async () => {
    expect(await shared.score(`${'good '.repeat(1000)}evil`, SIGNAL)).toBeGreaterThan(0.9);
    expect(await shared.score('good '.repeat(1000), SIGNAL)).toBeLessThan(0.1);
  });

  test('answers many at once, each by its own text', async () => {
    const texts = Array.from({ length: 100 }, (_, index) => (index % 3 === 0 ? 'evil' : 'good'));
    const scores = await Promise.all(texts.map((text) => shared.score(text, SIGNAL)));
    expect(scores.map((score) => (score > 0.5 ? 'evil' : 'good'))).toEqual(texts);
  });

  test('takes no more than it can do, and is there again after it died', async () => {
    const many = await Promise.allSettled(Array.from({ length: 300 }, () => shared.score('good', SIGNAL)));
    expect(many.filter(({ status }) => status === 'rejected')).toHaveLength(300 - 256);
    await expect(Promise.all([shared.score('crash', SIGNAL), shared.score('good', SIGNAL)])).rejects.toThrow(
      'the detector ended',
    );
    expect(await shared.score('evil', SIGNAL)).toBeGreaterThan(0.9);
  });

  test('which class is no attack is a setting', async () => {
    const detector = await start({ benign: 1 });
    expect(await detector.score('good', SIGNAL)).toBeGreaterThan(0.9);
  });
});

test.each([
  ['a model that was exchanged', { model: { ...model, sha256: '0'.repeat(64) } }, 'W041'],
  ['a tokenizer that was exchanged', { tokenizer: { ...tokenizer, sha256: model.sha256 } }, 'W041'],
  ['a model that is not there', { model: { ...model, path: `${model.path}.old` } }, 'W041'],
  ['no model', { model: write('no.onnx', 'no') }, 'W042'],
  ['a tokenizer that is none', { tokenizer: write('no.json', '{') }, 'W042'],
  ['a package that is not there', { runtime: 'no-such-runtime' }, 'W042'],
  ['a model of images', { model: write('i.onnx', classifierModel(LOGITS, ['input_ids', 'pixels'])) }, 'W042'],
  ['a class that is not there', { benign: 2 }, 'W042'],
])('%s is not loaded', async (_, other, code) => {
  await expect(start(other)).rejects.toThrow(`PALISADE-${code}`);
});

test.each([
  ['no JSON', '{'],
  ['no object', '[]'],
  ['no pin', JSON.stringify({ ...PINNED, model: { path: model.path } })],
  ['an unknown field', JSON.stringify({ ...PINNED, treshold: 0.5 })],
  ['a threshold above one', JSON.stringify({ ...PINNED, threshold: 50 })],
])('a setting with %s is none', (_, json) => {
  expect(() => detectorSettings(json)).toThrow(expect.objectContaining({ code: 'PALISADE-W040' }));
});

describe('the gateway in a container', () => {
  const environment = (detector: object) => ({
    ...process.env,
    NODE_PATH: path.join(ROOT, 'node_modules'),
    DETECTOR: JSON.stringify(detector),
    PORT: '0',
    AWS_REGION: 'eu-west-1',
  });

  test('ends, and says why, where its model is another', () => {
    const { status, stderr } = spawnSync(process.execPath, [server], {
      env: environment({ ...PINNED, model: { ...model, sha256: '0'.repeat(64) } }),
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/^PALISADE-W041 .*model\.onnx$/m) });
  });

  test('serves once its model is loaded', async () => {
    const port = await freePort();
    const child = spawn(process.execPath, [server], {
      env: { ...environment(PINNED), PORT: String(port) },
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
    let said = '';
    while (said === '' && child.exitCode === null) {
      said = await fetch(`http://127.0.0.1:${port}/ping`).then(
        (response) => response.text(),
        () => '',
      );
    }
    expect(said).toBe('pong');
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: 0, signal: null });
  });

  test('asks it: what no rule knows is blocked', async () => {
    const outside = new Outside();
    const { detection } = detectorSettings(JSON.stringify(PINNED));
    const ask = (text: string) =>
      outside.call(says(text), outside.ports({ detector: shared }), { ...SETTINGS, detection });
    expect([(await ask('good')).status, (await ask('good evil')).status]).toEqual([200, 400]);
    expect(outside.records.map(({ reasons }) => reasons)).toEqual([
      undefined,
      ['rule-of-allow', `detector:${shared.name}`],
    ]);
  });
});

async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as net.AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
