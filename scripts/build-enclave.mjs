// Bundles what runs inside the enclave and beside it: one file each, and koffi's native part next to it, which no bundle
// can hold. Nothing else of node_modules is needed where they run.
import { copyFileSync, cpSync, existsSync, mkdirSync } from 'node:fs';
import { build } from 'esbuild';

const ARCHITECTURES = ['x64', 'arm64'];

/** Beside koffi's native part there is nothing of it that we use: its own loader looks for packages. */
const koffiBeside = {
  name: 'koffi-beside',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^koffi$/ }, ({ path }) => ({ path, namespace: 'koffi' }));
    onLoad({ filter: /.*/, namespace: 'koffi' }, () => ({
      // A variable: a pattern would be looked up in the bundle.
      contents: "const file = __dirname + '/koffi-linux-' + process.arch + '.node'; module.exports = require(file)",
    }));
  },
};

for (const name of ['app', 'parent']) {
  const folder = `dist/enclave/${name}`;
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: [`enclave/${name}/main.ts`],
    outfile: `${folder}/${name}.cjs`,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    keepNames: true,
    plugins: [koffiBeside],
    legalComments: 'none',
    logLevel: 'warning',
  });
  for (const architecture of ARCHITECTURES) {
    const native = `node_modules/@koromix/koffi-linux-${architecture}/linux_${architecture}/koffi.node`;
    if (existsSync(native)) {
      copyFileSync(native, `${folder}/koffi-linux-${architecture}.node`);
    }
  }
}

// What a host unpacks: the agent, its units, and what sets them up.
cpSync('enclave/host', 'dist/enclave/parent', { recursive: true });
