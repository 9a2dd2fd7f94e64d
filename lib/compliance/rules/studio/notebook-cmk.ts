import { rule } from '../../define-rule';
import { isOwnKey } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

/** The volume of a notebook instance is encrypted with a key of the owner. */
export const sageMakerNotebookCmk = rule({
  id: 'SageMakerNotebookCmk',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5', 'A.7.2'],
  crosswalk: { securityHub: ['SageMaker.21'], nist80053: ['SC-12', 'SC-28'] },
  why: 'The volume holds copies of training data, and nobody can withdraw a key that belongs to AWS.',
  fix: 'Set KmsKeyId to a customer managed key.',
  requires: { 'AWS::SageMaker::NotebookInstance': [isOwnKey('KmsKeyId')] },
  configRules: ['SAGEMAKER_NOTEBOOK_INSTANCE_KMS_KEY_CONFIGURED'],
  compliant: { Notebook: { Type: 'AWS::SageMaker::NotebookInstance', Properties: { KmsKeyId: 'key' } } },
  nonCompliant: { Notebook: { Type: 'AWS::SageMaker::NotebookInstance', Properties: {} } },
});
