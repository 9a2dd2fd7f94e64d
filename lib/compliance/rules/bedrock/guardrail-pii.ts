import { holdsPersonalData } from '../../conditions';
import { rule } from '../../define-rule';
import { each, is, isNot, isOneOf, whenIs } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';
import { guardrailWith } from './minimal-guardrail';

/** Types of which masking leaves enough to harm: where they appear, somebody sent a secret. */
const SECRETS = ['AWS_ACCESS_KEY', 'AWS_SECRET_KEY', 'PASSWORD'];

/** `Action` goes both ways unless a direction says otherwise; what the system needs as input may pass. */
const ACTS = [
  isOneOf('Action', ['BLOCK', 'ANONYMIZE']),
  isNot('OutputAction', ['NONE']),
  is('OutputEnabled', true, { byDefault: true }),
];

/** The guardrail of a system with personal data keeps it out of answers. */
export const bedrockGuardrailPii = rule({
  id: 'BedrockGuardrailPii',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.7.2', 'A.9.2'],
  crosswalk: { owasp: ['LLM02:2025'], atlas: ['AML.T0057'], nistAiRmf: ['MEASURE 2.10'], nist80053: ['PT-2'] },
  why: 'A model that has seen personal data repeats it to whoever asks the right question.',
  fix: 'List the types of personal data in PiiEntitiesConfig with the action BLOCK or ANONYMIZE, and BLOCK for keys and passwords.',
  appliesWhen: [holdsPersonalData],
  requires: {
    'AWS::Bedrock::Guardrail': [
      each(
        'SensitiveInformationPolicyConfig.PiiEntitiesConfig',
        [...ACTS, ...SECRETS.map((secret) => whenIs('Type', secret, [is('Action', 'BLOCK')]))],
        { atLeastOne: true },
      ),
      each('SensitiveInformationPolicyConfig.RegexesConfig', ACTS),
    ],
  },
  compliant: guardrailOfPersonalData({
    SensitiveInformationPolicyConfig: { PiiEntitiesConfig: [{ Type: 'EMAIL', Action: 'ANONYMIZE' }] },
  }),
  nonCompliant: guardrailOfPersonalData({
    SensitiveInformationPolicyConfig: { PiiEntitiesConfig: [{ Type: 'EMAIL', Action: 'NONE' }] },
  }),
});

function guardrailOfPersonalData(properties: object) {
  return guardrailWith({ ...properties, Tags: [{ Key: 'ai:data-class', Value: 'personal' }] });
}
