import * as fs from 'node:fs';
import * as path from 'node:path';

/**
 * Endpoint services by the service id of the AWS SDK for JavaScript: the end of `com.amazonaws.<region>.<service>` in
 * which PrivateLink and gateway endpoints name them (Amazon VPC User Guide, "AWS services that integrate with AWS
 * PrivateLink"). SDK clients and endpoints do not share their names.
 */
const ENDPOINT_SERVICES: Readonly<Record<string, string>> = {
  AppConfigData: 'appconfigdata',
  'Auto Scaling': 'autoscaling',
  Bedrock: 'bedrock',
  'Bedrock Agent': 'bedrock-agent',
  'Bedrock Agent Runtime': 'bedrock-agent-runtime',
  'Bedrock Runtime': 'bedrock-runtime',
  CloudWatch: 'monitoring',
  'CloudWatch Logs': 'logs',
  DynamoDB: 'dynamodb',
  EC2: 'ec2',
  ECR: 'ecr.api',
  EventBridge: 'events',
  Firehose: 'kinesis-firehose',
  KMS: 'kms',
  Lambda: 'lambda',
  S3: 's3',
  SageMaker: 'sagemaker.api',
  'SageMaker Runtime': 'sagemaker.runtime',
  'Secrets Manager': 'secretsmanager',
  SFN: 'states',
  SNS: 'sns',
  SQS: 'sqs',
  SSM: 'ssm',
  STS: 'sts',
  XRay: 'xray',
};

/** Clients that every SDK bundle carries for credential providers which a Lambda function never runs. */
const CREDENTIAL_CLIENTS = ['SSO', 'SSO OIDC', 'Signin', 'STS'];

/** How generated clients name their service in `runtimeConfig.shared`: a bundler keeps the text. */
const SERVICE_ID = /serviceId:\s*[\w$]+\?\.serviceId\s*\?\?\s*"([^"]+)"/g;

const CLIENT_IMPORT = /(?:from\s*|require\(\s*|import\(\s*)['"]@aws-sdk\/(?:client|lib)-([a-z0-9-]+)['"]/g;

/**
 * Endpoint services that a handler calls, from its bundle or its source text; sorted.
 *
 * STS counts in a source that imports its client, not in a bundle: there every SDK client brings it along. A client that
 * is not known here is named by its service id, so that a check against endpoints fails and someone looks.
 */
export function servicesCalled(code: string): string[] {
  const bundled = [...code.matchAll(SERVICE_ID)].map(([, id]) => id).filter((id) => !CREDENTIAL_CLIENTS.includes(id));
  const imported = [...code.matchAll(CLIENT_IMPORT)].map(([, name]) => serviceIdOf(name));
  return [...new Set([...bundled, ...imported].map((id) => ENDPOINT_SERVICES[id] ?? id))].sort();
}

/** The same for a file, or for every JavaScript and TypeScript file of a folder: a bundle, or a handler's sources. */
export function servicesCalledBy(file: string): string[] {
  const files = fs.statSync(file).isDirectory()
    ? fs
        .readdirSync(file, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.[cm]?[jt]s$/.test(name))
        .map((name) => path.join(file, name))
    : [file];
  return [...new Set(files.flatMap((name) => servicesCalled(fs.readFileSync(name, 'utf8'))))].sort();
}

/** `sagemaker-runtime` is the client of `SageMaker Runtime`. */
function serviceIdOf(client: string): string {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return Object.keys(ENDPOINT_SERVICES).find((id) => plain(id) === plain(client)) ?? client;
}
