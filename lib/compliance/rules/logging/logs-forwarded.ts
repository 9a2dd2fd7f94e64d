import type { GraphResource, TemplateGraph } from '../../../analysis';
import { rule } from '../../define-rule';
import { violation } from '../../expect';
import { ALWAYS_WARNING, type Verdict } from '../../rule';

/** Types that log nothing until a delivery is set up, with the attribute that gives their ARN. */
const SOURCES: Readonly<Record<string, string>> = {
  'AWS::Bedrock::KnowledgeBase': 'KnowledgeBaseArn',
  'AWS::BedrockAgentCore::Gateway': 'GatewayArn',
  'AWS::BedrockAgentCore::Memory': 'MemoryArn',
};

/**
 * What logs only by vended logs has a delivery that ends somewhere. Whether log groups feed a SIEM is not judged: an
 * account-wide subscription policy of the landing zone does that, and no template of an application shows it.
 */
export const logsForwarded = rule({
  id: 'LogsForwarded',
  appliesTo: [...Object.keys(SOURCES), 'AWS::Logs::DeliverySource'],
  scope: 'ai',
  detects: true,
  level: ALWAYS_WARNING,
  annexA: ['A.6.2.8', 'A.6.2.6'],
  crosswalk: { nist80053: ['AU-2', 'AU-6'], euAiAct: ['Art. 12'] },
  why: 'A poisoned document or a misused tool leaves no log, because the service logs nothing unless it is told where.',
  fix: 'Add a Logs DeliverySource for the ARN of the resource and a Delivery from it to a destination.',
  claims: ['Name', 'ResourceArn'],
  beyondGuard: 'source, delivery and resource are three resources that name each other',
  check: (resource, graph) =>
    resource.type === 'AWS::Logs::DeliverySource' ? judgeSource(resource, graph) : judgeOrigin(resource, graph),
  compliant: deliveryOf({ 'Fn::GetAtt': ['Base', 'KnowledgeBaseArn'] }),
  nonCompliant: deliveryOf('arn:aws:bedrock:eu-west-1:111122223333:knowledge-base/OTHER'),
});

function judgeOrigin({ arn, name, type }: GraphResource, graph: TemplateGraph): Verdict {
  const arns = [arn, `${name}.${SOURCES[type]}`];
  return arns.some((value) => graph.where('AWS::Logs::DeliverySource', 'ResourceArn', value).length > 0)
    ? []
    : [violation(SOURCES[type], 'found no delivery source for its logs')];
}

function judgeSource({ name, properties }: GraphResource, graph: TemplateGraph): Verdict {
  if (properties.ResourceArn === undefined) {
    return [violation('ResourceArn', 'found nothing, expected the resource whose logs it delivers')];
  }
  const names = [name, properties.Name];
  return names.some((value) => graph.where('AWS::Logs::Delivery', 'DeliverySourceName', value).length > 0)
    ? []
    : [violation('Name', 'found no delivery from this source, so its logs go nowhere')];
}

function deliveryOf(ResourceArn: unknown) {
  return {
    Base: { Type: 'AWS::Bedrock::KnowledgeBase' },
    Source: { Type: 'AWS::Logs::DeliverySource', Properties: { Name: 'base', ResourceArn } },
    Delivery: { Type: 'AWS::Logs::Delivery', Properties: { DeliverySourceName: 'base' } },
  };
}
