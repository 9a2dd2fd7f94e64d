import { hasProperty } from '../../conditions';
import { rule } from '../../define-rule';
import { ALWAYS_WARNING } from '../../rule';
import { TOKEN_AUTHORIZER, TOKEN_CHECKS } from './requirements';

/** An agent that takes tokens takes those that were issued for it. Without a token authorizer, IAM decides who may call. */
export const agentCoreRuntimeAuthorizer = rule({
  id: 'AgentCoreRuntimeAuthorizer',
  level: ALWAYS_WARNING,
  annexA: ['A.3.2', 'A.9.2'],
  crosswalk: { nist80053: ['AC-3', 'IA-2'], owasp: ['ASI03'] },
  why: 'A token that the same identity provider issued for another application opens the agent too.',
  fix: 'Name AllowedAudience, or AllowedClients for tokens without an audience, and an https DiscoveryUrl.',
  appliesWhen: [hasProperty(TOKEN_AUTHORIZER)],
  requires: {
    'AWS::BedrockAgentCore::Runtime': TOKEN_CHECKS,
    'AWS::BedrockAgentCore::Harness': TOKEN_CHECKS,
  },
  compliant: {
    Runtime: {
      Type: 'AWS::BedrockAgentCore::Runtime',
      Properties: {
        AuthorizerConfiguration: {
          CustomJWTAuthorizer: {
            DiscoveryUrl: 'https://id.example.com/.well-known/openid-configuration',
            AllowedAudience: ['agent'],
          },
        },
      },
    },
  },
  nonCompliant: {
    Runtime: {
      Type: 'AWS::BedrockAgentCore::Runtime',
      Properties: {
        AuthorizerConfiguration: {
          CustomJWTAuthorizer: { DiscoveryUrl: 'https://id.example.com/.well-known/openid-configuration' },
        },
      },
    },
  },
});
