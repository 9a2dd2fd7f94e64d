import { hasProperty, holdsPersonalData } from '../../conditions';
import { rule } from '../../define-rule';
import { is } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

/** A workflow that handles personal data logs its steps, not their input and output. */
export const stateMachineDataUnlogged = rule({
  id: 'StateMachineDataUnlogged',
  scope: 'ai',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.7.2', 'A.6.2.8'],
  crosswalk: { nist80053: ['SI-12', 'AU-3'], owasp: ['LLM02:2025'] },
  why: 'Personal data in execution logs is read by whoever may read logs, and outlives its deletion elsewhere.',
  fix: 'Set LoggingConfiguration.IncludeExecutionData to false.',
  appliesWhen: [holdsPersonalData, hasProperty('LoggingConfiguration')],
  requires: {
    'AWS::StepFunctions::StateMachine': [is('LoggingConfiguration.IncludeExecutionData', false, { byDefault: false })],
  },
  compliant: example({}),
  nonCompliant: example({ IncludeExecutionData: true }),
});

function example(LoggingConfiguration: object) {
  const Tags = [
    { Key: 'ai:system-id', Value: 'x' },
    { Key: 'ai:data-class', Value: 'personal' },
  ];
  return { Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { Tags, LoggingConfiguration } } };
}
