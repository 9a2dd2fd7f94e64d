import { rule } from '../../define-rule';
import { isNot, isSet, whenIs } from '../../requirements';
import { ALWAYS_ERROR } from '../../rule';
import { TOKEN_CHECKS } from './requirements';

/** A gateway lets in whom it knows. */
export const agentCoreGatewayAuthorizer = rule({
  id: 'AgentCoreGatewayAuthorizer',
  level: ALWAYS_ERROR,
  annexA: ['A.3.2', 'A.9.2'],
  crosswalk: { securityHub: ['BedrockAgentCore.2'], nist80053: ['AC-3', 'IA-2'], owasp: ['ASI03'] },
  why: 'Anybody who finds the address of the gateway calls its tools with the rights of its role.',
  fix: 'Set AuthorizerType to AWS_IAM, or to CUSTOM_JWT with AllowedAudience or AllowedClients.',
  requires: {
    'AWS::BedrockAgentCore::Gateway': [
      isSet('AuthorizerType'),
      isNot('AuthorizerType', ['NONE']),
      whenIs('AuthorizerType', 'CUSTOM_JWT', TOKEN_CHECKS),
    ],
  },
  configRules: ['BEDROCKAGENTCORE_GATEWAY_AUTHORIZER_ENABLED'],
  compliant: {
    Gateway: {
      Type: 'AWS::BedrockAgentCore::Gateway',
      Properties: {
        AuthorizerType: 'CUSTOM_JWT',
        AuthorizerConfiguration: {
          CustomJWTAuthorizer: {
            DiscoveryUrl: 'https://id.example.com/.well-known/openid-configuration',
            AllowedClients: ['app'],
          },
        },
      },
    },
  },
  nonCompliant: { Gateway: { Type: 'AWS::BedrockAgentCore::Gateway', Properties: { AuthorizerType: 'NONE' } } },
});
