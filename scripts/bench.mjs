// npm run bench: how synthesis grows with the number of AI systems, phase by phase. Prints a table; judges nothing.
// Each size runs in a process of its own, RUNS times in turn with the other sizes; figures are medians.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const SIZES = [1, 10, 50];
const RUNS = Number(process.env.BENCH_RUNS ?? 3);
const PHASES = ['load', 'construct', 'synthesize', 'validate', 'check', 'total'];
const MEASURE = fileURLToPath(new URL('./bench-synth.cjs', import.meta.url));

const workspace = mkdtempSync(path.join(tmpdir(), 'palisade-bench-'));
try {
  const folders = new Map(SIZES.map((size) => [size, manifestsFor(size)]));
  const runs = new Map(SIZES.map((size) => [size, []]));
  for (let run = 0; run < RUNS; run += 1) {
    for (const size of SIZES) {
      console.error(`run ${run + 1} of ${RUNS}: ${size} systems`);
      runs.get(size).push(measure(folders.get(size)));
    }
  }
  print(runs);
} finally {
  rmSync(workspace, { recursive: true, force: true });
}

/** Copies of credit-scoring under other names, in the one stage `dev`. */
function manifestsFor(size) {
  const folder = path.join(workspace, String(size));
  cpSync('manifests', folder, { recursive: true });
  rmSync(path.join(folder, 'systems'), { recursive: true });
  cpSync('manifests/systems/credit-scoring.yaml', path.join(folder, 'systems', 'credit-scoring.yaml'));
  const original = readFileSync('manifests/systems/credit-scoring.yaml', 'utf8');
  for (let copy = 1; copy < size; copy += 1) {
    const id = `scoring-${String(copy).padStart(3, '0')}`;
    writeFileSync(path.join(folder, 'systems', `${id}.yaml`), original.replace(/^id: .*$/m, `id: ${id}`));
  }
  return folder;
}

function measure(folder) {
  const outdir = path.join(workspace, 'out');
  const { status, stdout, stderr } = spawnSync(process.execPath, [MEASURE, folder, outdir], { encoding: 'utf8' });
  rmSync(outdir, { recursive: true, force: true });
  if (status !== 0) {
    throw new Error(stderr);
  }
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

function print(runs) {
  const rows = [...runs].map(([size, results]) => [size, (field) => median(results.map((result) => result[field]))]);
  console.log(
    `| Systems | Stacks | Resources | ${PHASES.map((phase) => `${phase}, s`).join(' | ')} | Peak memory, MB |`,
  );
  console.log(`|${'---|'.repeat(PHASES.length + 4)}`);
  for (const [size, of] of rows) {
    const times = PHASES.map((phase) => (of(phase) / 1000).toFixed(2));
    console.log(`| ${[size, of('stacks'), of('resources'), ...times, Math.round(of('peakMegabytes'))].join(' | ')} |`);
  }
  const [one, ten, fifty] = rows.map(([, of]) => of('total'));
  const upToTen = (ten - one) / 9;
  const upToFifty = (fifty - ten) / 40;
  console.log(`\nPer added system: ${upToTen.toFixed(0)} ms from 1 to 10, ${upToFifty.toFixed(0)} ms from 10 to 50.`);
  console.log(`Ratio ${(upToFifty / upToTen).toFixed(2)} (goal: at most 1.10).`);
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
