import { buildSync } from 'esbuild';
import { servicesCalled } from '../../../lib/analysis';

/** A handler that uses these clients, bundled as scripts/build-handlers.mjs does it. */
function bundle(...clients: [name: string, client: string][]): string {
  const lines = clients.map(
    ([name, client]) =>
      `import { ${client} } from '@aws-sdk/client-${name}'; export const ${client}1 = new ${client}({});`,
  );
  const { outputFiles } = buildSync({
    stdin: { contents: lines.join('\n'), resolveDir: __dirname, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    minify: true,
    write: false,
  });
  return outputFiles[0].text;
}

test('names the endpoints of the clients in a minified bundle, without those of credential providers', () => {
  const code = bundle(['kms', 'KMSClient'], ['sagemaker-runtime', 'SageMakerRuntimeClient']);
  expect(servicesCalled(code)).toEqual(['kms', 'sagemaker.runtime']);
});

test('names them from source text too, in either form of import', () => {
  const source = `
    import { S3Client } from '@aws-sdk/client-s3';
    const { SFNClient } = require("@aws-sdk/client-sfn");
    import type { Nothing } from '@aws-sdk/types';
    const logs = await import('@aws-sdk/client-cloudwatch-logs');
    import { STSClient } from '@aws-sdk/client-sts';`;
  expect(servicesCalled(source)).toEqual(['logs', 's3', 'states', 'sts']);
});

test('a client that nobody mapped is named as it is, so that a check against endpoints fails', () => {
  expect(servicesCalled("import { X } from '@aws-sdk/client-braket'")).toEqual(['braket']);
  expect(servicesCalled('serviceId:e?.serviceId??"Braket"')).toEqual(['Braket']);
});

test('code without a client calls nothing', () => {
  expect(servicesCalled('exports.handler = () => "serviceId"')).toEqual([]);
});
