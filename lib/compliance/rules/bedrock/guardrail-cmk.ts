import { rule } from '../../define-rule';
import { isOwnKey } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';
import { guardrailWith } from './minimal-guardrail';

/** A guardrail's configuration is encrypted with a key of the owner. */
export const bedrockGuardrailCmk = rule({
  id: 'BedrockGuardrailCmk',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5'],
  crosswalk: { nist80053: ['SC-12', 'SC-28'] },
  why: 'Who reads the denied topics and patterns of a guardrail knows how to get around it.',
  fix: 'Set KmsKeyArn to a customer managed key.',
  requires: { 'AWS::Bedrock::Guardrail': [isOwnKey('KmsKeyArn')] },
  compliant: guardrailWith({ KmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/own' }),
  nonCompliant: guardrailWith({}),
});
