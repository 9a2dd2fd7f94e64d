import { build } from 'esbuild';

/* Somebody waits for these: a function that is cold loads its whole bundle before it answers. */

const MAXIMUM_BYTES = 300 * 1024;
const GATEWAYS = ['enclave-gateway', 'inference-gateway', 'inference-gateway-server'];

test.each(GATEWAYS)('%s has no more than 300 KiB of its own', async (name) => {
  const { outputFiles } = await build({
    entryPoints: [`lambda/${name}/index.ts`],
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minify: true,
    legalComments: 'none',
    external: ['@aws-sdk/*'],
    write: false,
    outdir: 'nowhere',
    logLevel: 'silent',
  });
  expect(outputFiles[0].contents.length).toBeLessThan(MAXIMUM_BYTES);
});
