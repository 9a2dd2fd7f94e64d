import { rule } from '../../define-rule';
import { is } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

/** A notebook instance gives its role's credentials to session requests only. */
export const sageMakerNotebookImdsV2 = rule({
  id: 'SageMakerNotebookImdsV2',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5'],
  crosswalk: { nist80053: ['AC-3', 'AC-6'] },
  why: "A page or package that makes the notebook fetch a URL reads the role's credentials over IMDSv1.",
  fix: 'Set InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion to 2.',
  requires: {
    'AWS::SageMaker::NotebookInstance': [
      is('InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion', '2'),
    ],
  },
  compliant: {
    Notebook: {
      Type: 'AWS::SageMaker::NotebookInstance',
      Properties: { InstanceMetadataServiceConfiguration: { MinimumInstanceMetadataServiceVersion: '2' } },
    },
  },
  nonCompliant: { Notebook: { Type: 'AWS::SageMaker::NotebookInstance', Properties: {} } },
});
