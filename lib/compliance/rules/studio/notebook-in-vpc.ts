import { rule } from '../../define-rule';
import { isSet } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

/** A notebook instance stands in a subnet, behind security groups. */
export const sageMakerNotebookInVpc = rule({
  id: 'SageMakerNotebookInVpc',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5'],
  crosswalk: { securityHub: ['SageMaker.2'], nist80053: ['AC-4', 'SC-7'] },
  why: 'Outside a VPC no flow log, endpoint policy or security group sees or limits what the notebook sends.',
  fix: 'Set SubnetId to an isolated subnet and SecurityGroupIds to groups that reach endpoints only.',
  requires: { 'AWS::SageMaker::NotebookInstance': [isSet('SubnetId'), isSet('SecurityGroupIds')] },
  configRules: ['SAGEMAKER_NOTEBOOK_INSTANCE_INSIDE_VPC'],
  compliant: {
    Notebook: {
      Type: 'AWS::SageMaker::NotebookInstance',
      Properties: { SubnetId: 'subnet-1', SecurityGroupIds: ['sg-1'] },
    },
  },
  nonCompliant: {
    Notebook: { Type: 'AWS::SageMaker::NotebookInstance', Properties: { DirectInternetAccess: 'Disabled' } },
  },
});
