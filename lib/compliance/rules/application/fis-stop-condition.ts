import { rule } from '../../define-rule';
import { is, isSet, some } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';

/** A chaos experiment stops when an alarm rings, and leaves a record. */
export const fisStopCondition = rule({
  id: 'FisStopCondition',
  level: ALWAYS_WARNING,
  annexA: ['A.6.2.4', 'A.6.2.6'],
  crosswalk: { nist80053: ['CA-8', 'CP-4'], nistAiRmf: ['MEASURE 2.7'] },
  why: 'An experiment without a stop condition goes on while people are being refused or misjudged.',
  fix: 'Add a stop condition with source aws:cloudwatch:alarm, and a LogConfiguration.',
  requires: {
    'AWS::FIS::ExperimentTemplate': [
      some('StopConditions', [is('Source', 'aws:cloudwatch:alarm'), isSet('Value')], 'stop condition with an alarm'),
      isSet('LogConfiguration'),
    ],
  },
  compliant: example([{ Source: 'aws:cloudwatch:alarm', Value: 'alarm' }], { LogConfiguration: 'log' }),
  nonCompliant: example([{ Source: 'none' }], {}),
});

function example(StopConditions: object[], logging: object) {
  return { Experiment: { Type: 'AWS::FIS::ExperimentTemplate', Properties: { StopConditions, ...logging } } };
}
