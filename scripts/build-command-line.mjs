// Bundles the command line into one file: two hundred small modules would take longer to find than to run. What needs
// the CDK stays outside, and is loaded only by `palisade synth`.
import { copyFileSync } from 'node:fs';
import { build } from 'esbuild';

const outside = {
  name: 'outside',
  setup({ onResolve }) {
    onResolve({ filter: /lib\/(platform|evidence)\/index\.js$/ }, ({ path }) => ({
      path: path.replace(/^.*lib\//, '../lib/'),
      external: true,
    }));
  },
};

await build({
  entryPoints: ['bin/palisade.ts'],
  outfile: 'dist/bin/palisade.js',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // jsonc-parser's CommonJS form hides its parts from bundlers; its module form does not.
  mainFields: ['module', 'main'],
  plugins: [outside],
  // Compiling is most of a short command's time, and goes by length.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'inline',
  logLevel: 'warning',
});

// For `palisade enclave doctor` on the hosts.
copyFileSync('dist/bin/palisade.js', 'dist/enclave/parent/palisade.js');
