import { rule } from '../../define-rule';
import { isOwnKey, whenIs, whenSet } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';
import { hasStore } from './feature-stores';

/** Each store of a feature group is encrypted with a key of the owner. */
export const sageMakerFeatureGroupCmk = rule({
  id: 'SageMakerFeatureGroupCmk',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.7.2'],
  crosswalk: { securityHub: ['SageMaker.17', 'SageMaker.18'], nist80053: ['SC-12', 'SC-28'] },
  why: 'Features are personal data in compact form, and under a key of AWS the owner can neither withdraw them nor see who decrypts.',
  fix: 'Set OnlineStoreConfig.SecurityConfig.KmsKeyId and OfflineStoreConfig.S3StorageConfig.KmsKeyId for the stores in use.',
  appliesWhen: [hasStore],
  requires: {
    'AWS::SageMaker::FeatureGroup': [
      whenIs('OnlineStoreConfig.EnableOnlineStore', true, [isOwnKey('OnlineStoreConfig.SecurityConfig.KmsKeyId')]),
      whenSet('OfflineStoreConfig', [isOwnKey('OfflineStoreConfig.S3StorageConfig.KmsKeyId')]),
    ],
  },
  configRules: ['SAGEMAKER_FEATUREGROUP_ENCRYPTION_AT_REST', 'SAGEMAKER_FEATUREGROUP_ONLINE_STORE_ENCRYPTION'],
  compliant: {
    Group: {
      Type: 'AWS::SageMaker::FeatureGroup',
      Properties: { OfflineStoreConfig: { S3StorageConfig: { KmsKeyId: 'key' } } },
    },
  },
  nonCompliant: {
    Group: {
      Type: 'AWS::SageMaker::FeatureGroup',
      Properties: { OfflineStoreConfig: { S3StorageConfig: { S3Uri: 's3://features' } } },
    },
  },
});
