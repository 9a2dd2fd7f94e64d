import { rule } from '../../define-rule';
import { each, isSet } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';

const RULE = 'AWS::Events::Rule';
const targets = each('Targets', [isSet('DeadLetterConfig.Arn')]);
const schedule = isSet('Target.DeadLetterConfig.Arn');

/** What could not be delivered to a target is kept. */
export const eventTargetsDlq = rule({
  id: 'EventTargetsDlq',
  scope: 'ai',
  detects: true,
  level: ALWAYS_WARNING,
  annexA: ['A.6.2.6', 'A.6.2.8'],
  crosswalk: { nist80053: ['AU-5', 'SI-11'] },
  why: 'An event that a target refused is dropped after a day, and the review or containment it meant never starts.',
  fix: 'Set DeadLetterConfig.Arn on the target.',
  appliesTo: [RULE, 'AWS::Scheduler::Schedule'],
  claims: ['Targets.*.DeadLetterConfig.Arn', 'Target.DeadLetterConfig.Arn'],
  beyondGuard: 'schedules have no tags that tell whether they belong to an AI system',
  check: ({ type, properties }) => {
    const asked = type === RULE ? targets : schedule;
    return properties.Targets === undefined && type === RULE ? undefined : asked.judge(properties, '');
  },
  compliant: example({ DeadLetterConfig: { Arn: 'queue' } }),
  nonCompliant: example({ Arn: 'function' }),
});

function example(target: object) {
  return {
    Rule: {
      Type: RULE,
      Properties: { Tags: [{ Key: 'ai:system-id', Value: 'x' }], Targets: [target] },
    },
    Schedule: { Type: 'AWS::Scheduler::Schedule', Properties: { Target: target } },
  };
}
