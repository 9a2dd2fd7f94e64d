import { App, type Environment, Stack } from 'aws-cdk-lib';
import { EndpointService, IsolatedNetwork, type IsolatedNetworkProps, KeyRing, Purpose } from '../../../constructs';

/** A stack whose partition is written out, so that policies can be read as they will be deployed. */
export function stackIn(env: Environment = {}): Stack {
  return new Stack(new App({ context: { '@aws-cdk/core:enablePartitionLiterals': true } }), 'Stack', { env });
}

/** A network with one tier and the services of a training job, unless told otherwise. */
export function networkIn(stack: Stack, props: Partial<IsolatedNetworkProps> = {}): IsolatedNetwork {
  const keys = new KeyRing(stack, 'Keys', { system: 'credit-scoring', stage: 'dev', purposes: [Purpose.LOGS] });
  return new IsolatedNetwork(stack, 'Network', {
    tiers: ['training'],
    services: [EndpointService.KMS, EndpointService.S3],
    encryptionKey: keys.key(Purpose.LOGS),
    ...props,
  });
}
