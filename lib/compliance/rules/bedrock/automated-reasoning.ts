import type { Condition } from '../../conditions';
import { rule } from '../../define-rule';
import { isSet } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';
import { tierOf } from '../../tags';
import { guardrailWith } from './minimal-guardrail';

/** Recommended to those who say that much depends on the answer, and to nobody else. */
const statesHighImpact: Condition = {
  holds: (resource) => tierOf(resource) === 'high',
  guard: () => "Properties.Tags[ Key == 'ai:impact' ].Value == 'high'",
};

/** Answers of a high-impact system are checked against rules that can be proven. */
export const bedrockAutomatedReasoning = rule({
  id: 'BedrockAutomatedReasoning',
  level: ALWAYS_WARNING,
  annexA: ['A.6.2.4'],
  crosswalk: { owasp: ['LLM09:2025'], nistAiRmf: ['MEASURE 2.5'], euAiAct: ['Art. 15(1)'] },
  why: 'Statistical filters let an answer pass that sounds right and breaks a rule of eligibility, law or medicine.',
  fix: 'Write the rules of the domain as an automated reasoning policy and name it in AutomatedReasoningPolicyConfig.Policies.',
  appliesWhen: [statesHighImpact],
  requires: { 'AWS::Bedrock::Guardrail': [isSet('AutomatedReasoningPolicyConfig.Policies')] },
  compliant: highImpact({
    AutomatedReasoningPolicyConfig: {
      Policies: ['arn:aws:bedrock:eu-west-1:111122223333:automated-reasoning-policy/abcdefghijkl:1'],
    },
  }),
  nonCompliant: highImpact({}),
});

function highImpact(properties: object) {
  return guardrailWith({ ...properties, Tags: [{ Key: 'ai:impact', Value: 'high' }] });
}
