import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { TemplateResource } from '../../../lib/analysis';
import { graphOf, PACKAGE, synthesize, temporaryFolder } from '../support';
import { unansweredCustomResources } from './checks/custom-resources';
import { leakyAssets, unfitFunctions } from './checks/functions';

const platform = synthesize();

test('every function has a known runtime and a handler in its asset', () => {
  expect(platform.graph.ofType('AWS::Lambda::Function').length).toBeGreaterThan(10);
  expect(unfitFunctions(platform.graph, platform.directory)).toEqual([]);
});

test('no asset carries source maps or folders of the machine that built it', () => {
  expect(leakyAssets(platform.directory, [PACKAGE, fs.realpathSync(PACKAGE), `${os.homedir()}/`])).toEqual([]);
});

// That handlers answer on every path is proved where they live: test/lambda/support/custom-resource.test.ts.
test('CloudFormation waits longer for a custom resource than its function can run', () => {
  expect(platform.graph.resources.filter(({ type }) => type.startsWith('Custom::')).length).toBeGreaterThan(1);
  expect(unansweredCustomResources(platform.graph)).toEqual([]);
});

describe('an asset made by hand', () => {
  const directory = temporaryFolder();
  const asset = path.join(directory, 'asset.abc');
  fs.mkdirSync(asset);
  fs.writeFileSync(
    path.join(asset, 'index.js'),
    'exports.handler = 1 // /home/someone/work\n//# sourceMappingURL=index.js.map',
  );

  const lambda = (properties: object): TemplateResource => ({
    Type: 'AWS::Lambda::Function',
    Properties: { Runtime: 'nodejs24.x', Handler: 'index.handler', Code: { S3Key: 'abc.zip' }, ...properties },
  });

  test.each<[string, object, string[]]>([
    ['nothing', {}, []],
    ['a runtime that is gone', { Runtime: 'nodejs16.x' }, ['broken/F: runtime nodejs16.x is not known']],
    ['an architecture', { Architectures: ['riscv'] }, ['broken/F: architecture riscv is not known']],
    ['a handler file', { Handler: 'main.handler' }, ['broken/F: no file of its asset has main.handler']],
    ['a handler name', { Handler: 'index.run' }, ['broken/F: index does not export run']],
    ['an asset', { Code: { S3Key: 'def.zip' } }, ['broken/F: its asset is not in the assembly']],
  ])('fault in %s', (_, properties, faults) => {
    expect(unfitFunctions(graphOf({ F: lambda(properties) }), directory)).toEqual(faults);
  });

  test('source maps and machine folders are found', () => {
    expect(leakyAssets(directory, ['/home/someone'])).toEqual([
      'asset.abc/index.js: a source map',
      'asset.abc/index.js: /home/someone',
    ]);
  });

  test('a function that outlives the wait is found, and a token that is no function', () => {
    const Made = (ServiceToken: unknown, ServiceTimeout?: string) => ({
      Type: 'Custom::Made',
      Properties: { ServiceToken, ServiceTimeout },
    });
    const F = lambda({ Timeout: 300 });
    const token = { 'Fn::GetAtt': ['F', 'Arn'] };
    expect(unansweredCustomResources(graphOf({ F, Made: Made(token) }))).toEqual([]);
    expect(unansweredCustomResources(graphOf({ F, Made: Made(token, '300') }))).toEqual([
      'broken/Made: F may run 300 s, CloudFormation waits 300 s',
    ]);
    expect(unansweredCustomResources(graphOf({ Made: Made('arn:aws:sns:eu-west-1:111122223333:t') }))).toHaveLength(1);
  });
});
