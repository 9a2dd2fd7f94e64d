// The AWS that runs here: moto_server on loopback, started on a free port and stopped by its own process id.
import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const LOCAL_AWS = fileURLToPath(new URL('./local_aws.py', import.meta.url));
const START_TIMEOUT_MS = 30_000;

/** True when moto_server can be started. */
export function isInstalled() {
  return spawnSync('python3', ['-c', 'import moto.server'], { stdio: 'ignore' }).status === 0;
}

/** Starts moto; resolves to its endpoint and a function that stops it. The word localhost matters to its S3. */
export async function startServer() {
  const port = await freePort();
  const server = spawn('python3', [LOCAL_AWS, '-H', '127.0.0.1', '-p', String(port)], {
    stdio: process.env.MOTO_LOG ? 'inherit' : 'ignore',
  });
  const endpoint = `http://localhost:${port}`;
  const stop = () => server.kill('SIGTERM');
  try {
    await untilReady(endpoint, server);
    await fetch(`${endpoint}/moto-api/config`, {
      method: 'POST',
      body: JSON.stringify({ stepfunctions: { execute_state_machine: true } }),
    });
  } catch (error) {
    stop();
    throw error;
  }
  return { endpoint, stop };
}

async function untilReady(endpoint, server) {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline && server.exitCode === null) {
    try {
      await fetch(`${endpoint}/moto-api/data.json`);
      return;
    } catch {
      await pause(200);
    }
  }
  throw new Error(`moto_server did not answer at ${endpoint} within ${START_TIMEOUT_MS / 1000} s`);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
