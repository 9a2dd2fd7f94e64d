import { rule } from '../../define-rule';
import { isOwnKey } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

/** Agents, flows, prompts and what else holds instructions or conversations are encrypted with a key of the owner. */
export const bedrockAgentCmk = rule({
  id: 'BedrockAgentCmk',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5'],
  crosswalk: { nist80053: ['SC-12', 'SC-28'], owasp: ['LLM07:2025'] },
  why: "Under AWS's own key nobody can see or withdraw who reads the instructions and conversations of an agent.",
  fix: 'Set the key property (CustomerEncryptionKeyArn, KmsKeyId or EncryptionKeyArn) to a customer managed key.',
  requires: {
    'AWS::Bedrock::Agent': [isOwnKey('CustomerEncryptionKeyArn')],
    'AWS::Bedrock::AutomatedReasoningPolicy': [isOwnKey('KmsKeyId')],
    'AWS::Bedrock::Blueprint': [isOwnKey('KmsKeyId')],
    'AWS::Bedrock::DataAutomationProject': [isOwnKey('KmsKeyId')],
    'AWS::Bedrock::Flow': [isOwnKey('CustomerEncryptionKeyArn')],
    'AWS::Bedrock::Prompt': [isOwnKey('CustomerEncryptionKeyArn')],
    'AWS::Bedrock::Session': [isOwnKey('EncryptionKeyArn')],
  },
  compliant: {
    Agent: {
      Type: 'AWS::Bedrock::Agent',
      Properties: { CustomerEncryptionKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/own' },
    },
  },
  nonCompliant: { Agent: { Type: 'AWS::Bedrock::Agent', Properties: {} } },
});
