import { rule } from '../../define-rule';
import { is, isNot, some } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';
import { guardrailWith } from './minimal-guardrail';

/** A guardrail blocks prompt attacks at full strength. They exist on the input only. */
export const bedrockGuardrailPromptAttack = rule({
  id: 'BedrockGuardrailPromptAttack',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.2.4', 'A.9.2', 'A.9.4'],
  crosswalk: {
    owasp: ['LLM01:2025'],
    atlas: ['AML.T0051', 'AML.T0054'],
    nistAiRmf: ['MEASURE 2.7'],
    euAiAct: ['Art. 15(5)'],
  },
  why: 'Without the prompt-attack filter, a user or a retrieved document can override the instructions of the system.',
  fix: 'Add a PROMPT_ATTACK filter with InputStrength HIGH and the InputAction BLOCK.',
  requires: {
    'AWS::Bedrock::Guardrail': [
      some(
        'ContentPolicyConfig.FiltersConfig',
        [
          is('Type', 'PROMPT_ATTACK'),
          is('InputStrength', 'HIGH'),
          isNot('InputAction', ['NONE']),
          is('InputEnabled', true, { byDefault: true }),
        ],
        'PROMPT_ATTACK filter that blocks with InputStrength HIGH',
      ),
    ],
  },
  compliant: guardrailWith({
    ContentPolicyConfig: {
      FiltersConfig: [{ Type: 'PROMPT_ATTACK', InputStrength: 'HIGH', OutputStrength: 'NONE' }],
    },
  }),
  nonCompliant: guardrailWith({
    ContentPolicyConfig: { FiltersConfig: [{ Type: 'HATE', InputStrength: 'HIGH', OutputStrength: 'HIGH' }] },
  }),
});
