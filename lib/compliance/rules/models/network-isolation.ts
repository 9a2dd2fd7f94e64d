import { rule } from '../../define-rule';
import { is } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

/** A served model cannot reach the network. */
export const sageMakerModelNetworkIsolation = rule({
  id: 'SageMakerModelNetworkIsolation',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5', 'A.6.2.6'],
  crosswalk: { securityHub: ['SageMaker.5'], nist80053: ['SC-7'], atlas: ['AML.T0024'] },
  why: 'A container with network access can send training data or weights out.',
  fix: 'Set EnableNetworkIsolation to true; SageMaker itself brings the model to the container.',
  requires: { 'AWS::SageMaker::Model': [is('EnableNetworkIsolation', true)] },
  configRules: ['SAGEMAKER_MODEL_ISOLATION_ENABLED'],
  compliant: { Model: { Type: 'AWS::SageMaker::Model', Properties: { EnableNetworkIsolation: true } } },
  nonCompliant: { Model: { Type: 'AWS::SageMaker::Model', Properties: { EnableNetworkIsolation: false } } },
});
