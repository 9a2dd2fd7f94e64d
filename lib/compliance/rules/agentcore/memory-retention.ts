import { rule } from '../../define-rule';
import { isBetween } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

/** Days: the longest that raw prompts and answers are kept here, as data minimisation asks (../shared/controls.md, section 5.3). */
const LONGEST = 180;

/** An agent forgets raw conversations. The service itself takes up to 365 days. */
export const agentCoreMemoryRetention = rule({
  id: 'AgentCoreMemoryRetention',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.7.2'],
  crosswalk: { nist80053: ['SI-12'], owasp: ['LLM02:2025', 'ASI06'] },
  why: 'Whoever gets into the memory gets every conversation of the past, and a planted one works on for as long.',
  fix: `Set EventExpiryDuration to at most ${LONGEST} days.`,
  requires: { 'AWS::BedrockAgentCore::Memory': [isBetween('EventExpiryDuration', { max: LONGEST })] },
  compliant: { Memory: { Type: 'AWS::BedrockAgentCore::Memory', Properties: { EventExpiryDuration: 30 } } },
  nonCompliant: { Memory: { Type: 'AWS::BedrockAgentCore::Memory', Properties: { EventExpiryDuration: 365 } } },
});
