import { rule } from '../../define-rule';
import { each, isOwnKey, type Requirement, whenSet } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';
import { unlessLocalStorage } from './instances';

const CLUSTER = 'ProcessingResources.ClusterConfig';
const OUTPUT = 'ProcessingOutputConfig';

/** A processing job encrypts its volumes, its output and the data sets it queries with a key of the owner. */
export const sageMakerProcessingJobCmk = rule({
  id: 'SageMakerProcessingJobCmk',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.7.2'],
  crosswalk: { nist80053: ['SC-12', 'SC-28'] },
  why: 'A job leaves copies of raw data on volumes and in buckets, and nobody can withdraw a key that belongs to AWS.',
  fix: 'Set VolumeKmsKeyId, the KmsKeyId of the output, and the KmsKeyId of each Athena or Redshift input.',
  requires: {
    'AWS::SageMaker::ProcessingJob': [
      unlessLocalStorage(`${CLUSTER}.InstanceType`, [isOwnKey(`${CLUSTER}.VolumeKmsKeyId`)]),
      whenSet(OUTPUT, [isOwnKey(`${OUTPUT}.KmsKeyId`)]),
      each('ProcessingInputs', [query('Athena'), query('Redshift')]),
    ],
  },
  compliant: {
    Job: {
      Type: 'AWS::SageMaker::ProcessingJob',
      Properties: { ProcessingResources: { ClusterConfig: { VolumeKmsKeyId: 'key' } } },
    },
  },
  nonCompliant: {
    Job: {
      Type: 'AWS::SageMaker::ProcessingJob',
      Properties: {
        ProcessingResources: { ClusterConfig: { InstanceType: 'ml.m5.xlarge' } },
        ProcessingOutputConfig: { Outputs: [] },
      },
    },
  },
});

function query(engine: 'Athena' | 'Redshift'): Requirement {
  const definition = `DatasetDefinition.${engine}DatasetDefinition`;
  return whenSet(definition, [isOwnKey(`${definition}.KmsKeyId`)]);
}
