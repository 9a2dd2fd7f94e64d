import { build } from 'esbuild';

/** Bundles a program of the guest; koffi's native part is `koffi.node` beside it. */
export async function bundle(entryPoint: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [entryPoint],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'warning',
    plugins: [
      {
        name: 'koffi-beside',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^koffi$/ }, ({ path }) => ({ path, namespace: 'koffi' }));
          onLoad({ filter: /.*/, namespace: 'koffi' }, () => ({
            contents: "const file = __dirname + '/koffi.node'; module.exports = require(file)",
          }));
        },
      },
    ],
  });
}
