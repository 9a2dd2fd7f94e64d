import { type Condition, hasProperty } from '../../conditions';
import { rule } from '../../define-rule';
import { propertyOf } from '../../expect';
import { is, isSet, whenIs } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

const HARNESS_NETWORK = 'Environment.AgentCoreRuntimeEnvironment.NetworkConfiguration';

const NETWORK = { NetworkMode: 'VPC', NetworkModeConfig: { Subnets: ['subnet'] } };

/** On a capacity provider, an agent runs in the network of the provider's own instances. */
const hasOwnNetwork: Condition = {
  holds: (resource) =>
    propertyOf(resource, 'CapacityProviderConfiguration') === undefined ||
    hasProperty('NetworkConfiguration').holds(resource),
  guard: () => 'Properties.CapacityProviderConfiguration !exists or Properties.NetworkConfiguration exists',
};

/** An agent runs in a VPC of its owner. */
export const agentCoreRuntimeVpc = rule({
  id: 'AgentCoreRuntimeVpc',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5'],
  crosswalk: { securityHub: ['BedrockAgentCore.1'], nist80053: ['SC-7'], owasp: ['ASI02'], atlas: ['AML.T0086'] },
  why: 'An agent with a way to the internet sends what it reads to whoever injected the prompt.',
  fix: 'Set NetworkMode to VPC and name isolated subnets and a security group in NetworkModeConfig.',
  appliesWhen: [hasOwnNetwork],
  requires: {
    'AWS::BedrockAgentCore::Runtime': inVpc('NetworkConfiguration'),
    'AWS::BedrockAgentCore::Harness': inVpc(HARNESS_NETWORK),
  },
  configRules: ['BEDROCKAGENTCORE_RUNTIME_PRIVATE_NETWORK_REQUIRED'],
  compliant: {
    Runtime: { Type: 'AWS::BedrockAgentCore::Runtime', Properties: { NetworkConfiguration: NETWORK } },
    Harness: {
      Type: 'AWS::BedrockAgentCore::Harness',
      Properties: { Environment: { AgentCoreRuntimeEnvironment: { NetworkConfiguration: NETWORK } } },
    },
  },
  nonCompliant: {
    Runtime: {
      Type: 'AWS::BedrockAgentCore::Runtime',
      Properties: { NetworkConfiguration: { NetworkMode: 'PUBLIC' } },
    },
  },
});

function inVpc(network: string) {
  const mode = `${network}.NetworkMode`;
  return [is(mode, 'VPC'), whenIs(mode, 'VPC', [isSet(`${network}.NetworkModeConfig.Subnets`)])];
}
