import { type GraphResource, Opaque, type TemplateGraph, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Verdict } from '../../rule';
import { servesAi } from './workloads';

/** Each VPC of an AI system has a flow log, and each flow log records accepted and rejected traffic somewhere. */
export const networkFlowLogs = rule({
  id: 'NetworkFlowLogs',
  appliesTo: ['AWS::EC2::FlowLog', 'AWS::EC2::VPC'],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.2.8'],
  crosswalk: { securityHub: ['EC2.6'], nist80053: ['AU-12', 'SI-4', 'AC-4'], euAiAct: ['Art. 12'] },
  why: 'Data that left the network leaves no trace, and nobody can say afterwards where it went or how much it was.',
  fix: 'Add an AWS::EC2::FlowLog with TrafficType ALL and a log group or bucket for the VPC.',
  claims: ['TrafficType', 'LogGroupName', 'LogDestination', 'AWS::EC2::FlowLog'],
  beyondGuard: 'whether a VPC has a flow log stands in another resource',
  check: (resource, graph) => (resource.type === 'AWS::EC2::VPC' ? ofVpc(resource, graph) : ofFlowLog(resource, graph)),
  configRules: ['VPC_FLOW_LOGS_ENABLED'],
  compliant: vpcWith({ Log: flowLog({ TrafficType: 'ALL', LogGroupName: 'flows' }) }),
  nonCompliant: vpcWith({ Log: flowLog({ TrafficType: 'REJECT', LogGroupName: 'flows' }) }),
});

function ofVpc(vpc: GraphResource, graph: TemplateGraph): Verdict {
  if (!servesAi(vpc, [vpc.name], graph)) {
    return undefined;
  }
  const logs = graph.where('AWS::EC2::FlowLog', 'ResourceId', vpc.name);
  if (logs.length === 0) {
    return [violation('CidrBlock', 'has no flow log, expected one that records all traffic')];
  }
  return logs.some(({ properties }) => properties.TrafficType === 'ALL')
    ? []
    : [violation('CidrBlock', `has no flow log that records all traffic: see ${logs[0].logicalId}`)];
}

function ofFlowLog(log: GraphResource, graph: TemplateGraph): Verdict {
  const { ResourceId, ResourceType, TrafficType, LogGroupName, LogDestination } = log.properties;
  if (ResourceId === undefined || /^TransitGateway/.test(textOf(ResourceType)) || !servesAi(log, [ResourceId], graph)) {
    return undefined;
  }
  if (TrafficType instanceof Opaque) {
    return [unresolved('TrafficType', TrafficType)];
  }
  return [
    ...(TrafficType === 'ALL'
      ? []
      : [violation('TrafficType', `found ${textOf(TrafficType ?? 'nothing')}, expected ALL`)]),
    ...((LogGroupName ?? LogDestination) === undefined
      ? [violation('LogDestination', 'found no log group and no bucket')]
      : []),
  ];
}

function flowLog(properties: object) {
  return { Type: 'AWS::EC2::FlowLog', Properties: { ResourceId: { Ref: 'Vpc' }, ...properties } };
}

function vpcWith(logs: Record<string, { Type: string; Properties: object }>) {
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  return { Vpc: { Type: 'AWS::EC2::VPC', Properties: { Tags } }, ...logs };
}
