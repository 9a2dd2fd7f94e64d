// npm run bench:integrity: how fast palisade seal names a file by its SHA-256, against openssl on the same file. Goals: 0.9 of openssl's
// throughput, as a whole command (median of paired runs), and the same memory for 64 MB and for 1 GB.
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const MEBIBYTE = 2 ** 20;
const RUNS = 5;
const LEAST_RATIO = 0.9;
/** What 16 times the bytes may add to the memory. */
const MOST_GROWTH = 1.1;
const PALISADE = process.env.PALISADE ?? 'dist/bin/palisade.js';
/** Says on its standard error how much memory the process held at most, in KiB. */
const PEAK = 'data:text/javascript,process.on("exit",()=>process.stderr.write("peak "+process.resourceUsage().maxRSS))';

const folder = mkdtempSync(path.join(tmpdir(), 'bench-integrity-'));
try {
  const key = path.join(folder, 'key.pem');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const [small, large] = [64, 1024].map(model);
  const peaks = [small, large].map((name) => peakOf(seal(name, key, ['--import', PEAK])));
  const pairs = Array.from({ length: RUNS }, () => [seal(large, key).seconds, openssl(large)]);
  const ratio = median(pairs.map(([ours, theirs]) => theirs / ours));
  const growth = peaks[1] / peaks[0];
  for (const [ours, theirs] of pairs) {
    console.log(`seal ${ours.toFixed(2)} s, openssl ${theirs.toFixed(2)} s`);
  }
  console.log(
    `throughput of seal, start of Node.js and signature included: ${ratio.toFixed(2)} of openssl's (median of ${RUNS}, goal ${LEAST_RATIO})`,
  );
  console.log(
    `peak memory: ${peaks[0]} MiB for 64 MB, ${peaks[1]} MiB for 1 GB (${growth.toFixed(2)}, goal below ${MOST_GROWTH})`,
  );
  process.exitCode = ratio >= LEAST_RATIO && growth < MOST_GROWTH ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}

function model(mebibytes) {
  const name = path.join(folder, `${mebibytes}`);
  mkdirSync(name);
  const file = openSync(path.join(name, 'weights.bin'), 'w');
  const piece = randomBytes(MEBIBYTE);
  for (let written = 0; written < mebibytes; written += 1) {
    writeSync(file, piece);
  }
  closeSync(file);
  return name;
}

function seal(name, key, options = []) {
  return timed(process.execPath, [...options, PALISADE, 'seal', name, '--key', key]);
}

/** In MiB. */
function peakOf({ stderr }) {
  return Math.round(Number(stderr.match(/peak (\d+)/)?.[1]) / 1024);
}

function openssl(name) {
  return timed('openssl', ['dgst', '-sha256', path.join(name, 'weights.bin')]).seconds;
}

function timed(command, args) {
  const started = performance.now();
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
  }
  return { seconds: (performance.now() - started) / 1000, stderr };
}

function median(values) {
  return values.toSorted((one, other) => one - other)[values.length >> 1];
}
