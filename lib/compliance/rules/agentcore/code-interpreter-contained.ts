import { rule } from '../../define-rule';
import { isOneOf } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

/**
 * Code that a model wrote does not run with a way to the internet. Stricter twins exist: Security Hub's control, and the
 * Config rule behind it (hence not named here), accept a VPC only.
 */
export const agentCoreCodeInterpreterContained = rule({
  id: 'AgentCoreCodeInterpreterContained',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5'],
  crosswalk: {
    securityHub: ['BedrockAgentCore.7'],
    nist80053: ['SC-7', 'SC-39'],
    owasp: ['LLM05:2025', 'ASI05'],
    atlas: ['AML.T0053'],
  },
  why: 'Code that an injected prompt made the model write sends the session data to any address.',
  fix: 'Set NetworkMode to VPC, or to SANDBOX where the code needs no network.',
  requires: {
    'AWS::BedrockAgentCore::CodeInterpreterCustom': [isOneOf('NetworkConfiguration.NetworkMode', ['SANDBOX', 'VPC'])],
  },
  compliant: {
    Interpreter: {
      Type: 'AWS::BedrockAgentCore::CodeInterpreterCustom',
      Properties: { NetworkConfiguration: { NetworkMode: 'VPC' } },
    },
  },
  nonCompliant: {
    Interpreter: {
      Type: 'AWS::BedrockAgentCore::CodeInterpreterCustom',
      Properties: { NetworkConfiguration: { NetworkMode: 'PUBLIC' } },
    },
  },
});
