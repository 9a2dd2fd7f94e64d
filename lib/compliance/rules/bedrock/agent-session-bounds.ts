import type { Condition } from '../../conditions';
import { rule } from '../../define-rule';
import { propertyOf } from '../../expect';
import { isBetween } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';

/** Bedrock accepts up to 5400 seconds (API Reference, CreateAgent). */
const MAX_IDLE_SECONDS = 3600;

/** Bedrock keeps memory for 30 days unless told otherwise, up to 365 (User Guide, "Enable agent memory"). */
const MAX_MEMORY_DAYS = 30;

/** Bedrock's own bounds are tighter than these. */
const setsBounds: Condition = {
  holds: (agent) =>
    ['IdleSessionTTLInSeconds', 'MemoryConfiguration'].some((property) => propertyOf(agent, property) !== undefined),
  guard: () => 'Properties.IdleSessionTTLInSeconds exists or Properties.MemoryConfiguration exists',
};

/** An agent forgets a conversation soon after it ended. */
export const bedrockAgentSessionBounds = rule({
  id: 'BedrockAgentSessionBounds',
  level: ALWAYS_WARNING,
  annexA: ['A.7.2', 'A.9.2'],
  crosswalk: { owasp: ['LLM02:2025', 'ASI06'], nist80053: ['AC-12', 'SI-12'] },
  why: 'A conversation that is kept long after it ended can be continued by somebody else, or poison the next one.',
  fix: 'Keep IdleSessionTTLInSeconds at 3600 or less and MemoryConfiguration.StorageDays at 30 or less.',
  appliesWhen: [setsBounds],
  requires: {
    'AWS::Bedrock::Agent': [
      isBetween('IdleSessionTTLInSeconds', { max: MAX_IDLE_SECONDS, byDefault: 600 }),
      isBetween('MemoryConfiguration.StorageDays', { max: MAX_MEMORY_DAYS, byDefault: 30 }),
    ],
  },
  compliant: { Agent: { Type: 'AWS::Bedrock::Agent', Properties: { IdleSessionTTLInSeconds: 1800 } } },
  nonCompliant: {
    Agent: {
      Type: 'AWS::Bedrock::Agent',
      Properties: { IdleSessionTTLInSeconds: 5400, MemoryConfiguration: { StorageDays: 365 } },
    },
  },
});
