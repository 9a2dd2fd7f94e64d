import { InvokeEndpointCommand, type SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { Model } from '../../runtime/gateway';

const TIMEOUT_MS = 20_000;

/** A SageMaker endpoint that takes and gives CSV. */
export function sageMakerModel(client: SageMakerRuntimeClient, EndpointName: string): Model {
  return {
    invoke: async ({ input }) => {
      const { Body } = await client.send(
        new InvokeEndpointCommand({ EndpointName, Body: input, ContentType: 'text/csv', Accept: 'text/csv' }),
        { abortSignal: AbortSignal.timeout(TIMEOUT_MS) },
      );
      return { output: Buffer.from(Body ?? []).toString('utf8'), blocked: false };
    },
  };
}
