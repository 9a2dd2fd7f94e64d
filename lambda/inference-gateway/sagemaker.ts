import { InvokeEndpointCommand, type SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { Model } from '../../runtime/gateway';

/** Shorter than for Bedrock: a guardrail may be asked before and after, all within API Gateway's 29 seconds. */
const TIMEOUT_MS = 14_000;

/** A SageMaker endpoint that takes and gives CSV. A context means nothing to it. */
export function sageMakerModel(client: SageMakerRuntimeClient, EndpointName: string): Model {
  return {
    name: EndpointName,
    invoke: async ({ input }) => {
      const { Body } = await client.send(
        new InvokeEndpointCommand({ EndpointName, Body: input, ContentType: 'text/csv', Accept: 'text/csv' }),
        { abortSignal: AbortSignal.timeout(TIMEOUT_MS) },
      );
      return { output: Buffer.from(Body ?? []).toString('utf8') };
    },
  };
}
