import { rule } from '../../define-rule';
import { is, isSet, whenIs } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

/** A browser that an agent drives stays in a VPC and is recorded. */
export const agentCoreBrowserContained = rule({
  id: 'AgentCoreBrowserContained',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5', 'A.6.2.8'],
  crosswalk: {
    securityHub: ['BedrockAgentCore.5', 'BedrockAgentCore.6'],
    nist80053: ['SC-7', 'AU-12'],
    euAiAct: ['Art. 12'],
    owasp: ['LLM01:2025', 'ASI01'],
    atlas: ['AML.T0051'],
  },
  why: 'A page on the internet instructs the agent that reads it, and nobody sees what the agent then does.',
  fix: 'Set NetworkMode to VPC, and RecordingConfig.Enabled to true with an S3Location.',
  requires: {
    'AWS::BedrockAgentCore::BrowserCustom': [
      is('NetworkConfiguration.NetworkMode', 'VPC'),
      is('RecordingConfig.Enabled', true),
      whenIs('RecordingConfig.Enabled', true, [isSet('RecordingConfig.S3Location.Bucket')]),
    ],
  },
  configRules: [
    'BEDROCKAGENTCORE_BROWSERCUSTOM_NETWORK_MODE_NOT_PUBLIC',
    'BEDROCKAGENTCORE_BROWSERCUSTOM_RECORDING_ENABLED',
  ],
  compliant: {
    Browser: {
      Type: 'AWS::BedrockAgentCore::BrowserCustom',
      Properties: {
        NetworkConfiguration: { NetworkMode: 'VPC' },
        RecordingConfig: { Enabled: true, S3Location: { Bucket: 'records' } },
      },
    },
  },
  nonCompliant: {
    Browser: {
      Type: 'AWS::BedrockAgentCore::BrowserCustom',
      Properties: { NetworkConfiguration: { NetworkMode: 'PUBLIC' } },
    },
  },
});
