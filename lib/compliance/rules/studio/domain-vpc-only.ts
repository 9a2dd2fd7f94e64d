import { rule } from '../../define-rule';
import { is, isSet } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

/** All traffic of a Studio domain goes through the owner's VPC. */
export const sageMakerDomainVpcOnly = rule({
  id: 'SageMakerDomainVpcOnly',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5'],
  crosswalk: { nist80053: ['AC-4', 'SC-7'], atlas: ['AML.T0025'] },
  why: "By default Studio reaches the internet through a VPC of AWS's, where the owner sees and stops nothing.",
  fix: 'Set AppNetworkAccessType to VpcOnly, with VpcId and isolated SubnetIds.',
  requires: {
    'AWS::SageMaker::Domain': [is('AppNetworkAccessType', 'VpcOnly'), isSet('VpcId'), isSet('SubnetIds')],
  },
  configRules: ['SAGEMAKER_DOMAIN_IN_VPC'],
  compliant: {
    Domain: {
      Type: 'AWS::SageMaker::Domain',
      Properties: { AppNetworkAccessType: 'VpcOnly', VpcId: 'vpc-1', SubnetIds: ['subnet-1'] },
    },
  },
  nonCompliant: {
    Domain: { Type: 'AWS::SageMaker::Domain', Properties: { VpcId: 'vpc-1', SubnetIds: ['subnet-1'] } },
  },
});
