import type { MinimalTemplate } from '../../rule';

/** A template that holds one guardrail. */
export function guardrailWith(Properties: object): MinimalTemplate {
  return { Guardrail: { Type: 'AWS::Bedrock::Guardrail', Properties } };
}
