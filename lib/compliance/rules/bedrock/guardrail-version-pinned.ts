import { rule } from '../../define-rule';
import { mustExist, propertyOf } from '../../expect';
import { ERROR_FROM_LIMITED } from '../../rule';
import { asOne } from '../structure';
import { pinned } from './versions';

const GUARDRAIL = 'GuardrailConfiguration';
const IDENTIFIER = 'GuardrailConfiguration.GuardrailIdentifier';
const VERSION = 'GuardrailConfiguration.GuardrailVersion';

/** An agent works under a published version of a guardrail. */
export const bedrockGuardrailVersionPinned = rule({
  id: 'BedrockGuardrailVersionPinned',
  appliesTo: ['AWS::Bedrock::Agent'],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.2.5', 'A.9.2'],
  crosswalk: { owasp: ['LLM01:2025', 'ASI01'], nist80053: ['CM-2', 'CM-3'] },
  why: 'An agent without a guardrail, or with the draft of one, is as safe as the last unreviewed edit.',
  fix: 'Set GuardrailConfiguration with the identifier of a guardrail and the number of a published version.',
  claims: [IDENTIFIER, VERSION],
  beyondGuard: 'a reference gives a draft or a version depending on the resource that it points to',
  check: (agent, graph) => {
    const faults = [...mustExist(agent, IDENTIFIER), ...pinned(VERSION, propertyOf(agent, VERSION), graph)];
    return propertyOf(agent, GUARDRAIL) === undefined ? asOne(GUARDRAIL, faults) : faults;
  },
  compliant: agentWith('1'),
  nonCompliant: agentWith('DRAFT'),
});

function agentWith(GuardrailVersion: string) {
  const GuardrailConfiguration = { GuardrailIdentifier: 'abcdefghijkl', GuardrailVersion };
  return { Agent: { Type: 'AWS::Bedrock::Agent', Properties: { GuardrailConfiguration } } };
}
