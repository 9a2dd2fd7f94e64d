import type { GraphResource, TemplateGraph } from '../../../analysis';
import { inProduction } from '../../conditions';
import { rule } from '../../define-rule';
import { violation } from '../../expect';
import { each, isNot, isSet } from '../../requirements';
import { ALWAYS_WARNING, type Verdict } from '../../rule';
import { isAnySet } from './requirements';

const GATEWAY = 'AWS::BedrockAgentCore::Gateway';
const LIMIT = 'AWS::BedrockAgentCore::GatewayRateLimit';

const failsClosed = isNot('WafConfiguration.FailureMode', ['FAIL_OPEN']);

/** Limits by tokens exist for models behind a gateway only, so either kind will do. */
const LIMITS = [
  isSet('GatewayIdentifier'),
  each('Entries', [isAnySet(['Requests', 'Tokens'], 'a rate of requests or tokens')], { atLeastOne: true }),
];

/** What callers may ask of a gateway is limited: by rate limits, or by a firewall that fails closed. */
export const agentCoreGatewayLimits = rule({
  id: 'AgentCoreGatewayLimits',
  appliesTo: [GATEWAY, LIMIT],
  level: ALWAYS_WARNING,
  annexA: ['A.9.2'],
  crosswalk: { nist80053: ['SC-5'], owasp: ['LLM10:2025'], atlas: ['AML.T0029', 'AML.T0034'] },
  why: 'One caller, or one agent in a loop, uses up the budget and the capacity of all.',
  fix: 'Add a GatewayRateLimit with rates for the gateway, or associate a web ACL and set FailureMode to FAIL_CLOSE.',
  claims: ['WafConfiguration.FailureMode', 'GatewayIdentifier', 'Entries.*.Requests', 'Entries.*.Tokens'],
  beyondGuard: 'a gateway is limited by other resources that name it',
  check: (resource, graph) =>
    resource.type === LIMIT
      ? LIMITS.flatMap(({ judge }) => judge(resource.properties, ''))
      : judgeGateway(resource, graph),
  compliant: {
    Gateway: { Type: GATEWAY, Properties: {} },
    Limit: {
      Type: LIMIT,
      Properties: { GatewayIdentifier: { Ref: 'Gateway' }, Entries: [{ Requests: [{ Period: 'MINUTE', Rate: 60 }] }] },
    },
  },
  nonCompliant: { Gateway: { Type: GATEWAY, Properties: { WafConfiguration: { FailureMode: 'FAIL_OPEN' } } } },
});

function judgeGateway(gateway: GraphResource, graph: TemplateGraph): Verdict {
  if (!inProduction.holds(gateway)) {
    return undefined;
  }
  const open = failsClosed.judge(gateway.properties, '');
  return isLimited(gateway, graph)
    ? open
    : [...open, violation('WafConfiguration', 'found neither a GatewayRateLimit nor a web ACL for this gateway')];
}

function isLimited({ stack, logicalId, arn }: GraphResource, graph: TemplateGraph): boolean {
  const names = [{ Ref: logicalId }, { 'Fn::GetAtt': [logicalId, 'GatewayIdentifier'] }]
    .map((reference) => graph.resolve(stack, reference))
    .concat(arn);
  return (
    names.some((name) => graph.where(LIMIT, 'GatewayIdentifier', name).length > 0) ||
    graph.where('AWS::WAFv2::WebACLAssociation', 'ResourceArn', arn).length > 0
  );
}
