import { rule } from '../../define-rule';
import { is } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';
import { holdsEach } from '../structure';

const INSIGHTS = ['ApiCallRateInsight', 'ApiErrorRateInsight'];
const Tags = [{ Key: 'ai:system-id', Value: 'x' }];

/** A trail notices an unusual number of calls, and of refused ones. */
export const trailInsights = rule({
  id: 'TrailInsights',
  scope: 'ai',
  detects: true,
  level: ALWAYS_WARNING,
  annexA: ['A.6.2.6'],
  crosswalk: { nist80053: ['AU-6', 'SI-4'] },
  why: 'An attacker who probes with stolen credentials makes a burst of refused calls that nobody looks for.',
  fix: `Set InsightSelectors to ${INSIGHTS.join(' and ')}.`,
  requires: {
    'AWS::CloudTrail::Trail': [
      holdsEach('InsightSelectors', Object.fromEntries(INSIGHTS.map((type) => [type, [is('InsightType', type)]])), ''),
    ],
  },
  compliant: trailWith(INSIGHTS),
  nonCompliant: trailWith([]),
});

function trailWith(types: string[]) {
  const InsightSelectors = types.map((InsightType) => ({ InsightType }));
  return { Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { InsightSelectors, Tags } } };
}
