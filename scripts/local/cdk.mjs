// The real cdk CLI of this checkout, pointed at the local AWS.
import { spawn } from 'node:child_process';
import path from 'node:path';

const CDK = path.resolve('node_modules/aws-cdk/bin/cdk');

/** The assembly is given by `--app`; the build step of cdk.json has nothing to add. */
const ALREADY_BUILT = ['--build', 'node --version'];

/** Runs `cdk ARGS`; rejects with its last output when it fails. */
export function cdk(environment, args, { quiet = true } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CDK, ...args, ...ALREADY_BUILT], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output.push(chunk);
        if (!quiet) {
          process.stderr.write(chunk);
        }
      });
    }
    child.once('error', reject);
    child.once('close', (code) => {
      const text = Buffer.concat(output).toString();
      code === 0 ? resolve(text) : reject(new Error(`cdk ${args[0]} ended with ${code}\n${text.slice(-4000)}`));
    });
  });
}
