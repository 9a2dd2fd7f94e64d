import { rule } from '../../define-rule';
import { ALWAYS_ERROR } from '../../rule';
import { isNoLiteralSecret } from './requirements';

/** Kinds of OAuth providers, each with a client secret of its own (CloudFormation, Oauth2ProviderConfigInput). */
const PROVIDERS = [
  'Atlassian',
  'Custom',
  'Github',
  'Google',
  'Included',
  'Linkedin',
  'Microsoft',
  'Salesforce',
  'Slack',
];

/** Credentials that agents use are not written into templates. */
export const agentCoreNoInlineApiKey = rule({
  id: 'AgentCoreNoInlineApiKey',
  level: ALWAYS_ERROR,
  annexA: ['A.6.1.3', 'A.10.3'],
  crosswalk: { nist80053: ['IA-5', 'SC-28'], owasp: ['LLM02:2025', 'ASI03'], atlas: ['AML.T0055'] },
  why: 'Everyone who reads the repository, the build log or the stack has the key.',
  fix: 'Refer to a secret with ApiKeySecretConfig or ClientSecretConfig, or with a dynamic reference.',
  requires: {
    'AWS::BedrockAgentCore::ApiKeyCredentialProvider': [isNoLiteralSecret('ApiKey')],
    'AWS::BedrockAgentCore::OAuth2CredentialProvider': PROVIDERS.map((provider) =>
      isNoLiteralSecret(`Oauth2ProviderConfigInput.${provider}Oauth2ProviderConfig.ClientSecret`),
    ),
  },
  compliant: { Provider: { Type: 'AWS::BedrockAgentCore::ApiKeyCredentialProvider', Properties: {} } },
  nonCompliant: {
    Provider: { Type: 'AWS::BedrockAgentCore::ApiKeyCredentialProvider', Properties: { ApiKey: 'k-0123456789' } },
  },
});
