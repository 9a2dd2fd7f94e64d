import { rule } from '../../define-rule';
import { isBetween, isSet } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';
import { hasNoWildcard } from './requirements';

/** A managed agent loop has named tools and an end. Without AllowedTools, the service allows all, its shell included. */
export const agentCoreHarnessBounded = rule({
  id: 'AgentCoreHarnessBounded',
  level: ALWAYS_WARNING,
  annexA: ['A.9.2'],
  crosswalk: {
    nist80053: ['AC-6', 'SC-5'],
    owasp: ['LLM06:2025', 'LLM10:2025', 'ASI02'],
    atlas: ['AML.T0034', 'AML.T0053'],
  },
  why: 'An injected prompt uses every tool that nobody excluded, in a loop that ends when the budget does.',
  fix: 'Name AllowedTools without wildcards, and set MaxIterations, MaxTokens and TimeoutSeconds.',
  requires: {
    'AWS::BedrockAgentCore::Harness': [
      isSet('AllowedTools'),
      hasNoWildcard('AllowedTools'),
      isBetween('MaxIterations', { min: 1 }),
      isBetween('MaxTokens', { min: 1 }),
      isBetween('TimeoutSeconds', { min: 1 }),
    ],
  },
  compliant: {
    Harness: {
      Type: 'AWS::BedrockAgentCore::Harness',
      Properties: { AllowedTools: ['file_operations'], MaxIterations: 20, MaxTokens: 20_000, TimeoutSeconds: 600 },
    },
  },
  nonCompliant: { Harness: { Type: 'AWS::BedrockAgentCore::Harness', Properties: { AllowedTools: ['*'] } } },
});
