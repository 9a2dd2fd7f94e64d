import type { Condition } from '../../conditions';
import { rule } from '../../define-rule';
import { asList, propertyOf, valueAt } from '../../expect';
import { is, isSet } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';
import { inside } from '../structure';

/** A variant without a model hosts inference components, which take network and role from the endpoint's configuration. */
const hostsComponents: Condition = {
  holds: (config) =>
    asList(propertyOf(config, 'ProductionVariants')).some((variant) => valueAt(variant, 'ModelName') === undefined),
  guard: () => 'some Properties.ProductionVariants[*].ModelName !exists',
};

/** Inference components run isolated, in the owner's VPC and under a role of their own. */
export const sageMakerInferenceComponentIsolation = rule({
  id: 'SageMakerInferenceComponentIsolation',
  level: ALWAYS_WARNING,
  annexA: ['A.4.5'],
  crosswalk: { nist80053: ['AC-6', 'SC-7'], atlas: ['AML.T0024'] },
  why: 'Components of several models share the instances, and one that reaches the network can send out what all of them are asked.',
  fix: 'Set EnableNetworkIsolation, VpcConfig and ExecutionRoleArn on the endpoint configuration.',
  appliesWhen: [hostsComponents],
  requires: {
    'AWS::SageMaker::EndpointConfig': [
      is('EnableNetworkIsolation', true),
      inside('VpcConfig', [isSet('VpcConfig.Subnets'), isSet('VpcConfig.SecurityGroupIds')]),
      isSet('ExecutionRoleArn'),
    ],
  },
  compliant: {
    Config: {
      Type: 'AWS::SageMaker::EndpointConfig',
      Properties: {
        ProductionVariants: [{ InstanceType: 'ml.g5.12xlarge' }],
        EnableNetworkIsolation: true,
        VpcConfig: { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
        ExecutionRoleArn: 'arn:aws:iam::111122223333:role/inference',
      },
    },
  },
  nonCompliant: {
    Config: {
      Type: 'AWS::SageMaker::EndpointConfig',
      Properties: {
        ProductionVariants: [{ InstanceType: 'ml.g5.12xlarge' }],
        ExecutionRoleArn: 'arn:aws:iam::111122223333:role/inference',
      },
    },
  },
});
