import type { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { type Model, ModelRejected } from '../../runtime/gateway';

/** The SDK, loaded when the first call needs it, and its client. */
export type SageMaker = () => Promise<{
  readonly client: SageMakerRuntimeClient;
  readonly sdk: typeof import('@aws-sdk/client-sagemaker-runtime');
}>;

/** A SageMaker endpoint: what it is sent, and what it says, passes as it is. */
export function sageMakerModel(sageMaker: SageMaker, EndpointName: string): Model {
  return {
    name: EndpointName,
    takes: 'data',
    invoke: async (question, abortSignal) => {
      if (question.kind !== 'data') {
        throw new ModelRejected('the endpoint takes no conversations');
      }
      const { client, sdk } = await sageMaker();
      const { body: Body, contentType: ContentType, accept: Accept } = question;
      const answer = await client
        .send(new sdk.InvokeEndpointCommand({ EndpointName, Body, ContentType, Accept }), { abortSignal })
        .catch((error: unknown) => Promise.reject(judged(error)));
      return { text: Buffer.from(answer.Body ?? []).toString('utf8'), contentType: answer.ContentType };
    },
  };
}

/** What the container itself finds wrong with the request (SageMaker Runtime API, "InvokeEndpoint": ModelError, 4xx inside). */
function judged(error: unknown): unknown {
  const { name, OriginalStatusCode: status = 500 } = error as { name?: string; OriginalStatusCode?: number };
  const refused = name === 'ModelError' && status >= 400 && status < 500 && status !== 408 && status !== 429;
  return refused ? new ModelRejected(name, { cause: error }) : error;
}
