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
  const instance = await startInstance(environment, deployment, FunctionName, arn);
  try {
    return await instance.invoke(event);
  } finally {
    instance.stop();
  }
}

/** Starts an instance of a function: it takes one event after the other, and stays loaded in between. */
export async function startInstance(environment, deployment, FunctionName, arn = FunctionName) {
  const lambda = new LambdaClient(clientSettings(environment));
  const { Handler, Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const child = spawn(process.execPath, [RUNNER, path.resolve(deployment.codeOf(FunctionName)), Handler, arn], {
    env: { ...environment, ...Environment?.Variables },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => output.push(chunk));
  }
  return {
    invoke: async (event) => {
      output.length = 0;
      const { result, error } = await answerTo(child, event).catch((failure) => {
        throw new Error(`${FunctionName} ${failure.message}\n${Buffer.concat(output)}`);
      });
      if (error) {
        throw Object.assign(new Error(error.message), error);
      }
      return result;
    },
    stop: () => child.kill(),
  };
}

function answerTo(child, event) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => done(reject, new Error(`gave no result in ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS);
    const done = (settle, value) => {
      clearTimeout(timer);
      child.off('message', answered);
      child.off('close', ended);
      settle(value);
    };
    const answered = (answer) => done(resolve, answer);
    const ended = (code) => done(reject, new Error(`ended with ${code} and no result`));
    child.once('message', answered);
    child.once('close', ended);
    child.send(event);
  });
}
