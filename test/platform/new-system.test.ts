import * as fs from 'node:fs';
import * as path from 'node:path';
import type { TemplateGraph } from '../../lib/analysis';
import { loadAssembly } from '../../lib/analysis';
import { synthesizePlatform } from '../../lib/platform';
import { collidingNames, unfitNames } from './deployability/checks/names';
import { AS_OF, manifestsWith, PACKAGE, synthesize, temporaryFolder } from './support';

/** Adds a copy of credit-scoring under another id: all that a team writes to get a governed AI system. */
function withSystem(id: string): string {
  const folder = manifestsWith({});
  const text = fs.readFileSync(path.join(folder, 'systems', 'credit-scoring.yaml'), 'utf8');
  const copy = text.replace('id: credit-scoring', `id: ${id}`).replace('name: Credit scoring', `name: System ${id}`);
  fs.writeFileSync(path.join(folder, 'systems', `${id}.yaml`), copy);
  return folder;
}

test('a fourth manifest adds the three stacks of its system, and no finding, without a line of code', () => {
  const stacksOf = (manifestFolder: string) => {
    const outdir = path.join(temporaryFolder(), 'cdk.out');
    const { errors } = synthesizePlatform({
      manifestFolder,
      enclaveFolder: path.join(PACKAGE, 'enclave'),
      asOf: AS_OF,
      stage: 'dev',
      outdir,
    });
    return { errors, stacks: loadAssembly(outdir).map(({ stack }) => stack) };
  };
  const before = synthesize(path.join(PACKAGE, 'manifests'), 'dev').templates.map(({ stack }) => stack);
  const { errors, stacks } = stacksOf(withSystem('fraud-detection'));
  expect(stacks.filter((stack) => !before.includes(stack))).toEqual([
    'palisade-dev-fraud-detection-data',
    'palisade-dev-fraud-detection-inference',
    'palisade-dev-fraud-detection-training',
  ]);
  expect(stacks).toEqual(expect.arrayContaining(before));
  expect(errors).toBe(0);
}, 30_000);

describe('a system with the longest id that a manifest may have', () => {
  const longest = `a${'b'.repeat(39)}`;
  let graph: TemplateGraph;
  beforeAll(() => {
    graph = synthesize(withSystem(longest)).graph;
  });

  test('gets names that every service accepts', () => {
    expect(graph.resources.some(({ stack }) => stack.includes(longest))).toBe(true);
    expect(unfitNames(graph)).toEqual([]);
  });

  test('shares none of them', () => {
    expect(collidingNames(graph)).toEqual([]);
  });
});
