import { DescribeEndpointCommand, type SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { Serving } from '../../runtime/drift/monitor';

/** What an endpoint serves; undefined where there is none of the name. */
export async function servingOf(client: Pick<SageMakerClient, 'send'>, name: string): Promise<Serving | undefined> {
  try {
    const found = await client.send(new DescribeEndpointCommand({ EndpointName: name }));
    return {
      configuration: found.EndpointConfigName ?? '',
      since: found.LastModifiedTime ?? found.CreationTime ?? new Date(0),
      status: found.EndpointStatus ?? '',
    };
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
}

/** SageMaker has no error of its own for what is not there: it says so in a ValidationException. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && error.name === 'ValidationException' && /could not find/i.test(error.message);
}
