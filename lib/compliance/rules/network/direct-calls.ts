import { memoizedByText } from '../../../analysis';

/**
 * Endpoint services (the end of `com.amazonaws.<region>.<service>`) by the actions that a function needs a way to them
 * for: what its own code calls. Left out is what AWS does with the function's role without its network: logs, traces,
 * polling of queues and streams, dead letters, and decryption on behalf of S3 and others.
 */
const DIRECT_CALLS: readonly (readonly [actions: RegExp, service: string])[] = [
  [/^bedrock:(ApplyGuardrail|Converse|CountTokens|InvokeModel)/i, 'bedrock-runtime'],
  [/^bedrock:(InvokeAgent|InvokeFlow|InvokeInlineAgent|Rerank|Retrieve)/i, 'bedrock-agent-runtime'],
  [/^cloudwatch:PutMetricData/i, 'monitoring'],
  [/^dynamodb:(BatchGetItem|BatchWriteItem|DeleteItem|GetItem|PutItem|Query|Scan|UpdateItem)/i, 'dynamodb'],
  [/^events:PutEvents/i, 'events'],
  [/^firehose:PutRecord/i, 'kinesis-firehose'],
  [/^kms:(GenerateMac|Sign|Verify)/i, 'kms'],
  [/^lambda:Invoke/i, 'lambda'],
  [/^s3:(Delete|Get|List|Put)/i, 's3'],
  [/^sagemaker:(Create|Delete|Describe|List|Search|Start|Stop|Update)/i, 'sagemaker.api'],
  [/^sagemaker:(BatchGetRecord|DeleteRecord|GetRecord|PutRecord)/i, 'sagemaker.featurestore-runtime'],
  [/^sagemaker:InvokeEndpoint/i, 'sagemaker.runtime'],
  [/^secretsmanager:GetSecretValue/i, 'secretsmanager'],
  [/^ssm:(Get|Put)Parameter/i, 'ssm'],
  [/^states:(SendTask|Start)/i, 'states'],
  [/^sts:AssumeRole/i, 'sts'],
];

/** Endpoint services that code with these rights calls itself; sorted. */
export function servicesOf(actions: readonly string[]): string[] {
  return [...new Set(actions.flatMap(calledBy))].sort();
}

/** The same actions stand in the policies of many roles; each is compared once. */
const calledBy = memoizedByText((action): readonly string[] =>
  DIRECT_CALLS.filter(([pattern]) => pattern.test(action)).map(([, service]) => service),
);
