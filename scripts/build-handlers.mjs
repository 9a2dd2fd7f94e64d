// One esbuild run bundles every handler, so that neither app teams nor CDK need esbuild or Docker at synth.
import { existsSync, readdirSync } from 'node:fs';
import { build } from 'esbuild';

const handlers = readdirSync('lambda').filter((name) => existsSync(`lambda/${name}/index.ts`));

await build({
  entryPoints: Object.fromEntries(handlers.map((name) => [`${name}/index`, `lambda/${name}/index.ts`])),
  outdir: 'dist/lambda',
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
});
