import { keepsKeyItself } from '../../../../runtime/instance-storage';
import { rule } from '../../define-rule';
import { asList, mustExist, propertyOf, valueAt } from '../../expect';
import { ERROR_FROM_LIMITED } from '../../rule';

/** Volumes of an endpoint's instances are encrypted with a key of the owner, where the instances accept one. */
export const sageMakerEndpointConfigEncrypted = rule({
  id: 'SageMakerEndpointConfigCmk',
  appliesTo: ['AWS::SageMaker::EndpointConfig'],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5'],
  crosswalk: { nist80053: ['SC-28'], nistAiRmf: ['MEASURE 2.7'] },
  why: 'Volumes hold the model and what it is asked; a key of the owner can be withdrawn and its use is recorded.',
  fix: 'Set KmsKeyId to a customer managed key that serves inference only.',
  claims: ['KmsKeyId'],
  beyondGuard: 'whether a key is accepted depends on the instance family of every variant',
  check: (config) => {
    const types = asList(propertyOf(config, 'ProductionVariants')).map((variant) => valueAt(variant, 'InstanceType'));
    return types.length > 0 && types.every(keepsKeyItself) ? undefined : mustExist(config, 'KmsKeyId');
  },
  compliant: { Config: { Type: 'AWS::SageMaker::EndpointConfig', Properties: { KmsKeyId: 'key' } } },
  nonCompliant: { Config: { Type: 'AWS::SageMaker::EndpointConfig', Properties: {} } },
});
