import * as fs from 'node:fs';
import { build } from 'esbuild';

/* A function that is cold loads its whole bundle before it answers: what is not used shall not be in it. */

const MAXIMUM_BYTES = 300_000;
const HANDLERS = fs.readdirSync('lambda').filter((name) => fs.existsSync(`lambda/${name}/index.ts`));

test('no function has more than 300 KB of its own', async () => {
  const { metafile } = await build({
    entryPoints: Object.fromEntries(HANDLERS.map((name) => [name, `lambda/${name}/index.ts`])),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minify: true,
    legalComments: 'none',
    external: ['@aws-sdk/*'],
    metafile: true,
    write: false,
    outdir: 'nowhere',
    logLevel: 'silent',
  });
  const sizes = Object.entries(metafile.outputs).map(([file, { bytes }]) => ({ file, bytes }));
  expect(sizes).toHaveLength(HANDLERS.length);
  expect(sizes.filter(({ bytes }) => bytes > MAXIMUM_BYTES)).toEqual([]);
});
