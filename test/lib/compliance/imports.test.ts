import * as path from 'node:path';
import { buildSync } from 'esbuild';

const LIB = path.join(__dirname, '../../../lib');

/** Files that a module loads, its own included, as a bundler follows its imports. */
function loadedBy(...modules: string[]): string[] {
  const { metafile } = buildSync({
    entryPoints: modules.map((module) => path.join(LIB, module)),
    bundle: true,
    platform: 'node',
    outdir: 'unused',
    write: false,
    metafile: true,
  });
  return Object.keys(metafile.inputs);
}

test('engine, registry and analysis load without aws-cdk-lib and cdk-nag: a command line starts with them', () => {
  const files = loadedBy(
    'analysis/index.ts',
    'compliance/engine.ts',
    'compliance/rules/index.ts',
    'compliance/rules-document.ts',
    'check/index.ts',
    'diff/diff-report.ts',
    '../bin/commands/check.ts',
    '../bin/commands/diff.ts',
    '../bin/commands/rules.ts',
  );
  expect(files.filter((file) => /node_modules\/(aws-cdk-lib|cdk-nag|constructs)\//.test(file))).toEqual([]);
  expect(files).toContain('lib/compliance/rules/keys/rotation.ts');
});
