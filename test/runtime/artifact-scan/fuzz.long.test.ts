import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { buildSync } from 'esbuild';
import { scanArtifact } from '../../../runtime/artifact-scan';
import { mutated, SAMPLES, seeded } from './samples';
import { streamOf } from './support';

jest.setTimeout(30 * 60_000);

/** A run of 120,000 takes some six minutes: `FUZZ_RUNS=120000`. */
const ROUNDS = Number(process.env.FUZZ_RUNS ?? 20_000);
const MIB = 2 ** 20;

test(`${ROUNDS} changed files: a verdict for each, none slow`, async () => {
  const random = seeded(20_261_126);
  const verdicts: Record<string, number> = {};
  let slowest = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const content = mutated(SAMPLES, random);
    const start = performance.now();
    const { verdict, findings } = await scanArtifact(streamOf(content, 1 + Math.floor(random() * 500)));
    slowest = Math.max(slowest, performance.now() - start);
    verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
    expect(verdict === 'safe').toBe(findings.length === 0);
  }
  console.log(JSON.stringify({ rounds: ROUNDS, ...verdicts, slowestMs: Math.round(slowest) }));
  // What takes a few thousand bytes is a matter of milliseconds, and of more where other work has the processor.
  expect(slowest).toBeLessThan(3000);
});

describe('memory', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'palisade-memory-'));
  const bundle = path.join(folder, 'hostile.js');
  beforeAll(() => {
    buildSync({
      entryPoints: [path.join(__dirname, 'hostile-streams.ts')],
      bundle: true,
      platform: 'node',
      outfile: bundle,
      logLevel: 'error',
    });
  });
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  const scan = (stream: string, mebibytes: number) => {
    const run = spawnSync(process.execPath, ['--max-old-space-size=256', bundle, stream, String(mebibytes)], {
      encoding: 'utf8',
      timeout: 10 * 60_000,
    });
    expect({ stream, status: run.status, stderr: run.stderr }).toEqual({ stream, status: 0, stderr: '' });
    return JSON.parse(run.stdout) as { verdict: string; peak: number };
  };

  // Each stream is made as it is read, so that what the process holds is what the scanner keeps.
  test.each([
    'pickle of lists',
    'pickle of tuples in tuples',
    'pickle of memo entries',
    'pickle of texts',
    'pickle of marks',
    'pickle of dictionaries',
    'pickle of places to begin',
    'nested arrays of JSON',
    'one text of JSON',
    'keys of JSON',
    'safetensors header',
    'GGUF texts',
    'protobuf messages',
    'HDF5',
    'zip entries',
    'gzip of zeros',
    'text',
    'records of zip ends',
  ])('%s', (stream) => {
    const small = scan(stream, 1);
    const large = scan(stream, 64);
    console.log(
      JSON.stringify({ stream, verdict: large.verdict, peakMiB: Math.round((large.peak - small.peak) / MIB) }),
    );
    expect(large.peak - small.peak).toBeLessThan(2 * 64 * MIB);
  });
});
