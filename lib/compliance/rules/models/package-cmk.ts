import { rule } from '../../define-rule';
import { isOwnKey } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

/** What the registry keeps of a version, such as its metrics and model card, is encrypted with a key of the owner. */
export const sageMakerModelPackageCmk = rule({
  id: 'SageMakerModelPackageCmk',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5'],
  crosswalk: { nist80053: ['SC-12', 'SC-28'] },
  why: 'Under a key of AWS, everyone who may describe the package reads where the model lies and how it was made, and the owner cannot withdraw it.',
  fix: 'Set SecurityConfig.KmsKeyId to a customer managed key of the registry.',
  requires: { 'AWS::SageMaker::ModelPackage': [isOwnKey('SecurityConfig.KmsKeyId')] },
  compliant: {
    Package: { Type: 'AWS::SageMaker::ModelPackage', Properties: { SecurityConfig: { KmsKeyId: 'key' } } },
  },
  nonCompliant: { Package: { Type: 'AWS::SageMaker::ModelPackage', Properties: {} } },
});
