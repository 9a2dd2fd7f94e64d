import { type GraphResource, type TemplateGraph, textOf } from '../../../analysis';
import { asList, propertyOf, valueAt } from '../../expect';
import { actionCovers, resourceCovers } from '../../statements';
import { accessOf, type RoleAccess } from '../application/functions';
import { configOf } from './endpoint-config';

/** `rate(...)` of at most a day, and cron that names neither days nor months. */
const AT_LEAST_DAILY =
  /^(rate\((1 day|1 hour|(1?\d|2[0-4]) hours|\d+ minutes?)\)|cron\(\S+ \S+ (\* \* \?|\? \* \*) \*\))$/;

/**
 * Whether a function or state machine of the owner runs at least daily and may read what the endpoint records: the way
 * to watch a model where SageMaker Model Monitor is not to be had (AWS takes no new customers for it since July 2026).
 * What it does with the record is beyond a template.
 */
export function isReadDaily(endpoint: GraphResource, graph: TemplateGraph): boolean {
  const config = configOf(endpoint, graph);
  const captures = config && propertyOf(config, 'DataCaptureConfig.DestinationS3Uri');
  const [, path] = /^s3:\/\/(.+)$/.exec(typeof captures === 'string' ? captures : '') ?? [];
  return path !== undefined && scheduledRoles(graph).some((role) => mayRead(role, path));
}

function scheduledRoles(graph: TemplateGraph): readonly RoleAccess[] {
  return graph.once('roles that run daily', () =>
    graph
      .ofType('AWS::Events::Rule', 'AWS::Scheduler::Schedule')
      .filter(runsDaily)
      .flatMap(targetsOf)
      .flatMap((arn) => {
        const target = graph.withArn(arn);
        const role = target && accessOf(graph, target.properties.Role ?? target.properties.RoleArn);
        return role ? [role] : [];
      }),
  );
}

function runsDaily({ properties: { ScheduleExpression, State } }: GraphResource): boolean {
  return State !== 'DISABLED' && AT_LEAST_DAILY.test(textOf(ScheduleExpression));
}

function targetsOf({ properties: { Target, Targets } }: GraphResource): unknown[] {
  return [...asList(Target), ...asList(Targets)].map((target) => valueAt(target, 'Arn'));
}

function mayRead({ statements }: RoleAccess, path: string): boolean {
  return statements.some(
    ({ actions, resources }) =>
      actions.some((action) => actionCovers(action, 's3:GetObject')) &&
      resources.some((resource) => resource !== '*' && resourceCovers(resource.replace(/^.*:::/, ''), `${path}/x`)),
  );
}
