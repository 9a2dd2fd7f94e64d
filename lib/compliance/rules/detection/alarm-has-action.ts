import { type GraphResource, Opaque, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { asList, unresolved, violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';
import { isWatched } from './alarms';

const Tags = [{ Key: 'ai:system-id', Value: 'x' }];

/**
 * An alarm reaches somebody. Alarms that a deployment or a composite alarm watches need no action of their own. One that
 * goes off when too few samples come has to take silence for an alarm too.
 */
export const alarmHasAction = rule({
  id: 'AlarmHasAction',
  appliesTo: ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'],
  scope: 'ai',
  detects: true,
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.2.6', 'A.8.4'],
  crosswalk: {
    securityHub: ['CloudWatch.15', 'CloudWatch.17'],
    nist80053: ['AU-6', 'IR-4', 'SI-4'],
    euAiAct: ['Art. 72'],
  },
  why: 'The endpoint fails or leaks for days while its alarm is red on a dashboard that nobody opens.',
  fix: 'Set AlarmActions to a topic or a function, and do not set ActionsEnabled to false.',
  claims: ['AlarmActions', 'ActionsEnabled'],
  beyondGuard: 'a deployment or a composite alarm may watch the alarm instead',
  check: (alarm, graph) => [
    ...silent(alarm).filter((fault) => fault.unresolved || !isWatched(alarm, graph)),
    ...blindToSilence(alarm),
  ],
  configRules: ['CLOUDWATCH_ALARM_ACTION_CHECK', 'CLOUDWATCH_ALARM_ACTION_ENABLED_CHECK'],
  compliant: { Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmActions: ['topic'], Tags } } },
  nonCompliant: { Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { Tags } } },
});

function silent({ properties: { ActionsEnabled, AlarmActions } }: GraphResource): Violation[] {
  if (AlarmActions instanceof Opaque) {
    return [unresolved('AlarmActions', AlarmActions)];
  }
  return [
    ...(asList(AlarmActions).length === 0 ? [violation('AlarmActions', 'found none, expected at least one')] : []),
    ...(textOf(ActionsEnabled) === 'false' ? [violation('ActionsEnabled', 'found false, expected true')] : []),
  ];
}

function blindToSilence({ properties }: GraphResource): Violation[] {
  const { ComparisonOperator, Statistic, TreatMissingData = 'missing' } = properties;
  const heartbeat = Statistic === 'SampleCount' && textOf(ComparisonOperator).startsWith('LessThan');
  return heartbeat && TreatMissingData !== 'breaching'
    ? [violation('TreatMissingData', `found ${textOf(TreatMissingData)}, expected breaching: it counts samples`)]
    : [];
}
