import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { answerCall, type GatewayPorts } from '../../runtime/gateway';
import { auditPorts } from '../support/audit-ports';
import { bedrockModel, type GuardrailReference, guardrailScreen } from './bedrock';
import { sageMakerModel } from './sagemaker';

const {
  ENDPOINT_NAME = '',
  GUARDRAIL = '',
  GUARDRAIL_VERSION = '',
  MAXIMUM_TOKENS = '1024',
  MODEL_ID = '',
  SYSTEM = '',
} = process.env;

const guardrail: GuardrailReference | undefined = GUARDRAIL
  ? { identifier: GUARDRAIL, version: GUARDRAIL_VERSION }
  : undefined;

const ports: GatewayPorts = { ...served(), ...auditPorts() };

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
