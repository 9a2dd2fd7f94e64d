import { type GraphResource, Opaque, type TemplateGraph, textOf } from '../../../analysis';
import { asList, propertyOf, valueAt } from '../../expect';
import { INLINE_JOB, JOB_DEFINITIONS, SCHEDULE } from './monitoring-jobs';
import { nameIn, namesOf } from './same-endpoint';

/** Which kinds of monitoring run for which endpoint. */
export interface Monitoring {
  /** Kinds by name of the endpoint, as `nameIn` spells it. */
  readonly kinds: ReadonlyMap<string, ReadonlySet<string>>;
  /** By stack, the first schedule whose endpoint or timing only a deployment knows. */
  readonly unknown: ReadonlyMap<string, GraphResource>;
}

/** Hourly, every few hours or daily: all that SageMaker accepts, except the single run NOW (CloudFormation, ScheduleConfig). */
const AT_LEAST_DAILY = /^cron\(0 \S+ \? \* \* \*\)$/;

/** Reads all monitoring schedules of an assembly, once. */
export function monitoringOf(graph: TemplateGraph): Monitoring {
  return graph.once('monitoring of endpoints', () => read(graph));
}

/** Kinds of monitoring that run for an endpoint at least daily. */
export function kindsFor(endpoint: GraphResource, { kinds }: Monitoring): ReadonlySet<string> {
  return new Set(namesOf(endpoint).flatMap((name) => [...(kinds.get(name) ?? [])]));
}

function read(graph: TemplateGraph): Monitoring {
  const kinds = new Map<string, Set<string>>();
  const unknown = new Map<string, GraphResource>();
  for (const schedule of graph.ofType(SCHEDULE).filter(isActive)) {
    const definition = definitionOf(schedule, graph);
    const endpoints = endpointsOf(schedule, definition);
    const expression = propertyOf(schedule, 'MonitoringScheduleConfig.ScheduleConfig.ScheduleExpression');
    if (endpoints.length === 0 || expression instanceof Opaque) {
      unknown.set(schedule.stack, unknown.get(schedule.stack) ?? schedule);
    } else if (runsDaily(expression)) {
      for (const name of endpoints) {
        kinds.set(name, (kinds.get(name) ?? new Set()).add(kindOf(schedule, definition)));
      }
    }
  }
  return { kinds, unknown };
}

function isActive(schedule: GraphResource): boolean {
  return propertyOf(schedule, 'MonitoringScheduleStatus') !== 'Stopped';
}

/** Without an expression, SageMaker picks a time and runs the job every day. */
function runsDaily(expression: unknown): boolean {
  return expression === undefined || AT_LEAST_DAILY.test(textOf(expression));
}

function definitionOf(schedule: GraphResource, graph: TemplateGraph): GraphResource | undefined {
  const name = propertyOf(schedule, 'MonitoringScheduleConfig.MonitoringJobDefinitionName');
  return name === undefined
    ? undefined
    : Object.keys(JOB_DEFINITIONS)
        .map((type) => graph.withArn(name) ?? graph.where(type, 'JobDefinitionName', name)[0])
        .find((definition) => definition !== undefined);
}

/** The endpoint stands on the schedule, in the job that it defines in place, or in the definition that it names. */
function endpointsOf(schedule: GraphResource, definition: GraphResource | undefined): string[] {
  const inputs = asList(propertyOf(schedule, `${INLINE_JOB}.MonitoringInputs`));
  const own = [
    propertyOf(schedule, 'EndpointName'),
    ...inputs.map((input) => valueAt(input, 'EndpointInput.EndpointName')),
  ];
  const input = definition && `${JOB_DEFINITIONS[definition.type]}JobInput.EndpointInput.EndpointName`;
  const defined = definition && input ? [propertyOf(definition, 'EndpointName'), propertyOf(definition, input)] : [];
  return [
    ...own.filter((name) => name !== undefined).map((name) => nameIn(schedule, name)),
    ...(definition ? defined.filter((name) => name !== undefined).map((name) => nameIn(definition, name)) : []),
  ];
}

function kindOf(schedule: GraphResource, definition: GraphResource | undefined): string {
  const stated = propertyOf(schedule, 'MonitoringScheduleConfig.MonitoringType');
  return definition ? JOB_DEFINITIONS[definition.type] : textOf(stated ?? 'DataQuality');
}
