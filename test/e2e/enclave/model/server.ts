// The model server in the guest: SageMaker's container contract in front of ONNX Runtime. Bundled by the test.
import * as fs from 'node:fs';
import * as http from 'node:http';
import { json } from 'node:stream/consumers';
import * as ort from 'onnxruntime-web/wasm';

const [port, folder] = process.argv.slice(2);

interface Question {
  readonly instances: readonly (readonly number[])[];
  /** Sent back as it is, to make bodies long. */
  readonly note?: string;
}

/** Whoever reaches the NSM can have documents made that speak for the enclave. */
function reachesNsm(): boolean {
  try {
    fs.closeSync(fs.openSync('/dev/nsm', 'r+'));
    return true;
  } catch {
    return false;
  }
}

async function main(): Promise<void> {
  if (reachesNsm()) {
    throw new Error('a model server must not reach the NSM');
  }
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary = fs.readFileSync(`${__dirname}/ort.wasm`);
  const session = await ort.InferenceSession.create(fs.readFileSync(`${folder}/model.onnx`));
  const server = http.createServer(async (request, response) => {
    if (request.url === '/ping') {
      response.end();
      return;
    }
    const { instances, note } = (await json(request)) as Question;
    const signs = new ort.Tensor('float32', Float32Array.from(instances.flat()), [instances.length, 8]);
    const { urgency } = await session.run({ signs });
    const values = Array.from(urgency.data as Float32Array);
    const predictions = instances.map((_, row) => values.slice(row * 3, row * 3 + 3));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ predictions, note }));
  });
  server.listen(Number(port), '127.0.0.1');
}

void main();
