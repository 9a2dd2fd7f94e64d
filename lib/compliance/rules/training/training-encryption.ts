import { JOB_STARTERS } from '../../../analysis';
import { rule } from '../../define-rule';
import { ALWAYS_ERROR } from '../../rule';
import { inDefinitions, type JobParameter, type JobParameters, judgeJobs } from './job-parameters';
import { machine, pipeline } from './samples';

const TRAINING: readonly JobParameter[] = [
  { path: 'EnableInterContainerTrafficEncryption', expected: 'true' },
  volumeKey('ResourceConfig'),
  { path: 'OutputDataConfig.KmsKeyId', expected: 'a customer managed key' },
];

/** The instances of a transform job exchange nothing. */
const ASKED: JobParameters = {
  TrainingJob: TRAINING,
  HyperParameterTuningJob: TRAINING,
  ProcessingJob: [
    { path: 'NetworkConfig.EnableInterContainerTrafficEncryption', expected: 'true' },
    volumeKey('ProcessingResources.ClusterConfig'),
    { path: 'ProcessingOutputConfig.KmsKeyId', expected: 'a customer managed key', partOf: 'ProcessingOutputConfig' },
  ],
  TransformJob: [
    volumeKey('TransformResources'),
    { path: 'TransformOutput.KmsKeyId', expected: 'a customer managed key' },
  ],
};

function volumeKey(holder: string): JobParameter {
  return {
    path: `${holder}.VolumeKmsKeyId`,
    expected: 'a customer managed key',
    instances: `${holder}.InstanceType`,
  };
}

/** Jobs that a state machine or a pipeline starts encrypt what they store and what their instances exchange. */
export const sageMakerTrainingEncryption = rule({
  id: 'SageMakerTrainingEncryption',
  appliesTo: JOB_STARTERS,
  level: ALWAYS_ERROR,
  annexA: ['A.4.5', 'A.7.2'],
  crosswalk: { nist80053: ['SC-8', 'SC-12', 'SC-28'], nistAiRmf: ['MEASURE 2.7'], owasp: ['LLM02:2025'] },
  why: 'Volumes and model artifacts hold what was learned from, and whoever reads the bucket or the wire has it all.',
  fix: 'Give the job EnableInterContainerTrafficEncryption, a VolumeKmsKeyId and a KmsKeyId for its output.',
  claims: inDefinitions('EnableInterContainerTrafficEncryption', 'VolumeKmsKeyId', 'KmsKeyId'),
  beyondGuard: 'job definitions stand as text inside the definition',
  check: (resource) => judgeJobs(resource, ASKED),
  compliant: {
    ...machine({
      EnableInterContainerTrafficEncryption: true,
      ResourceConfig: { InstanceType: 'ml.m5.xlarge', VolumeKmsKeyId: 'key' },
      OutputDataConfig: { KmsKeyId: 'key' },
    }),
    ...pipeline({
      Name: 'Prepare',
      Type: 'Processing',
      Arguments: {
        NetworkConfig: { EnableInterContainerTrafficEncryption: true },
        ProcessingResources: { ClusterConfig: { InstanceType: 'ml.m5.xlarge', VolumeKmsKeyId: 'key' } },
        ProcessingOutputConfig: { KmsKeyId: 'key' },
      },
    }),
  },
  nonCompliant: {
    ...machine({ ResourceConfig: { InstanceType: 'ml.m5.xlarge' }, OutputDataConfig: { S3OutputPath: 's3://runs' } }),
    ...pipeline({ Name: 'Prepare', Type: 'Processing', Arguments: {} }),
  },
});
