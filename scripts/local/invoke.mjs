// Runs a deployed function here, because moto's Lambda needs Docker: the environment variables are read back from what
// was deployed, and the handler runs from the deployed code in a Node.js process of its own.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { clientSettings } from './environment.mjs';

const RUNNER = fileURLToPath(new URL('./run-handler.cjs', import.meta.url));
const TIMEOUT_MS = 60_000;

/** Invokes a function by name, as `arn` where it was called by an alias. Resolves to its result; rejects with the error that the handler threw. */
export async function invoke(environment, deployment, FunctionName, event, arn = FunctionName) {
  const lambda = new LambdaClient(clientSettings(environment));
  const { Handler, Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const variables = { ...environment, ...Environment?.Variables };
  const { result, error } = await run(deployment.codeOf(FunctionName), [Handler, arn], variables, event);
  if (error) {
    throw Object.assign(new Error(error.message), error);
  }
  return result;
}

async function run(folder, args, env, event) {
  const child = spawn(process.execPath, [RUNNER, path.resolve(folder), ...args], { env, timeout: TIMEOUT_MS });
  child.stdin.end(JSON.stringify(event));
  const output = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => output.push(chunk));
  }
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const text = Buffer.concat(output).toString();
  const line = text.split('\n').find((candidate) => candidate.startsWith('RESULT '));
  if (!line) {
    throw new Error(`the handler in ${folder} ended with ${code} and no result\n${text}`);
  }
  return JSON.parse(line.slice('RESULT '.length));
}
