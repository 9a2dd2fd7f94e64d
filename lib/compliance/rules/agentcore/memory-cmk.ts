import { rule } from '../../define-rule';
import { isOwnKey } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

/** What agents remember, how they are judged and what they may do is kept under a key of its owner. */
export const agentCoreMemoryCmk = rule({
  id: 'AgentCoreMemoryCmk',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.7.2'],
  crosswalk: { securityHub: ['BedrockAgentCore.3'], nist80053: ['SC-12', 'SC-28'], owasp: ['LLM02:2025'] },
  why: "Under AWS's own key nobody can see who read the conversations, or stop it.",
  fix: 'Set the key property (EncryptionKeyArn or KmsKeyArn) to a customer managed key.',
  requires: {
    'AWS::BedrockAgentCore::Memory': [isOwnKey('EncryptionKeyArn')],
    'AWS::BedrockAgentCore::PolicyEngine': [isOwnKey('EncryptionKeyArn')],
    'AWS::BedrockAgentCore::Evaluator': [isOwnKey('KmsKeyArn')],
    'AWS::BedrockAgentCore::Dataset': [isOwnKey('KmsKeyArn')],
  },
  configRules: ['BEDROCK_AGENTCORE_MEMORY_ENCRYPTION_ENABLED'],
  compliant: {
    Memory: { Type: 'AWS::BedrockAgentCore::Memory', Properties: { EncryptionKeyArn: 'key' } },
    Engine: { Type: 'AWS::BedrockAgentCore::PolicyEngine', Properties: { EncryptionKeyArn: 'key' } },
    Evaluator: { Type: 'AWS::BedrockAgentCore::Evaluator', Properties: { KmsKeyArn: 'key' } },
    Dataset: { Type: 'AWS::BedrockAgentCore::Dataset', Properties: { KmsKeyArn: 'key' } },
  },
  nonCompliant: { Memory: { Type: 'AWS::BedrockAgentCore::Memory', Properties: {} } },
});
