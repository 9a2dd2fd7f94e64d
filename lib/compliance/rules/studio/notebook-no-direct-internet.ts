import { rule } from '../../define-rule';
import { is } from '../../requirements';
import { ALWAYS_ERROR } from '../../rule';

/** A notebook instance has no internet access beside its VPC. */
export const sageMakerNotebookNoDirectInternet = rule({
  id: 'SageMakerNotebookNoDirectInternet',
  level: ALWAYS_ERROR,
  annexA: ['A.4.5'],
  crosswalk: { securityHub: ['SageMaker.1'], nist80053: ['AC-4', 'SC-7'], atlas: ['AML.T0025'] },
  why: 'Whoever runs code in the notebook can copy training data to any host, past every control of the VPC.',
  fix: 'Set DirectInternetAccess to Disabled, and give the notebook a subnet and interface endpoints.',
  requires: { 'AWS::SageMaker::NotebookInstance': [is('DirectInternetAccess', 'Disabled')] },
  configRules: ['SAGEMAKER_NOTEBOOK_NO_DIRECT_INTERNET_ACCESS'],
  compliant: {
    Notebook: { Type: 'AWS::SageMaker::NotebookInstance', Properties: { DirectInternetAccess: 'Disabled' } },
  },
  nonCompliant: { Notebook: { Type: 'AWS::SageMaker::NotebookInstance', Properties: {} } },
});
