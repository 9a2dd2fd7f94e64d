import type { GraphResource, TemplateGraph } from '../../../analysis';
import { asList, propertyOf, valueAt } from '../../expect';
import { runsEnclaves } from './hosts';

/** The type that keeps a fleet of instances. */
export const FLEET = 'AWS::AutoScaling::AutoScalingGroup';

const TEMPLATE = 'AWS::EC2::LaunchTemplate';
const MIXED = 'MixedInstancesPolicy.LaunchTemplate';

/** Whether the instances that a group launches may run enclaves. */
export function launchesEnclaves(fleet: GraphResource, graph: TemplateGraph): boolean {
  return templatesOf(fleet, graph).some(runsEnclaves.holds);
}

/** The launch templates of a group that the assembly makes: its own, or those of a mixed fleet. */
export function templatesOf(fleet: GraphResource, graph: TemplateGraph): GraphResource[] {
  const overrides = asList(propertyOf(fleet, `${MIXED}.Overrides`));
  const named = [
    propertyOf(fleet, 'LaunchTemplate'),
    propertyOf(fleet, `${MIXED}.LaunchTemplateSpecification`),
    ...overrides.map((override) => valueAt(override, 'LaunchTemplateSpecification')),
  ];
  return named.flatMap((specification) => {
    const found = graph.withName(TEMPLATE, valueAt(specification, 'LaunchTemplateId'));
    const name = valueAt(specification, 'LaunchTemplateName');
    const byName = name === undefined ? [] : graph.where(TEMPLATE, 'LaunchTemplateName', name);
    return found ? [found] : byName;
  });
}

/** Groups of targets that a fleet belongs to, and that the assembly makes. */
export function targetsOf(fleet: GraphResource, graph: TemplateGraph): GraphResource[] {
  const arns = [
    ...asList(propertyOf(fleet, 'TargetGroupARNs')),
    ...asList(propertyOf(fleet, 'TrafficSources')).map((source) => valueAt(source, 'Identifier')),
  ];
  return arns.flatMap((arn) => graph.withArn(arn) ?? []);
}
