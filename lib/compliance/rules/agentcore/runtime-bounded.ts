import { rule } from '../../define-rule';
import { isBetween } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';
import { hasNoWildcard } from './requirements';

/** Seconds that a session may live and may wait; each default is the service's own (AgentCore guide, "lifecycle settings"). */
const LIFETIME = { max: 28_800, byDefault: 28_800 };
const IDLE = { max: 3_600, byDefault: 900 };

/** A session of an agent ends, and its caller passes on named headers only. */
export const agentCoreRuntimeBounded = rule({
  id: 'AgentCoreRuntimeBounded',
  level: ALWAYS_WARNING,
  annexA: ['A.9.2'],
  crosswalk: { nist80053: ['AC-12', 'SC-10'], owasp: ['LLM10:2025', 'ASI06'], atlas: ['AML.T0034'] },
  why: 'A session that lives for days keeps an injected instruction, and its cost, alive as long.',
  fix: 'Keep IdleRuntimeSessionTimeout at or below 3600, MaxLifetime at or below 28800, and name each allowed header.',
  requires: {
    'AWS::BedrockAgentCore::Runtime': [
      isBetween('LifecycleConfiguration.IdleRuntimeSessionTimeout', IDLE),
      isBetween('LifecycleConfiguration.MaxLifetime', LIFETIME),
      hasNoWildcard('RequestHeaderConfiguration.RequestHeaderAllowlist'),
    ],
  },
  compliant: { Runtime: { Type: 'AWS::BedrockAgentCore::Runtime', Properties: {} } },
  nonCompliant: {
    Runtime: {
      Type: 'AWS::BedrockAgentCore::Runtime',
      Properties: { LifecycleConfiguration: { IdleRuntimeSessionTimeout: 28_800, MaxLifetime: 1_209_600 } },
    },
  },
});
