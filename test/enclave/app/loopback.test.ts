import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { buildSync } from 'esbuild';

/** Asks itself over loopback, says how that went, raises loopback, asks again, and raises it once more. */
const PROGRAM = `
import * as http from 'node:http';
import { raiseLoopback } from ${JSON.stringify(path.resolve('enclave/app/loopback'))};
const server = http.createServer((_request, response) => response.end()).listen(0, () => {
  const { port } = server.address();
  const ask = () => new Promise((resolve) => {
    const request = http.get({ host: '127.0.0.1', port, agent: false }, (answer) => resolve(answer.statusCode));
    request.on('error', ({ code }) => resolve(code));
    request.setTimeout(1000, () => resolve('timeout'));
  });
  ask().then(async (before) => {
    raiseLoopback();
    const after = await ask();
    raiseLoopback();
    console.log(JSON.stringify([before, after, await ask()]));
    process.exit();
  });
});`;

/** A network namespace of its own has loopback as an enclave has it at its start: down. */
const apart = (command: readonly string[]) =>
  spawnSync('unshare', ['--net', ...command], { encoding: 'utf8', timeout: 10_000, killSignal: 'SIGKILL' });
const whereAllowed = apart(['true']).status === 0 ? test : test.skip;

whereAllowed('loopback is down where an image starts, and up afterwards, however often it is raised', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'loopback-'));
  const file = path.join(folder, 'program.cjs');
  const stdin = { contents: PROGRAM, loader: 'js', resolveDir: process.cwd() } as const;
  const alias = { koffi: require.resolve('koffi') };
  buildSync({ stdin, outfile: file, bundle: true, platform: 'node', alias, external: [alias.koffi] });
  const { stdout, stderr } = apart([process.execPath, file]);
  expect([stderr, stdout]).toEqual(['', '["ENETUNREACH",200,200]\n']);
  fs.rmSync(folder, { recursive: true });
});
