import { type GraphResource, perResource, type TemplateGraph, textOf } from '../../../analysis';
import { asList, propertyOf, valueAt } from '../../expect';
import { acts } from './alarms';

/** Whether a call of this name is heard. */
export type Matcher = (call: string) => boolean;

/** A metric filter or an event rule, with the calls that it hears. */
export interface Listener {
  readonly resource: GraphResource;
  readonly hears: Matcher;
}

/** Metric filters of a log group. */
export function filteredEvents(graph: TemplateGraph, group: string): Listener[] {
  return graph
    .where('AWS::Logs::MetricFilter', 'LogGroupName', group)
    .map((resource) => ({ resource, hears: matcherOfFilter(resource) }));
}

const matcherOfFilter = perResource(({ FilterPattern }) => matcherOf(namesIn(textOf(FilterPattern))));

/** Whether some alarm acts on what the filter counts. */
export function isHeard(filter: GraphResource, graph: TemplateGraph): boolean {
  return asList(filter.properties.MetricTransformations).some((transformation) =>
    graph
      .where('AWS::CloudWatch::Alarm', 'MetricName', valueAt(transformation, 'MetricName'))
      .some((alarm) => alarm.properties.Namespace === valueAt(transformation, 'MetricNamespace') && acts(alarm)),
  );
}

/** Names that a pattern compares `$.eventName` with; `*` may end them. What it excludes with `!=` is none of them. */
function namesIn(pattern: string): string[] {
  return [...pattern.matchAll(/\$\.eventName\s*=\s*"?([\w*]+)"?/g)].map(([, name]) => name);
}

function matcherOf(names: readonly string[]): Matcher {
  const exact = new Set(names);
  const prefixes = names.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1));
  return (call) => exact.has(call) || prefixes.some((prefix) => call.startsWith(prefix));
}

/** What enabled event rules with a target hear of CloudTrail's calls. */
export function eventsOfRules(graph: TemplateGraph): readonly Listener[] {
  return graph.once('events of rules', () =>
    graph
      .ofType('AWS::Events::Rule')
      .filter(delivers)
      .map((resource) => ({ resource, hears: matcherOfRule(resource) })),
  );
}

function delivers({ properties: { State, Targets } }: GraphResource): boolean {
  return textOf(State) !== 'DISABLED' && asList(Targets).length > 0;
}

/** Event patterns list values, or objects such as `{ prefix: 'Delete' }`. */
function matcherOfRule(rule: GraphResource): Matcher {
  const names = asList(propertyOf(rule, 'EventPattern.detail.eventName')).map((name) =>
    typeof name === 'string' ? name : `${textOf(valueAt(name, 'prefix'))}*`,
  );
  return matcherOf(names);
}
