import { rule } from '../../define-rule';
import { isOwnKey } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';

/** A model card is encrypted with a key of the owner. */
export const sageMakerModelCardCmk = rule({
  id: 'SageMakerModelCardCmk',
  level: ALWAYS_WARNING,
  annexA: ['A.4.5'],
  crosswalk: { nist80053: ['SC-12', 'SC-28'] },
  why: 'A card tells training data, weaknesses and intended use, and under a key of AWS the owner cannot say who may decrypt it.',
  fix: 'Set SecurityConfig.KmsKeyId to a customer managed key.',
  requires: { 'AWS::SageMaker::ModelCard': [isOwnKey('SecurityConfig.KmsKeyId')] },
  compliant: { Card: { Type: 'AWS::SageMaker::ModelCard', Properties: { SecurityConfig: { KmsKeyId: 'key' } } } },
  nonCompliant: { Card: { Type: 'AWS::SageMaker::ModelCard', Properties: {} } },
});
