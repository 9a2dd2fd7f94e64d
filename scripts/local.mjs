// npm run local: deploys the dev stage to a local AWS with the real cdk CLI, then works the platform through the SDK.
// Exits non-zero when anything failed. Starts nothing that it does not stop.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startAppConfig } from './local/app-config.mjs';
import { cdk } from './local/cdk.mjs';
import { answerCustomResources } from './local/custom-resources.mjs';
import { readDeployment } from './local/deployment.mjs';
import { ACCOUNT, localEnvironment } from './local/environment.mjs';
import { startEventBus } from './local/event-bus.mjs';
import { startLambda } from './local/lambda.mjs';
import { isInstalled, startServer } from './local/server.mjs';
import { startStubModels } from './local/stub-models.mjs';
import { workPlatform } from './local/work-platform.mjs';

const REGION = 'eu-west-1';
const STAGE = 'dev';

if (!isInstalled()) {
  console.error("npm run local needs moto_server, the local AWS: python3 -m pip install 'moto[server]==5.2.1'");
  process.exit(1);
}

const workspace = mkdtempSync(path.join(tmpdir(), 'palisade-local-'));
const assembly = path.join(workspace, 'cdk.out');
const answered = new Set();
const started = Date.now();
const say = (text) => console.log(`${((Date.now() - started) / 1000).toFixed(0).padStart(4)} s  ${text}`);

const server = await startServer();
const appConfig = await startAppConfig();
const lambda = await startLambda();
const models = await startStubModels();
const bus = await startEventBus();
say(`moto_server answers at ${server.endpoint}`);
try {
  const environment = {
    ...localEnvironment(server.endpoint, REGION),
    AWS_ENDPOINT_URL_APPCONFIGDATA: appConfig.endpoint,
    AWS_ENDPOINT_URL_LAMBDA: lambda.endpoint,
    ...models.environment,
    ...bus.environment,
  };
  synthesize();
  say(`synthesized and checked: the stage ${STAGE}, and a role to break the glass`);
  await cdk(environment, ['bootstrap', `aws://${ACCOUNT}/${REGION}`, '--app', assembly]);
  say('cdk bootstrap');
  const deployment = await deploy(environment, ['--all']);
  await workPlatform(environment, deployment, {
    stage: STAGE,
    say,
    setFlag: appConfig.set,
    events: bus.events,
    workspace,
    redeploy: (stack) => redeploy(environment, stack),
  });
  say('every step held');
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  server.stop();
  appConfig.stop();
  lambda.stop();
  models.stop();
  bus.stop();
  rmSync(workspace, { recursive: true, force: true });
}

function synthesize() {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/local/app.mjs', assembly, STAGE], {
    encoding: 'utf8',
  });
  if (status !== 0) {
    throw new Error(`the synthesis ended with ${status}\n${stderr}`);
  }
}

async function deploy(environment, stacks) {
  await cdk(environment, ['deploy', ...stacks, '--app', assembly, '--require-approval', 'never']);
  const deployment = await readDeployment(environment, assembly);
  lambda.serve(environment, deployment);
  await answerCustomResources(environment, deployment, answered);
  say(`cdk deploy ${stacks.join(' ')}: ${answered.size} custom resources answered so far`);
  return deployment;
}

/** On AWS an update would do. moto does not see that a condition changed, so the stack is destroyed and made again. */
async function redeploy(environment, stack) {
  await cdk(environment, ['destroy', stack, '--exclusively', '--force', '--app', assembly]);
  return deploy(environment, [stack, '--exclusively']);
}
