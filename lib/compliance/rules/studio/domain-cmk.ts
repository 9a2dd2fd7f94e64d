import { rule } from '../../define-rule';
import { isOwnKey } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

/** The volumes of a Studio domain are encrypted with a key of the owner. */
export const sageMakerDomainCmk = rule({
  id: 'SageMakerDomainCmk',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5', 'A.7.2'],
  crosswalk: { nist80053: ['SC-12', 'SC-28'] },
  why: "Home directories hold copies of training data, and AWS's own key can be neither withdrawn nor restricted.",
  fix: 'Set KmsKeyId to a customer managed key; it cannot be changed later.',
  requires: { 'AWS::SageMaker::Domain': [isOwnKey('KmsKeyId')] },
  compliant: { Domain: { Type: 'AWS::SageMaker::Domain', Properties: { KmsKeyId: 'key' } } },
  nonCompliant: { Domain: { Type: 'AWS::SageMaker::Domain', Properties: {} } },
});
