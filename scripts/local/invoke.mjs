// Runs a deployed function here, because moto's Lambda needs Docker: the code and the environment variables are read
// back from what was deployed, and the handler runs in a Node.js process of its own.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';

const RUNNER = fileURLToPath(new URL('./run-handler.cjs', import.meta.url));
const TIMEOUT_MS = 60_000;

/** Invokes a function by name or ARN. Resolves to its result; rejects with the error that the handler threw. */
export async function invoke(environment, functionName, event) {
  const lambda = new LambdaClient({ endpoint: environment.AWS_ENDPOINT_URL, region: environment.AWS_REGION });
  const { Configuration, Code } = await lambda.send(new GetFunctionCommand({ FunctionName: functionName }));
  const folder = mkdtempSync(path.join(tmpdir(), 'palisade-function-'));
  try {
    await unpack(Code.Location, folder);
    const variables = { ...environment, ...Configuration.Environment?.Variables };
    const answer = await run(folder, Configuration.Handler, variables, event);
    if (answer.error) {
      throw Object.assign(new Error(answer.error.message), answer.error);
    }
    return answer.result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function unpack(location, folder) {
  const archive = path.join(folder, 'code.zip');
  writeFileSync(archive, Buffer.from(await (await fetch(location)).arrayBuffer()));
  await finished(spawn('python3', ['-m', 'zipfile', '-e', archive, folder], { stdio: 'ignore' }));
}

async function run(folder, handler, variables, event) {
  const child = spawn(process.execPath, [RUNNER, folder, handler], {
    env: variables,
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: TIMEOUT_MS,
  });
  child.stdin.end(JSON.stringify(event));
  const output = [];
  const log = [];
  child.stdout.on('data', (chunk) => log.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  await finished(child, () => `${Buffer.concat(output)}${Buffer.concat(log)}`);
  const line = Buffer.concat(output)
    .toString()
    .split('\n')
    .find((text) => text.startsWith('RESULT '));
  if (!line) {
    throw new Error(`handler gave no result:\n${Buffer.concat(output)}${Buffer.concat(log)}`);
  }
  return JSON.parse(line.slice('RESULT '.length));
}

function finished(child, details = () => '') {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${child.spawnargs[0]} ended with ${code}\n${details()}`)),
    );
  });
}
