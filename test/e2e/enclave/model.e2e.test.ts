import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { bundle } from './bundle';
import { accuracy, modelFile, predict, train, VITAL_SIGNS } from './model/train';

const weights = train();

test('the model learns, and is the same every time', () => {
  expect(accuracy(weights)).toBeGreaterThan(0.85);
  expect(Buffer.from(modelFile(train())).equals(modelFile(weights))).toBe(true);
});

describe('the model server', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'm-'));
  let server: ChildProcess;
  let url: string;

  beforeAll(async () => {
    fs.writeFileSync(path.join(folder, 'model.onnx'), modelFile(weights));
    fs.copyFileSync(require.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'), path.join(folder, 'ort.wasm'));
    await bundle(path.join(__dirname, 'model', 'server.ts'), path.join(folder, 'server.cjs'));
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    server = spawn(process.execPath, [path.join(folder, 'server.cjs'), `${port}`, folder], { stdio: 'inherit' });
    while (!(await fetch(`${url}/ping`).catch(() => undefined))) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  });

  afterAll(() => {
    server.kill('SIGKILL');
    fs.rmSync(folder, { recursive: true });
  });

  test('says what the weights say', async () => {
    const instances = [0, 1, 2].map((row) => VITAL_SIGNS.map((_, index) => ((index * 7 + row * 3) % 5) / 2 - 1));
    const response = await fetch(`${url}/invocations`, {
      method: 'POST',
      body: JSON.stringify({ instances, note: 'x' }),
    });
    const { predictions, note } = (await response.json()) as { predictions: number[][]; note: string };
    expect(note).toBe('x');
    predictions.forEach((row, index) => {
      predict(weights, instances[index]).forEach((value, out) => {
        expect(row[out]).toBeCloseTo(value, 4);
      });
    });
  });
});

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
