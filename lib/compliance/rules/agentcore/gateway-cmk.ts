import { rule } from '../../define-rule';
import { isOwnKey } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

/** A gateway keeps the descriptions of its tools under a key of its owner. */
export const agentCoreGatewayCmk = rule({
  id: 'AgentCoreGatewayCmk',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5'],
  crosswalk: { securityHub: ['BedrockAgentCore.4'], nist80053: ['SC-12', 'SC-28'] },
  why: "Under AWS's own key nobody can see who read the gateway's data, or stop it.",
  fix: 'Set KmsKeyArn to a customer managed key.',
  requires: { 'AWS::BedrockAgentCore::Gateway': [isOwnKey('KmsKeyArn')] },
  configRules: ['BEDROCKAGENTCORE_GATEWAY_ENCRYPTION_ENABLED'],
  compliant: { Gateway: { Type: 'AWS::BedrockAgentCore::Gateway', Properties: { KmsKeyArn: 'key' } } },
  nonCompliant: { Gateway: { Type: 'AWS::BedrockAgentCore::Gateway', Properties: {} } },
});
