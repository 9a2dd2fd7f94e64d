import { type GraphResource, Opaque, type TemplateGraph, textOf } from '../../../analysis';
import { asList, propertyOf, valueAt } from '../../expect';

/** Whether an alarm does anything when it goes off. What only a deployment knows counts as an action. */
export function acts({ properties }: GraphResource): boolean {
  const actions = properties.AlarmActions;
  const some = actions instanceof Opaque || asList(actions).length > 0;
  return some && textOf(properties.ActionsEnabled ?? true) !== 'false';
}

/** Lists of alarms, by name or ARN, that a type of resource watches by itself to roll a deployment back. */
const WATCHERS: Readonly<Record<string, (resource: GraphResource) => unknown[]>> = {
  'AWS::AppConfig::Environment': (environment) => at(propertyOf(environment, 'Monitors'), 'AlarmArn'),
  'AWS::CodeDeploy::DeploymentGroup': (group) => at(propertyOf(group, 'AlarmConfiguration.Alarms'), 'Name'),
  'AWS::ECS::Service': (service) => asList(propertyOf(service, 'DeploymentConfiguration.Alarms.AlarmNames')),
  'AWS::SageMaker::Endpoint': rollbackAlarms,
  'AWS::Serverless::Function': (fn) => asList(propertyOf(fn, 'DeploymentPreference.Alarms')),
  'AWS::SageMaker::InferenceComponent': rollbackAlarms,
};

function rollbackAlarms(resource: GraphResource): unknown[] {
  return at(propertyOf(resource, 'DeploymentConfig.AutoRollbackConfiguration.Alarms'), 'AlarmName');
}

function at(list: unknown, property: string): unknown[] {
  return asList(list).map((item) => valueAt(item, property));
}

/** Whether a deployment or a composite alarm watches the alarm, so that it needs no action of its own. */
export function isWatched({ name, arn, properties }: GraphResource, graph: TemplateGraph): boolean {
  const watched = graph.once('watched alarms', () => new Set([...watchedAlarms(graph), ...composedAlarms(graph)]));
  return [name, arn, properties.AlarmName].some((value) => value !== undefined && watched.has(value));
}

function watchedAlarms(graph: TemplateGraph): unknown[] {
  return Object.entries(WATCHERS).flatMap(([type, alarmsOf]) => graph.ofType(type).flatMap(alarmsOf));
}

/** Names and ARNs in composite alarm rules, such as `ALARM("errors") OR ALARM(latency)`. */
function composedAlarms(graph: TemplateGraph): string[] {
  return graph
    .ofType('AWS::CloudWatch::CompositeAlarm')
    .flatMap(({ properties }) => [...textOf(properties.AlarmRule).matchAll(/\(\s*\\?["']?([^"'()\\]+)/g)])
    .map(([, alarm]) => alarm.trim());
}
