import { rule } from '../../define-rule';
import { isSet } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';
import { inside } from '../structure';

/** A served model downloads its artifacts, and answers, within a VPC of the owner. */
export const sageMakerModelInVpc = rule({
  id: 'SageMakerModelInVpc',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5'],
  crosswalk: { nist80053: ['AC-4', 'SC-7'], euAiAct: ['Art. 15'], atlas: ['AML.T0024'] },
  why: 'Outside a VPC, neither security groups nor endpoint policies bound what the container of a model reaches, and no flow log shows it.',
  fix: 'Set VpcConfig with isolated subnets and a security group of the model; serverless endpoints accept none, so use instances.',
  requires: {
    'AWS::SageMaker::Model': [inside('VpcConfig', [isSet('VpcConfig.Subnets'), isSet('VpcConfig.SecurityGroupIds')])],
  },
  configRules: ['SAGEMAKER_MODEL_IN_VPC'],
  compliant: {
    Model: {
      Type: 'AWS::SageMaker::Model',
      Properties: { VpcConfig: { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] } },
    },
  },
  nonCompliant: { Model: { Type: 'AWS::SageMaker::Model', Properties: {} } },
});
