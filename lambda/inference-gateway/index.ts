import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { answerCall, type GatewayPorts, type InferenceRecord } from '../../runtime/gateway';
import { bedrockModel, type GuardrailReference, guardrailScreen } from './bedrock';
import { sageMakerModel } from './sagemaker';

/** For pseudonym and record, each. */
const TIMEOUT_MS = 2_000;

const kms = new KMSClient({});
const s3 = new S3Client({});

const {
  ACCOUNT = '',
  ENDPOINT_NAME = '',
  GUARDRAIL = '',
  GUARDRAIL_VERSION = '',
  MAXIMUM_TOKENS = '1024',
  MODEL_ID = '',
  PSEUDONYM_KEY = '',
  RECORDS_BUCKET = '',
  SYSTEM = '',
} = process.env;

const guardrail: GuardrailReference | undefined = GUARDRAIL
  ? { identifier: GUARDRAIL, version: GUARDRAIL_VERSION }
  : undefined;

const ports: GatewayPorts = { ...served(), pseudonym, record, report, now: () => Date.now() };

/** Answers one call of the private API. */
export async function handler(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const { requestId, identity } = event.requestContext;
  const call = { requestId, caller: identity.userArn ?? '', body: event.body };
  const { status, body } = await answerCall(call, SYSTEM, ports);
  return { statusCode: status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Bedrock screens within the call; for SageMaker the guardrail stands in front and behind. */
function served(): Pick<GatewayPorts, 'model' | 'screen'> {
  const bedrock = guardrail && new BedrockRuntimeClient({});
  if (MODEL_ID) {
    // Without a guardrail there is no model: IAM would deny the call anyway.
    return {
      model:
        bedrock &&
        guardrail &&
        bedrockModel(bedrock, { modelId: MODEL_ID, guardrail, maximumTokens: Number(MAXIMUM_TOKENS) }),
    };
  }
  return {
    model: ENDPOINT_NAME ? sageMakerModel(new SageMakerRuntimeClient({}), ENDPOINT_NAME) : undefined,
    screen: bedrock && guardrail && guardrailScreen(bedrock, guardrail),
  };
}

async function pseudonym(caller: string): Promise<string> {
  const { Mac } = await kms.send(
    new GenerateMacCommand({ KeyId: PSEUDONYM_KEY, MacAlgorithm: 'HMAC_SHA_384', Message: Buffer.from(caller) }),
    { abortSignal: AbortSignal.timeout(TIMEOUT_MS) },
  );
  return Buffer.from(Mac ?? []).toString('base64url');
}

async function record(entry: InferenceRecord): Promise<void> {
  const day = entry.time.slice(0, 10).replaceAll('-', '/');
  await s3.send(
    new PutObjectCommand({
      Bucket: RECORDS_BUCKET,
      Key: `records/${SYSTEM}/${day}/${entry.requestId}.json`,
      Body: JSON.stringify(entry),
      ContentType: 'application/json',
      ExpectedBucketOwner: ACCOUNT,
    }),
    { abortSignal: AbortSignal.timeout(TIMEOUT_MS) },
  );
}

/** The name says what failed and where to look; a message may quote what the caller sent. */
function report(error: unknown): void {
  console.error(JSON.stringify({ failed: error instanceof Error ? error.name : 'unknown' }));
}
