import { AGENTCORE_RULES } from '../../../../lib/compliance/rules/agentcore';
import { agentCoreGatewayAuthorizer } from '../../../../lib/compliance/rules/agentcore/gateway-authorizer';
import { agentCoreGatewayLimits } from '../../../../lib/compliance/rules/agentcore/gateway-limits';
import { agentCoreGatewayNoDebug } from '../../../../lib/compliance/rules/agentcore/gateway-no-debug';
import { agentCoreGatewayPolicyEnforced } from '../../../../lib/compliance/rules/agentcore/gateway-policy-enforced';
import { agentCoreGatewayTargetPrivate } from '../../../../lib/compliance/rules/agentcore/gateway-target-private';
import { agentCoreHarnessBounded } from '../../../../lib/compliance/rules/agentcore/harness-bounded';
import { agentCoreMemoryRetention } from '../../../../lib/compliance/rules/agentcore/memory-retention';
import { agentCoreNoInlineApiKey } from '../../../../lib/compliance/rules/agentcore/no-inline-api-key';
import { agentCoreOnlineEvaluation } from '../../../../lib/compliance/rules/agentcore/online-evaluation';
import { agentCoreRuntimeAuthorizer } from '../../../../lib/compliance/rules/agentcore/runtime-authorizer';
import { agentCoreRuntimeBounded } from '../../../../lib/compliance/rules/agentcore/runtime-bounded';
import { agentCoreRuntimeVpc } from '../../../../lib/compliance/rules/agentcore/runtime-vpc';
import { guardJudge } from '../../../support/guard';
import { changed, describeRules, verdict } from '../../../support/rules';

describeRules(AGENTCORE_RULES);

function one(kind: string, properties: object) {
  return { It: { Type: `AWS::BedrockAgentCore::${kind}`, Properties: properties } };
}

describe('AgentCoreRuntimeVpc', () => {
  test('an agent that states no network is on the public one', () => {
    expect(verdict(agentCoreRuntimeVpc, one('Runtime', {}))).toEqual(['NetworkConfiguration.NetworkMode']);
    expect(verdict(agentCoreRuntimeVpc, one('Harness', {}))).toHaveLength(1);
  });

  test('on a capacity provider, the network is the one of its instances', () => {
    const CapacityProviderConfiguration = { CapacityProviderArn: 'provider' };
    expect(verdict(agentCoreRuntimeVpc, one('Runtime', { CapacityProviderConfiguration }))).toBe('not applicable');
  });
});

describe('tokens', () => {
  const discovery = 'https://id.example.com/.well-known/openid-configuration';
  const token = (CustomJWTAuthorizer: object) => ({ AuthorizerConfiguration: { CustomJWTAuthorizer } });
  const runtime = (authorizer: object) => verdict(agentCoreRuntimeAuthorizer, one('Runtime', token(authorizer)));

  test('without tokens, IAM decides who calls an agent', () => {
    expect(verdict(agentCoreRuntimeAuthorizer, one('Runtime', {}))).toBe('not applicable');
  });

  test('Amazon Cognito has clients in place of an audience', () => {
    expect(runtime({ DiscoveryUrl: discovery, AllowedClients: ['app'] })).toBe('compliant');
    expect(runtime({ DiscoveryUrl: discovery, AllowedScopes: ['read'] })).toHaveLength(1);
  });

  test('keys that come over plain HTTP can be swapped, an address that only a deployment knows cannot be judged', () => {
    const AllowedClients = ['app'];
    const path = 'AuthorizerConfiguration.CustomJWTAuthorizer.DiscoveryUrl';
    expect(runtime({ AllowedClients, DiscoveryUrl: discovery.replace('https', 'http') })).toEqual([path]);
    expect(runtime({ AllowedClients, DiscoveryUrl: { 'Fn::Unheard': 1 } })).toEqual([`unresolved ${path}`]);
    expect(
      runtime({ AllowedClients, DiscoveryUrl: { 'Fn::Join': ['', [{ 'Fn::Unheard': 1 }, '/.well-known']] } }),
    ).toBe('compliant');
  });

  test('a gateway for signed requests needs no token, one for any token needs an audience', () => {
    expect(verdict(agentCoreGatewayAuthorizer, one('Gateway', { AuthorizerType: 'AWS_IAM' }))).toBe('compliant');
    expect(
      verdict(
        agentCoreGatewayAuthorizer,
        one('Gateway', { AuthorizerType: 'CUSTOM_JWT', ...token({ DiscoveryUrl: discovery }) }),
      ),
    ).toEqual(['AuthorizerConfiguration.CustomJWTAuthorizer.AllowedAudience']);
  });
});

describe('bounds', () => {
  test('AgentCoreRuntimeBounded: the defaults of the service are within bounds, days are not, nor is any header', () => {
    const runtime = (properties: object) => verdict(agentCoreRuntimeBounded, one('Runtime', properties));
    expect(runtime({})).toBe('compliant');
    expect(runtime({ LifecycleConfiguration: { MaxLifetime: 28_801 } })).toEqual([
      'LifecycleConfiguration.MaxLifetime',
    ]);
    expect(runtime({ RequestHeaderConfiguration: { RequestHeaderAllowlist: ['Authorization', 'X-*'] } })).toEqual([
      'RequestHeaderConfiguration.RequestHeaderAllowlist.1',
    ]);
  });

  test('AgentCoreHarnessBounded: all tools of a server are as good as all tools', () => {
    const AllowedTools = ['@search/*'];
    expect(
      verdict(agentCoreHarnessBounded, changed(agentCoreHarnessBounded.compliant, 'Harness', { AllowedTools })),
    ).toEqual(['AllowedTools.0']);
  });

  test('AgentCoreMemoryRetention: 180 days, not 181', () => {
    const days = (EventExpiryDuration: unknown) =>
      verdict(agentCoreMemoryRetention, one('Memory', { EventExpiryDuration }));
    expect([days(180), days('90'), days(181)]).toEqual(['compliant', 'compliant', ['EventExpiryDuration']]);
  });

  test('AgentCoreOnlineEvaluation: insights judge too, a paused evaluation does not', () => {
    const Rule = { SamplingConfig: { SamplingPercentage: 5 } };
    const evaluation = (properties: object) =>
      verdict(agentCoreOnlineEvaluation, one('OnlineEvaluationConfig', { Rule, ...properties }));
    expect(evaluation({ Insights: [{ InsightId: 'x' }] })).toBe('compliant');
    expect(evaluation({ Insights: [{ InsightId: 'x' }], ExecutionStatus: 'DISABLED' })).toEqual(['ExecutionStatus']);
    expect(evaluation({ Evaluators: [] })).toEqual(['Evaluators']);
  });
});

describe('AgentCoreGatewayPolicyEnforced', () => {
  const policy = (Statement: unknown, language = 'Cedar') =>
    one('Policy', { Definition: { [language]: { Statement } } });
  const OPEN = [
    'permit(principal, action, resource);',
    'permit (\n  principal,\n  action,\n  resource == AgentCore::Gateway::"arn:aws:bedrock-agentcore:eu-west-1:1:gateway/g"\n);',
    'permit(principal is AgentCore::OAuthUser, action, resource);',
    'permit(principal, action, resource) when { true };',
    'forbid(principal, action == AgentCore::Action::"pay", resource);\npermit(principal, action, resource);',
  ];
  const NARROW = [
    'permit(principal == AgentCore::OAuthUser::"u", action, resource);',
    'permit(principal, action in [AgentCore::Action::"read"], resource);',
    'permit(principal, action, resource) when { principal.hasTag("scope") };',
    'permit(principal, action, resource) unless { context.input.amount > 500 };',
    'forbid(principal, action, resource);',
  ];

  test.each(OPEN)('finds %j, in Guard too', (statement) => {
    expect(verdict(agentCoreGatewayPolicyEnforced, policy(statement))).toEqual(['Definition.Cedar.Statement']);
  });

  test.each(NARROW)('accepts %j, in Guard too', (statement) => {
    expect(verdict(agentCoreGatewayPolicyEnforced, policy(statement))).toBe('compliant');
  });

  test('Guard reads the statements as we do', () => {
    const byGuard = guardJudge([agentCoreGatewayPolicyEnforced]);
    expect(OPEN.map((statement) => byGuard(policy(statement)).length > 0)).toEqual(OPEN.map(() => true));
    expect(NARROW.map((statement) => byGuard(policy(statement)).length > 0)).toEqual(NARROW.map(() => false));
  });

  test('a policy in the other form, an ignored finding and a policy that only observes count', () => {
    const { It } = policy(NARROW[0]);
    expect(verdict(agentCoreGatewayPolicyEnforced, policy(OPEN[0], 'Policy'))).toEqual(['Definition.Policy.Statement']);
    expect(
      verdict(agentCoreGatewayPolicyEnforced, {
        It: {
          ...It,
          Properties: { ...It.Properties, EnforcementMode: 'LOG_ONLY', ValidationMode: 'IGNORE_ALL_FINDINGS' },
        },
      }),
    ).toEqual(['EnforcementMode', 'ValidationMode']);
  });

  test('before production, observing is how a policy is tried', () => {
    const gateway = { PolicyEngineConfiguration: { Arn: 'engine', Mode: 'LOG_ONLY' } };
    const staged = (stage: string) =>
      verdict(agentCoreGatewayPolicyEnforced, one('Gateway', { ...gateway, Tags: { 'ai:stage': stage } }));
    expect([staged('dev'), staged('prod')]).toEqual(['not applicable', ['PolicyEngineConfiguration.Mode']]);
  });
});

test('AgentCoreGatewayNoDebug: debug messages are for development', () => {
  const staged = (stage: string) =>
    verdict(agentCoreGatewayNoDebug, one('Gateway', { ExceptionLevel: 'DEBUG', Tags: { 'ai:stage': stage } }));
  expect([staged('dev'), staged('prod')]).toEqual(['not applicable', ['ExceptionLevel']]);
});

describe('AgentCoreGatewayLimits', () => {
  const { Gateway, Limit } = agentCoreGatewayLimits.compliant;

  test('a limit of another gateway does not help', () => {
    const others = {
      Other: Gateway,
      Limit: { ...Limit, Properties: { ...Limit.Properties, GatewayIdentifier: { Ref: 'Other' } } },
    };
    expect(verdict(agentCoreGatewayLimits, { Gateway, ...others })).toEqual(['WafConfiguration']);
  });

  test.each([[{ 'Fn::GetAtt': ['Gateway', 'GatewayIdentifier'] }], [{ Ref: 'Gateway' }]])(
    'a limit names its gateway by %j',
    (GatewayIdentifier) => {
      const limit = { ...Limit, Properties: { ...Limit.Properties, GatewayIdentifier } };
      expect(verdict(agentCoreGatewayLimits, { Gateway, Limit: limit })).toBe('compliant');
    },
  );

  test('a web ACL limits too, unless it fails open', () => {
    const acl = {
      Acl: {
        Type: 'AWS::WAFv2::WebACLAssociation',
        Properties: { ResourceArn: { 'Fn::GetAtt': ['Gateway', 'GatewayArn'] }, WebACLArn: 'acl' },
      },
    };
    const open = { ...Gateway, Properties: { WafConfiguration: { FailureMode: 'FAIL_OPEN' } } };
    expect(verdict(agentCoreGatewayLimits, { Gateway, ...acl })).toBe('compliant');
    expect(verdict(agentCoreGatewayLimits, { Gateway: open, ...acl })).toEqual(['WafConfiguration.FailureMode']);
  });

  test('an entry without a rate limits nothing', () => {
    const limit = (Entries: object[]) => changed({ Gateway, Limit }, 'Limit', { Entries });
    expect(verdict(agentCoreGatewayLimits, limit([{ Tokens: [{ Rate: 1 }] }, { Dimensions: {} }]))).toEqual([
      'Entries.1.Requests',
    ]);
  });
});

describe('AgentCoreGatewayTargetPrivate', () => {
  const target = (Endpoint: unknown, properties: object = {}) =>
    verdict(
      agentCoreGatewayTargetPrivate,
      one('GatewayTarget', { TargetConfiguration: { Mcp: { McpServer: { Endpoint } } }, ...properties }),
    );

  test.each([
    'https://bedrock-agentcore.eu-west-1.amazonaws.com/runtimes/x/invocations?qualifier=DEFAULT',
    'https://abc.lambda-url.eu-west-1.on.aws/',
    'https://knowledge-mcp.global.api.aws',
  ])('%s is of AWS', (endpoint) => {
    expect(target(endpoint)).toBe('compliant');
  });

  test.each([
    'https://mcp.example.com/',
    'https://evil.com/x.amazonaws.com',
    'https://evil.com?.amazonaws.com',
    'https://evilamazonaws.com/',
    'http://internal.amazonaws.com/',
  ])('%s is not', (endpoint) => {
    expect(target(endpoint)).toEqual(['PrivateEndpoint']);
  });

  test('a resource configuration of VPC Lattice is private', () => {
    const PrivateEndpoint = { SelfManagedLatticeResource: { ResourceConfigurationIdentifier: 'rcfg-1' } };
    expect(target('https://mcp.example.com/', { PrivateEndpoint })).toBe('compliant');
  });

  test('an address that only a deployment knows cannot be judged, and a function has none', () => {
    expect(target({ 'Fn::Unheard': 1 })).toEqual(['unresolved TargetConfiguration.Mcp.McpServer.Endpoint']);
    expect(
      verdict(agentCoreGatewayTargetPrivate, one('GatewayTarget', { TargetConfiguration: { Mcp: { Lambda: {} } } })),
    ).toBe('not applicable');
  });
});

describe('AgentCoreNoInlineApiKey', () => {
  const key = (ApiKey: unknown) => verdict(agentCoreNoInlineApiKey, one('ApiKeyCredentialProvider', { ApiKey }));

  test.each([
    ['{{resolve:secretsmanager:key:SecretString:api}}'],
    [{ 'Fn::Sub': 'Bearer {{resolve:secretsmanager:key}}' }],
  ])('%j is resolved at deployment and shown nowhere', (reference) => {
    expect(key(reference)).toBe('compliant');
  });

  test('a plain parameter store value is no secret, a parameter without a value cannot be judged', () => {
    expect(key('{{resolve:ssm:key}}')).toEqual(['ApiKey']);
    expect(key('x{{resolve:ssm:key}}')).toEqual(['ApiKey']);
    expect(key({ 'Fn::Unheard': 1 })).toEqual(['unresolved ApiKey']);
  });

  test('client secrets of OAuth are credentials too', () => {
    const Oauth2ProviderConfigInput = { GithubOauth2ProviderConfig: { ClientId: 'app', ClientSecret: 's3cret' } };
    expect(verdict(agentCoreNoInlineApiKey, one('OAuth2CredentialProvider', { Oauth2ProviderConfigInput }))).toEqual([
      'Oauth2ProviderConfigInput.GithubOauth2ProviderConfig.ClientSecret',
    ]);
  });
});
