import { rule } from '../../define-rule';
import { violation } from '../../expect';
import { ALWAYS_ERROR } from '../../rule';
import { tierOf } from '../../tags';
import { AI_TYPES, HOLDING_TYPES, systemOf, systemsOf } from './systems';

/**
 * All resources of one AI system state the same impact tier, in every stack. An error whatever the tier: the lower one is
 * the fault.
 */
export const governanceImpactTierConsistent = rule({
  id: 'GovernanceImpactTierConsistent',
  scope: 'ai',
  appliesTo: [...AI_TYPES, ...HOLDING_TYPES],
  level: ALWAYS_ERROR,
  annexA: ['A.5.2', 'A.5.4'],
  crosswalk: { nist80053: ['RA-2', 'RA-3'], nistAiRmf: ['MAP 5.1'], euAiAct: ['Art. 9'] },
  why: 'A resource that claims a lower tier than its system gets warnings where the system needs errors.',
  fix: 'Set ai:impact to the tier that the impact assessment of the AI system gave.',
  claims: [],
  beyondGuard: 'the tier of an AI system stands on all of its resources',
  check: (resource, graph) => {
    const [system, tier] = [systemOf(resource), tierOf(resource)];
    if (system === undefined || tier === undefined) {
      return undefined;
    }
    const highest = systemsOf(graph).tiers.get(system);
    return tier === highest
      ? []
      : [violation('Tags', `found ai:impact '${tier}', where other resources of ${system} state '${highest}'`)];
  },
  compliant: example('high'),
  nonCompliant: example('minimal'),
});

function example(tier: string) {
  const tags = (impact: string) => ({
    Tags: [
      { Key: 'ai:system-id', Value: 'x' },
      { Key: 'ai:impact', Value: impact },
    ],
  });
  return {
    Endpoint: { Type: 'AWS::SageMaker::Endpoint', Properties: tags('high') },
    Bucket: { Type: 'AWS::S3::Bucket', Properties: tags(tier) },
  };
}
