import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { EndpointService, IsolatedNetwork, KeyRing, Purpose } from 'palisade-cdk/constructs';

/** A network whose training jobs reach their data, their keys and their images, and nothing else. */
export class IsolatedNetworkExample extends Stack {
  constructor(scope: Construct, id = 'IsolatedNetworkExample') {
    super(scope, id);
    const keys = new KeyRing(this, 'Keys', { system: 'credit-scoring', stage: 'dev', purposes: [Purpose.LOGS] });
    const network = new IsolatedNetwork(this, 'Network', {
      tiers: ['training'],
      services: [
        EndpointService.ECR_API,
        EndpointService.ECR_DOCKER,
        EndpointService.KMS,
        EndpointService.LOGS,
        EndpointService.S3,
        EndpointService.SAGEMAKER_API,
      ],
      encryptionKey: keys.key(Purpose.LOGS),
    });
    network.allowWithin('training');
  }
}
