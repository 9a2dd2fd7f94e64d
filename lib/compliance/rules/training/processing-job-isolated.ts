import { rule } from '../../define-rule';
import { is, isSet } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

/** A processing job runs in the VPC, in containers without a network of their own, and encrypts what they exchange. */
export const sageMakerProcessingJobIsolated = rule({
  id: 'SageMakerProcessingJobIsolated',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5'],
  crosswalk: { nist80053: ['AC-4', 'SC-7', 'SC-8'], atlas: ['AML.T0010', 'AML.T0025'] },
  why: 'A package in a processing container that can reach the network sends the raw data to its author.',
  fix: 'Set EnableNetworkIsolation, EnableInterContainerTrafficEncryption and VpcConfig in NetworkConfig.',
  requires: {
    'AWS::SageMaker::ProcessingJob': [
      is('NetworkConfig.EnableNetworkIsolation', true),
      is('NetworkConfig.EnableInterContainerTrafficEncryption', true),
      isSet('NetworkConfig.VpcConfig.Subnets'),
      isSet('NetworkConfig.VpcConfig.SecurityGroupIds'),
    ],
  },
  compliant: {
    Job: {
      Type: 'AWS::SageMaker::ProcessingJob',
      Properties: {
        NetworkConfig: {
          EnableNetworkIsolation: true,
          EnableInterContainerTrafficEncryption: true,
          VpcConfig: { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
        },
      },
    },
  },
  nonCompliant: {
    Job: {
      Type: 'AWS::SageMaker::ProcessingJob',
      Properties: { NetworkConfig: { VpcConfig: { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] } } },
    },
  },
});
