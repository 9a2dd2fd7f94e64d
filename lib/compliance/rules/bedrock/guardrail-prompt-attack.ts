import { Opaque, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { asList, mustExist, propertyOf, unresolved, valueAt, violation } from '../../expect';
import { ERROR_FROM_LIMITED } from '../../rule';

/** A guardrail screens prompts for attacks at full strength, and its configuration is encrypted. */
export const bedrockGuardrailPromptAttack = rule({
  id: 'BedrockGuardrailPromptAttack',
  appliesTo: ['AWS::Bedrock::Guardrail'],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.9.3', 'A.9.4'],
  crosswalk: {
    owasp: ['LLM01:2025'],
    atlas: ['AML.T0051', 'AML.T0054'],
    nistAiRmf: ['MEASURE 2.7'],
    euAiAct: ['Art. 15(5)'],
  },
  why: 'A guardrail without the prompt-attack filter lets injection and jailbreaks through.',
  fix: 'Add a PROMPT_ATTACK filter with InputStrength HIGH, and set KmsKeyArn.',
  claims: ['ContentPolicyConfig.FiltersConfig', 'KmsKeyArn'],
  beyondGuard: 'the rule is being rewritten',
  check: (guardrail) => {
    const property = 'ContentPolicyConfig.FiltersConfig';
    const filters = propertyOf(guardrail, property);
    if (filters instanceof Opaque) {
      return [unresolved(property, filters)];
    }
    const attack = asList(filters).some(blocksAttacks)
      ? []
      : [violation(property, 'found no PROMPT_ATTACK filter with InputStrength HIGH that blocks')];
    return [...attack, ...mustExist(guardrail, 'KmsKeyArn')];
  },
  compliant: guardrailWith([{ Type: 'PROMPT_ATTACK', InputStrength: 'HIGH', OutputStrength: 'NONE' }]),
  nonCompliant: guardrailWith([{ Type: 'HATE', InputStrength: 'HIGH', OutputStrength: 'HIGH' }]),
});

/** A filter can be switched off, or only detect (Amazon Bedrock API Reference, GuardrailContentFilterConfig). */
function blocksAttacks(filter: unknown): boolean {
  const at = (name: string) => valueAt(filter, name);
  const active = textOf(at('InputEnabled') ?? true) === 'true' && (at('InputAction') ?? 'BLOCK') === 'BLOCK';
  return at('Type') === 'PROMPT_ATTACK' && at('InputStrength') === 'HIGH' && active;
}

function guardrailWith(FiltersConfig: object[]) {
  const Properties = { KmsKeyArn: 'key', ContentPolicyConfig: { FiltersConfig } };
  return { Guardrail: { Type: 'AWS::Bedrock::Guardrail', Properties } };
}
