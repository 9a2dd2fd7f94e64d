import { Opaque, textOf } from '../../../analysis';
import { type Condition, hasProperty } from '../../conditions';
import { rule } from '../../define-rule';
import { unresolved, valueAt, violation } from '../../expect';
import type { Requirement } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';
import { isAnySet } from './requirements';

/** Targets that a gateway calls at an address; all others are named by ARN, or by a schema. */
const ADDRESSES = ['TargetConfiguration.Mcp.McpServer.Endpoint', 'TargetConfiguration.Http.Passthrough.Endpoint'];

/** A host of AWS's own domains, where runtimes, APIs and function URLs have their addresses. */
const HOST_OF_AWS = /^https:..[^\x2f?#@:]*[.](amazonaws[.]com|amazonaws[.]com[.]cn|on[.]aws|api[.]aws)([\x2f?#:].*)?$/;

const hasPrivateEndpoint = isAnySet(
  [
    'PrivateEndpoint.ManagedVpcResource.VpcIdentifier',
    'PrivateEndpoint.SelfManagedLatticeResource.ResourceConfigurationIdentifier',
  ],
  'a VPC resource',
);

const callsAnAddress: Condition = {
  holds: (target) => ADDRESSES.some((path) => hasProperty(path).holds(target)),
  guard: () => ADDRESSES.map((path) => `Properties.${path} exists`).join(' or '),
};

const staysPrivate: Requirement = {
  claims: ['PrivateEndpoint'],
  judge: (target, at) => {
    const isPrivate = hasPrivateEndpoint.judge(target, at).length === 0;
    return isPrivate ? [] : ADDRESSES.flatMap((path) => judgeAddress(valueAt(target, path), at, path));
  },
  guard: (at) =>
    ADDRESSES.map(
      (path) =>
        `when ${at}${path} exists {\n${at}${path} == /${HOST_OF_AWS.source}/ or ${hasPrivateEndpoint.guard(at)}\n}`,
    ).join('\n'),
};

function judgeAddress(address: unknown, at: string, path: string) {
  if (address instanceof Opaque) {
    return [unresolved(at + path, address)];
  }
  return address === undefined || HOST_OF_AWS.test(textOf(address))
    ? []
    : [violation(`${at}PrivateEndpoint`, `found none, and ${textOf(address)} is no address of AWS`)];
}

/** A gateway reaches servers outside AWS's own domains through a private endpoint. */
export const agentCoreGatewayTargetPrivate = rule({
  id: 'AgentCoreGatewayTargetPrivate',
  level: ALWAYS_WARNING,
  annexA: ['A.10.3'],
  crosswalk: { nist80053: ['SC-7', 'SA-9'], owasp: ['LLM03:2025', 'ASI04'], atlas: ['AML.T0010'] },
  why: 'A tool server on the internet sees what the agent sends and decides which tools the agent believes in.',
  fix: 'Set PrivateEndpoint for a server of your own, and register the supplier of any other.',
  appliesWhen: [callsAnAddress],
  requires: { 'AWS::BedrockAgentCore::GatewayTarget': [staysPrivate] },
  compliant: {
    Target: {
      Type: 'AWS::BedrockAgentCore::GatewayTarget',
      Properties: {
        TargetConfiguration: { Mcp: { McpServer: { Endpoint: 'https://tools.example.com/mcp' } } },
        PrivateEndpoint: { ManagedVpcResource: { VpcIdentifier: 'vpc' } },
      },
    },
  },
  nonCompliant: {
    Target: {
      Type: 'AWS::BedrockAgentCore::GatewayTarget',
      Properties: { TargetConfiguration: { Mcp: { McpServer: { Endpoint: 'https://tools.example.com/mcp' } } } },
    },
  },
});
