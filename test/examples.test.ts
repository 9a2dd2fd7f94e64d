import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { nagErrors } from './support/nag';

const FOLDER = path.join(__dirname, '..', 'examples');
const EXAMPLES = fs.readdirSync(FOLDER).filter((file) => file.endsWith('.ts'));

/**
 * Findings that the platform's own register accepts as well, with the same reasons (manifests/exceptions.yaml). Beside
 * them an example may leave open only what an application has to bring: a network for its functions, a topic for alarms.
 */
const ACCEPTED = [
  /^AwsSolutions-COG4 .*\/PrivateApi\//,
  /^AwsSolutions-IAM5\[Resource::.*\/(Permissions|WorkloadBoundary|NetworkInterfaces)\//,
  /^NIST\.800\.53\.R5-APIGWCacheEnabledAndEncrypted .*\/PrivateApi\//,
  /^NIST\.800\.53\.R5-CloudWatchAlarmAction /,
  /^NIST\.800\.53\.R5-LambdaInsideVPC /,
  /^NIST\.800\.53\.R5-DynamoDBInBackupPlan .*\/Inference\/Limits\//,
  /^NIST\.800\.53\.R5-S3BucketReplicationEnabled /,
  /^NIST\.800\.53\.R5-S3DefaultEncryptionKMS .*\/AccessLogs\//,
];

type StackClass = new (scope: Construct) => Stack;

function exportsOf(file: string): StackClass[] {
  return Object.values(require(path.join(FOLDER, file)));
}

test.each(EXAMPLES)('%s exports one stack', (file) => {
  const [Example, ...others] = exportsOf(file);
  expect(Example.prototype).toBeInstanceOf(Stack);
  expect(others).toEqual([]);
});

test.each(EXAMPLES)(
  '%s synthesizes without an open finding',
  (file) => {
    const app = new App();
    const [Example] = exportsOf(file);
    const stack = new Example(app);
    const open = nagErrors(app).filter((finding) => !ACCEPTED.some((accepted) => accepted.test(finding)));
    expect(stack.node.findAll().length).toBeGreaterThan(1);
    expect(open).toEqual([]);
  },
  30_000,
);

test('every accepted finding still occurs', () => {
  const app = new App();
  for (const file of EXAMPLES) {
    const [Example] = exportsOf(file);
    new Example(app);
  }
  const findings = nagErrors(app);
  expect(ACCEPTED.filter((accepted) => !findings.some((finding) => accepted.test(finding)))).toEqual([]);
}, 60_000);
