import { mustBe } from '../expect';
import { ERROR_FROM_LIMITED, type Rule } from '../rule';

/** A served model cannot reach the network. */
export const sageMakerModelNetworkIsolation: Rule = {
  id: 'SageMakerModelNetworkIsolation',
  appliesTo: ['AWS::SageMaker::Model'],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5', 'A.6.2.6'],
  crosswalk: { securityHub: ['SageMaker.5'], nist80053: ['SC-7'], atlas: ['AML.T0024'] },
  why: 'A container with network access can send training data or weights out.',
  fix: 'Set EnableNetworkIsolation to true; SageMaker itself brings the model to the container.',
  check: (model) => mustBe(model, 'EnableNetworkIsolation', true),
  compliant: { Model: { Type: 'AWS::SageMaker::Model', Properties: { EnableNetworkIsolation: true } } },
  nonCompliant: { Model: { Type: 'AWS::SageMaker::Model', Properties: { EnableNetworkIsolation: false } } },
};
