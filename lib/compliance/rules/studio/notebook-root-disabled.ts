import { rule } from '../../define-rule';
import { is } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

/** Users of a notebook instance are not root on it. */
export const sageMakerNotebookRootDisabled = rule({
  id: 'SageMakerNotebookRootDisabled',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.4', 'A.6.1.3'],
  crosswalk: { securityHub: ['SageMaker.3'], nist80053: ['AC-2', 'AC-6'] },
  why: 'A user who is root can replace the tools, stop the logging agent and plant code that others run later.',
  fix: 'Set RootAccess to Disabled; lifecycle configurations still run as root.',
  requires: { 'AWS::SageMaker::NotebookInstance': [is('RootAccess', 'Disabled')] },
  configRules: ['SAGEMAKER_NOTEBOOK_INSTANCE_ROOT_ACCESS_CHECK'],
  compliant: { Notebook: { Type: 'AWS::SageMaker::NotebookInstance', Properties: { RootAccess: 'Disabled' } } },
  nonCompliant: { Notebook: { Type: 'AWS::SageMaker::NotebookInstance', Properties: {} } },
});
