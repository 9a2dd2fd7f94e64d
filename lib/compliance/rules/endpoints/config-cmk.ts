import { keepsKeyItself } from '../../../../runtime/instance-storage';
import { Opaque } from '../../../analysis';
import { rule } from '../../define-rule';
import { asList, propertyOf, unresolved, valueAt } from '../../expect';
import { isOwnKey } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';
import { variantsOf } from './endpoint-config';

const OWN_KEY = isOwnKey('KmsKeyId');

/** Volumes of an endpoint's instances are encrypted with a key of the owner, where the instances accept one. */
export const sageMakerEndpointConfigCmk = rule({
  id: 'SageMakerEndpointConfigCmk',
  appliesTo: ['AWS::SageMaker::EndpointConfig'],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5', 'A.7.2'],
  crosswalk: { nist80053: ['SC-12', 'SC-28'], nistAiRmf: ['MEASURE 2.7'] },
  why: 'Volumes hold the model and what it is asked, and under a key of AWS the owner can neither withdraw them nor see who decrypts.',
  fix: 'Set KmsKeyId to a customer managed key that serves inference only.',
  claims: ['KmsKeyId'],
  beyondGuard: 'whether a key is accepted depends on the instance family of every variant',
  configRules: ['SAGEMAKER_ENDPOINT_CONFIGURATION_KMS_KEY_CONFIGURED'],
  check: (config) => {
    if (propertyOf(config, 'KmsKeyId') !== undefined) {
      return OWN_KEY.judge(config.properties, '');
    }
    const types = variantsOf(config).flatMap(instanceTypesOf);
    const unknown = types.find((type) => type instanceof Opaque);
    if (types.some((type) => !(type instanceof Opaque) && !keepsKeyItself(type))) {
      return OWN_KEY.judge(config.properties, '');
    }
    return unknown ? [unresolved('KmsKeyId', unknown)] : undefined;
  },
  compliant: {
    Config: { Type: 'AWS::SageMaker::EndpointConfig', Properties: { KmsKeyId: 'key' } },
  },
  nonCompliant: {
    Config: {
      Type: 'AWS::SageMaker::EndpointConfig',
      Properties: { ProductionVariants: [{ ModelName: 'model', InstanceType: 'ml.m5.large' }] },
    },
  },
});

/** A serverless variant has no volume of its own. */
function instanceTypesOf(variant: unknown): unknown[] {
  if (valueAt(variant, 'ServerlessConfig') !== undefined) {
    return [];
  }
  const pools = asList(valueAt(variant, 'InstancePools'));
  return pools.length > 0 ? pools.map((pool) => valueAt(pool, 'InstanceType')) : [valueAt(variant, 'InstanceType')];
}
