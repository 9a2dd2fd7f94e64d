import { type GraphResource, Opaque, type TemplateGraph, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { propertyOf, unresolved, violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Verdict } from '../../rule';
import { mayShareStage } from '../logging/same-stage';
import { eventsOfRules, filteredEvents, isHeard, type Matcher } from './heard-events';

const LOG_GROUP = 'CloudWatchLogsLogGroupArn';

/** Calls that switch off a protection. Those of a type are watched for where the assembly makes one. */
const TAMPERING: readonly { readonly call: string; readonly of?: string }[] = [
  { call: 'StopLogging' },
  { call: 'DeleteTrail' },
  { call: 'UpdateTrail' },
  { call: 'PutEventSelectors' },
  { call: 'DisableKey' },
  { call: 'ScheduleKeyDeletion' },
  { call: 'PutBucketPolicy' },
  { call: 'DeleteBucketPolicy' },
  { call: 'StopConfigurationRecorder' },
  { call: 'DeleteFlowLogs', of: 'AWS::EC2::FlowLog' },
  { call: 'DeleteGuardrail', of: 'AWS::Bedrock::Guardrail' },
  { call: 'UpdateGuardrail', of: 'AWS::Bedrock::Guardrail' },
  { call: 'DeleteModelInvocationLoggingConfiguration', of: 'Custom::BedrockInvocationLogging' },
];

/**
 * Whoever switches a protection off is noticed: where an assembly has a trail, metric filters with alarms, or rules with
 * targets, hear every such call. An account whose trail belongs to a landing zone is not judged.
 */
export const tamperAlarms = rule({
  id: 'TamperAlarms',
  appliesTo: ['AWS::CloudTrail::Trail', 'AWS::Logs::MetricFilter'],
  scope: 'ai',
  detects: true,
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.2.6', 'A.6.2.8'],
  crosswalk: {
    securityHub: ['CloudWatch.5', 'CloudWatch.7', 'CloudWatch.8', 'CloudWatch.9'],
    nist80053: ['AU-5', 'AU-6', 'SI-4'],
    euAiAct: ['Art. 15', 'Art. 73'],
  },
  why: 'An attacker first stops the trail or weakens the guardrail, and everything after that goes unseen.',
  fix: 'Give each call a metric filter on the log group of the trail with an alarm that acts, or an enabled event rule.',
  claims: [LOG_GROUP, 'FilterPattern', 'MetricTransformations'],
  beyondGuard: 'trail, log group, filter and alarm are resources of their own that name each other',
  check: (resource, graph) =>
    resource.type === 'AWS::CloudTrail::Trail' ? judgeTrail(resource, graph) : judgeFilter(resource, graph),
  compliant: trailWithFilter(TAMPERING.map(({ call }) => call)),
  nonCompliant: trailWithFilter(['DeleteTrail']),
});

function judgeTrail(trail: GraphResource, graph: TemplateGraph): Verdict {
  const arn = propertyOf(trail, LOG_GROUP);
  const group = graph.withArn(arn);
  const heard = [...(group ? heardIn(group.name, graph) : []), ...heardByRules(trail, graph)];
  const missing = callsToHear(graph).filter((call) => !heard.some((hears) => hears(call)));
  if (missing.length === 0) {
    return [];
  }
  return arn !== undefined && !group
    ? [unresolved(LOG_GROUP, arn instanceof Opaque ? arn : new Opaque('log group of another assembly'))]
    : [violation(LOG_GROUP, `found no alarm for ${missing.join(', ')}`)];
}

function callsToHear(graph: TemplateGraph): readonly string[] {
  return graph.once('calls that tamper', () =>
    TAMPERING.filter(({ of }) => of === undefined || graph.ofType(of).length > 0).map(({ call }) => call),
  );
}

function heardIn(group: string, graph: TemplateGraph): Matcher[] {
  return filteredEvents(graph, group)
    .filter(({ resource }) => isHeard(resource, graph))
    .map(({ hears }) => hears);
}

/** Event rules hear what any trail of their account and Region records. */
function heardByRules(trail: GraphResource, graph: TemplateGraph): Matcher[] {
  return eventsOfRules(graph)
    .filter(({ resource }) => mayShareStage(resource, trail))
    .map(({ hears }) => hears);
}

/** A filter that reads a trail's log group is there to be heard. */
function judgeFilter(filter: GraphResource, graph: TemplateGraph): Verdict {
  const group = graph.withName('AWS::Logs::LogGroup', filter.properties.LogGroupName);
  if (!group || graph.where('AWS::CloudTrail::Trail', LOG_GROUP, group.arn).length === 0) {
    return undefined;
  }
  const pattern = filter.properties.FilterPattern;
  return [
    ...(hearsCalls(pattern) ? [] : [violation('FilterPattern', 'found no pattern on a field of CloudTrail records')]),
    ...(isHeard(filter, graph) ? [] : [violation('MetricTransformations', 'found no alarm that acts on its metric')]),
  ];
}

/** Fields by which a record tells one call from another (CloudTrail User Guide, "CloudTrail record contents"). */
const FIELDS =
  /\$\.(additionalEventData|error(Code|Message)|event(Name|Source|Type|Category)|managementEvent|requestParameters|resources|responseElements|sourceIPAddress|userAgent|userIdentity)\b/;

/** What only a deployment knows may hear anything. */
function hearsCalls(pattern: unknown): boolean {
  return pattern instanceof Opaque || FIELDS.test(textOf(pattern ?? ''));
}

function trailWithFilter(calls: string[]) {
  const LogGroupName = { Ref: 'Log' };
  const FilterPattern = `{ ${calls.map((call) => `($.eventName = "${call}")`).join(' || ')} }`;
  const MetricTransformations = [{ MetricName: 'Tampering', MetricNamespace: 'Audit', MetricValue: '1' }];
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  return {
    Log: { Type: 'AWS::Logs::LogGroup' },
    Trail: {
      Type: 'AWS::CloudTrail::Trail',
      Properties: { CloudWatchLogsLogGroupArn: { 'Fn::GetAtt': ['Log', 'Arn'] }, Tags },
    },
    Filter: { Type: 'AWS::Logs::MetricFilter', Properties: { LogGroupName, FilterPattern, MetricTransformations } },
    Alarm: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: { MetricName: 'Tampering', Namespace: 'Audit', AlarmActions: ['topic'] },
    },
  };
}
