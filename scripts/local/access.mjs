// Who may do what by the templates that were deployed. moto enforces no policies, so they are evaluated: by the evaluator of the tests, which knows
// identity policies, boundaries and the policies of keys (test/support/iam.ts).
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';

const ENTRY = `
  export { accessModel, loadAssembly, TemplateGraph } from './lib/analysis';
  export { ADMINISTRATOR, evaluate } from './test/support/iam';
`;

/** Reads an assembly. Resolves to a function that names who may do something, of all its roles and an administrator of the account. */
export async function accessOf(assembly) {
  const { accessModel, ADMINISTRATOR, evaluate, loadAssembly, TemplateGraph } = await evaluator();
  const graph = new TemplateGraph(loadAssembly(assembly));
  const roles = accessModel(graph).principals.map(({ role }) => role.path.replace(/\/Resource$/, ''));
  const whoMay = async (request) => {
    const allowed = [];
    for (const principal of [...roles, ADMINISTRATOR]) {
      if ((await evaluate(graph, { ...request, principal })) === 'allow') {
        allowed.push(String(principal));
      }
    }
    return allowed;
  };
  return { roles, whoMay };
}

/** The evaluator is TypeScript, as all tests are. Bundled into a file beside the packages that it needs. */
async function evaluator() {
  const outfile = path.resolve('dist/access-evaluator.cjs');
  const stdin = { contents: ENTRY, resolveDir: process.cwd(), loader: 'ts' };
  await build({ stdin, outfile, bundle: true, platform: 'node', packages: 'external', logLevel: 'error' });
  try {
    return createRequire(import.meta.url)(outfile);
  } finally {
    rmSync(outfile);
  }
}
