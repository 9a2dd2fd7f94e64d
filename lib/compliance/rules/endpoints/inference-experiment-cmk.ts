import { rule } from '../../define-rule';
import { isOwnKey, whenSet } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';
import { isOwnVolumeKey } from './volume-key';

const INSTANCE_TYPES = 'ModelVariants.*.InfrastructureConfig.RealTimeInferenceConfig.InstanceType';

/** A shadow test keeps live requests, on its volumes and in S3, under a key of the owner. */
export const sageMakerInferenceExperimentCmk = rule({
  id: 'SageMakerInferenceExperimentCmk',
  level: ALWAYS_WARNING,
  annexA: ['A.7.2'],
  crosswalk: { securityHub: ['SageMaker.23', 'SageMaker.24'], nist80053: ['SC-12', 'SC-28'] },
  why: 'An experiment copies live requests to a second model and to S3, outside the keys that protect the endpoint itself.',
  fix: 'Set KmsKey, where the instances take a key, and DataStorageConfig.KmsKey where requests are stored.',
  requires: {
    'AWS::SageMaker::InferenceExperiment': [
      isOwnVolumeKey('KmsKey', INSTANCE_TYPES),
      whenSet('DataStorageConfig', [isOwnKey('DataStorageConfig.KmsKey')]),
    ],
  },
  configRules: [
    'SAGEMAKER_INF_EXPERIMENT_DATA_STORAGE_KMS_ENCRYPTED',
    'SAGEMAKER_INF_EXPERIMENT_INSTANCE_STORAGE_KMS_ENCRYPTED',
  ],
  compliant: { Experiment: { Type: 'AWS::SageMaker::InferenceExperiment', Properties: { KmsKey: 'key' } } },
  nonCompliant: {
    Experiment: {
      Type: 'AWS::SageMaker::InferenceExperiment',
      Properties: { DataStorageConfig: { Destination: 's3://shadow-test' } },
    },
  },
});
