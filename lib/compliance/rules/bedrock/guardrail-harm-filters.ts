import { rule } from '../../define-rule';
import { is, isNot, isOneOf, type Requirement } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';
import { holdsEach } from '../structure';
import { guardrailWith } from './minimal-guardrail';

/** Categories of harmful content that Bedrock filters in both directions (API Reference, GuardrailContentFilterConfig). */
const HARMS = ['HATE', 'INSULTS', 'MISCONDUCT', 'SEXUAL', 'VIOLENCE'];

const STRENGTHS = ['MEDIUM', 'HIGH'];

/** A guardrail blocks every category of harmful content, both ways and in every stage: what is tested is what is deployed. */
export const bedrockGuardrailHarmFilters = rule({
  id: 'BedrockGuardrailHarmFilters',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.9.2', 'A.9.3'],
  crosswalk: { nistAiRmf: ['MEASURE 2.6'], atlas: ['AML.T0054'] },
  why: 'Through a category that is not filtered, the model answers people with hate, threats or instructions for crimes.',
  fix: 'Add filters for HATE, INSULTS, MISCONDUCT, SEXUAL and VIOLENCE with both strengths MEDIUM or HIGH, and let them block.',
  requires: {
    'AWS::Bedrock::Guardrail': [
      holdsEach(
        'ContentPolicyConfig.FiltersConfig',
        Object.fromEntries(HARMS.map((harm) => [harm, blocking(harm)])),
        ' filter that blocks both ways with strength MEDIUM or HIGH',
      ),
    ],
  },
  compliant: guardrailWith({ ContentPolicyConfig: { FiltersConfig: HARMS.map(highFilter) } }),
  nonCompliant: guardrailWith({ ContentPolicyConfig: { FiltersConfig: HARMS.slice(1).map(highFilter) } }),
});

function blocking(harm: string): Requirement[] {
  return [
    is('Type', harm),
    isOneOf('InputStrength', STRENGTHS),
    isOneOf('OutputStrength', STRENGTHS),
    isNot('InputAction', ['NONE']),
    isNot('OutputAction', ['NONE']),
    is('InputEnabled', true, { byDefault: true }),
    is('OutputEnabled', true, { byDefault: true }),
  ];
}

function highFilter(Type: string) {
  return { Type, InputStrength: 'HIGH', OutputStrength: 'HIGH' };
}
