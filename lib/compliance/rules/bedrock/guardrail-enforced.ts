import { Opaque } from '../../../analysis';
import { rule } from '../../define-rule';
import { asList, propertyOf, unresolved, violation } from '../../expect';
import { isNot } from '../../requirements';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';
import { pinned } from './versions';

const EXCLUDED = 'ModelEnforcement.ExcludedModels';

/** `SELECTIVE` leaves to the caller which parts of a message the guardrail sees (API Reference, SelectiveContentGuarding). */
const guardsMessages = isNot('SelectiveContentGuarding.Messages', ['SELECTIVE']);

/**
 * The guardrail that an account enforces on every call has no gap. Whether an account has one is not asked: it is set once
 * for an account and Region, or for the organization, often far from the templates that call models.
 */
export const bedrockGuardrailEnforced = rule({
  id: 'BedrockGuardrailEnforced',
  appliesTo: ['AWS::Bedrock::EnforcedGuardrailConfiguration'],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.2.2', 'A.9.2'],
  crosswalk: { owasp: ['LLM01:2025'], nist80053: ['CM-6', 'SC-7'] },
  why: 'Callers move to the model that is excluded, or mark as trusted what the guardrail should have seen.',
  fix: 'Name a published version, exclude no model, and leave SelectiveContentGuarding.Messages at COMPREHENSIVE.',
  claims: ['GuardrailVersion', EXCLUDED, ...guardsMessages.claims],
  beyondGuard: 'a reference gives a draft or a version depending on the resource that it points to',
  check: (configuration, graph) => [
    ...pinned('GuardrailVersion', propertyOf(configuration, 'GuardrailVersion'), graph),
    ...exclusions(propertyOf(configuration, EXCLUDED)),
    ...guardsMessages.judge(configuration.properties, ''),
  ],
  compliant: enforcing({ GuardrailVersion: '1' }),
  nonCompliant: enforcing({
    GuardrailVersion: '1',
    ModelEnforcement: { IncludedModels: ['ALL'], ExcludedModels: ['amazon.nova-lite-v1:0'] },
  }),
});

function exclusions(models: unknown): Violation[] {
  if (models instanceof Opaque) {
    return [unresolved(EXCLUDED, models)];
  }
  return asList(models).map((model, index) =>
    violation(`${EXCLUDED}.${index}`, `found ${model}, expected no model without the guardrail`),
  );
}

function enforcing(Properties: object) {
  return { Enforced: { Type: 'AWS::Bedrock::EnforcedGuardrailConfiguration', Properties } };
}
