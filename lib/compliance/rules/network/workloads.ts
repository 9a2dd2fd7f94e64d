import { type GraphResource, grouped, type NetworkMember, networkMembers, type TemplateGraph } from '../../../analysis';
import { concernsAi, isAiType } from '../../conditions';
import { tagsOf } from '../../tags';
import { allowedActions, roleWithArn } from '../identity/roles';

/** Where AI workloads run in networks, and who wears which security group. */
export interface Workloads {
  /** Members of networks that train, tune, serve or call models, with their places: several for several jobs. */
  readonly members: ReadonlyMap<GraphResource, readonly NetworkMember[]>;
  /** Subnets in which they run, with the first of them. */
  readonly subnets: ReadonlyMap<string, NetworkMember>;
  readonly vpcs: ReadonlySet<string>;
  /** All members, AI or not, by security group. */
  readonly wearers: ReadonlyMap<string, readonly GraphResource[]>;
}

/** The AI workloads of all networks of an assembly. Computed once for each graph. */
export function workloadsOf(graph: TemplateGraph): Workloads {
  return graph.once('network workloads', () => {
    const all = networkMembers(graph);
    const own = all.filter(({ resource }) => isWorkload(resource, graph));
    return {
      members: grouped(own, ({ resource }) => resource),
      subnets: new Map(own.toReversed().flatMap((member) => member.subnets.map((subnet) => [subnet, member]))),
      vpcs: new Set(own.flatMap(({ vpcs }) => vpcs).filter((vpc) => vpc !== 'unknown')),
      wearers: wearersOf(all),
    };
  });
}

/** The resource and the VPCs concern AI: it belongs to an AI system, one of its VPCs holds a workload, or says that it is isolated. */
export function servesAi(resource: GraphResource, vpcs: readonly unknown[], graph: TemplateGraph): boolean {
  return concernsAi(resource, graph) || vpcs.some((vpc) => holdsWorkload(vpc, graph));
}

/** Whether AI workloads run in the VPC of this name, or it says that it is isolated. */
export function holdsWorkload(vpc: unknown, graph: TemplateGraph): boolean {
  return (typeof vpc === 'string' && workloadsOf(graph).vpcs.has(vpc)) || saysIsolated(vpc, graph);
}

/** Whether the VPC states that nothing leads out of it, by a tag such as `ai:isolated` or `palisade:isolated`. */
export function saysIsolated(vpc: unknown, graph: TemplateGraph): boolean {
  const resource = graph.withName('AWS::EC2::VPC', vpc);
  return (
    resource !== undefined && [...tagsOf(resource)].some(([key, value]) => /:isolated$/.test(key) && value === 'true')
  );
}

/** A SageMaker or Bedrock resource, a job, what carries an `ai:` tag, or a function whose role may use such services. */
function isWorkload(resource: GraphResource, graph: TemplateGraph): boolean {
  return (
    resource.type !== 'AWS::EC2::VPCEndpoint' &&
    (isAiType(resource.type) ||
      resource.type === 'AWS::StepFunctions::StateMachine' ||
      [...tagsOf(resource).keys()].some((key) => key.startsWith('ai:')) ||
      mayUseAi(resource, graph))
  );
}

function mayUseAi({ type, properties }: GraphResource, graph: TemplateGraph): boolean {
  const role = type === 'AWS::Lambda::Function' ? roleWithArn(properties.Role, graph) : undefined;
  return role !== undefined && allowedActions(role).some((action) => /^(bedrock|sagemaker)[a-z-]*:/i.test(action));
}

function wearersOf(members: readonly NetworkMember[]): Map<string, GraphResource[]> {
  const worn = members.flatMap(({ resource, securityGroups }) => securityGroups.map((group) => ({ group, resource })));
  const byGroup = grouped(worn, ({ group }) => group);
  return new Map([...byGroup].map(([group, items]) => [group, items.map(({ resource }) => resource)]));
}
