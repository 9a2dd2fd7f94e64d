// npm run bench:check: how fast the rules judge, how they grow, and how they compare with their peers in the same run:
// AwsSolutionsChecks on the same tree, and cfn-lint on the same file. Prints tables; judges nothing.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const RUNS = Number(process.env.BENCH_RUNS ?? 5);
const PALISADE = fileURLToPath(new URL('../dist/bin/palisade.js', import.meta.url));
const MEASURE = fileURLToPath(new URL('./bench-check-pack.cjs', import.meta.url));

const workspace = mkdtempSync(path.join(tmpdir(), 'palisade-bench-check-'));
try {
  growth();
  againstAwsSolutions();
  againstCfnLint();
} finally {
  rmSync(workspace, { recursive: true, force: true });
}

/** Each size in a process of its own. Loading is reading, parsing and resolving. */
function growth() {
  console.log('| Resources | load, ms | pack, ms | pack per 1,000 resources, ms | peak memory, MB |');
  console.log('|---|---|---|---|---|');
  for (const [size, pinned] of [[1_000, true], [1_000], [5_000], [10_000], [50_000]]) {
    const runs = Array.from({ length: RUNS }, () => measure('growth', String(size), { pinned }));
    const resources = `${runs[0].resources}${pinned ? ' on one core' : ''}`;
    const [load, pack, memory] = ['load', 'pack', 'memory'].map((key) => median(runs.map((run) => run[key])));
    const cells = [
      resources,
      load.toFixed(0),
      pack.toFixed(0),
      ((1000 * pack) / runs[0].resources).toFixed(0),
      memory.toFixed(0),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

function againstAwsSolutions() {
  const runs = Array.from({ length: RUNS }, () => measure('peer'));
  const [ours, load, theirs] = ['ours', 'load', 'theirs'].map((key) => median(runs.map((run) => run[key])));
  const ratio = median(runs.map((run) => run.theirs / run.ours));
  const withLoad = median(runs.map((run) => run.theirs / (run.ours + run.load)));
  console.log(
    `\nPer rule and resource: ISO42001 ${ours.toFixed(2)} µs after a load of ${load.toFixed(2)} µs, AwsSolutions ${theirs.toFixed(2)} µs, ratio ${ratio.toFixed(1)} (goal 5), with the load ${withLoad.toFixed(1)}`,
  );
}

function againstCfnLint() {
  if (spawnSync('cfn-lint', ['--version']).status !== 0) {
    console.log('\ncfn-lint is not here: no comparison');
    return;
  }
  const { file } = measure('template', path.join(workspace, 'template.json'));
  for (const template of [file, yamlFile()]) {
    const ratios = Array.from({ length: RUNS }, () => {
      const ours = seconds(process.execPath, [PALISADE, 'check', template]);
      return { ours, theirs: seconds('cfn-lint', [template]) };
    });
    const ratio = median(ratios.map(({ ours, theirs }) => theirs / ours));
    console.log(
      `\n${path.basename(template)}: palisade check ${median(ratios.map(({ ours }) => ours)).toFixed(2)} s, cfn-lint ${median(ratios.map(({ theirs }) => theirs)).toFixed(2)} s, ratio ${ratio.toFixed(1)} (goal 10)`,
    );
  }
}

function yamlFile() {
  const file = path.join(workspace, 'template.yaml');
  writeFileSync(file, "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  Bucket:\n    Type: AWS::S3::Bucket\n");
  return file;
}

function measure(mode, argument, { pinned = false } = {}) {
  const command = [process.execPath, MEASURE, mode, ...(argument ? [argument] : [])];
  const [file, ...args] = pinned ? ['taskset', '-c', '0', ...command] : command;
  const { status, stdout, stderr } = spawnSync(file, args, {
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  if (status !== 0) {
    throw new Error(stderr);
  }
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

function seconds(command, args) {
  const started = process.hrtime.bigint();
  spawnSync(command, args, { stdio: 'ignore' });
  return Number(process.hrtime.bigint() - started) / 1e9;
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
