import { Opaque, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { asList, propertyOf, unresolved, valueAt, violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Verdict, type Violation } from '../../rule';

const GROUPS = 'ActionGroups';

/** First words of functions that change something outside of the conversation, as people name them. */
const CHANGES =
  /^(add|approve|assign|block|book|buy|cancel|change|close|create|delete|deploy|disable|drop|enable|execute|grant|insert|issue|modify|move|order|patch|pay|place|post|publish|purchase|put|refund|reject|remove|reserve|reset|revoke|schedule|send|set|submit|terminate|transfer|update|upload|withdraw|write)([A-Z_-]|$)/;

/**
 * What an agent changes, a person confirms. A function says by its name whether it changes anything; operations of API
 * schemas are not read.
 */
export const bedrockAgentHumanConfirmation = rule({
  id: 'BedrockAgentHumanConfirmation',
  appliesTo: ['AWS::Bedrock::Agent'],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.9.2', 'A.9.4'],
  crosswalk: { owasp: ['LLM06:2025', 'ASI02'], atlas: ['AML.T0053', 'AML.T0086'], euAiAct: ['Art. 14'] },
  why: 'An instruction hidden in a document makes the agent delete, pay or send, and nobody is asked.',
  fix: 'Set RequireConfirmation to ENABLED, or let the action group return control, and remove AMAZON.CodeInterpreter.',
  claims: [`${GROUPS}.*.FunctionSchema.Functions.*.RequireConfirmation`],
  beyondGuard: 'a function without confirmation is fine where its group returns control',
  check: (agent): Verdict => {
    const groups = propertyOf(agent, GROUPS);
    if (groups instanceof Opaque) {
      return [unresolved(GROUPS, groups)];
    }
    const verdicts = asList(groups).flatMap((group, index) => [
      ...interpreter(group, `${GROUPS}.${index}`),
      ...functions(group, `${GROUPS}.${index}`),
    ]);
    return verdicts.length === 0 ? undefined : verdicts.flat();
  },
  compliant: agentWith({ Name: 'cancel_order', RequireConfirmation: 'ENABLED' }),
  nonCompliant: agentWith({ Name: 'cancel_order' }),
});

/** Runs code that the model wrote. */
function interpreter(group: unknown, at: string): Violation[][] {
  const property = `${at}.ParentActionGroupSignature`;
  return valueAt(group, 'ParentActionGroupSignature') === 'AMAZON.CodeInterpreter' &&
    valueAt(group, 'ActionGroupState') !== 'DISABLED'
    ? [[violation(property, 'found AMAZON.CodeInterpreter, which runs what the model writes without confirmation')]]
    : [];
}

/** One verdict for each function that changes something. */
function functions(group: unknown, at: string): Violation[][] {
  const returnsControl = valueAt(group, 'ActionGroupExecutor.CustomControl') === 'RETURN_CONTROL';
  return asList(valueAt(group, 'FunctionSchema.Functions')).flatMap((item, index) => {
    const name = textOf(valueAt(item, 'Name'));
    const property = `${at}.FunctionSchema.Functions.${index}.RequireConfirmation`;
    return CHANGES.test(name) ? [returnsControl ? [] : confirmation(item, name, property)] : [];
  });
}

function confirmation(item: unknown, name: string, property: string): Violation[] {
  const found = valueAt(item, 'RequireConfirmation');
  if (found instanceof Opaque) {
    return [unresolved(property, found)];
  }
  return found === 'ENABLED'
    ? []
    : [violation(property, `function ${name} changes something without asking, expected "ENABLED"`)];
}

function agentWith(item: object) {
  const ActionGroups = [{ ActionGroupName: 'orders', FunctionSchema: { Functions: [item] } }];
  return { Agent: { Type: 'AWS::Bedrock::Agent', Properties: { ActionGroups } } };
}
