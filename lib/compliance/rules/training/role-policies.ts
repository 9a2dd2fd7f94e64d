import { accessModel, type GraphResource, type Principal, type TemplateGraph } from '../../../analysis';
import { type Statement, statementsOf } from '../../statements';

/** What decides, with a policy, over what a role may do. */
export interface Authority {
  /** Statements of every policy of the role that the assembly holds. */
  readonly granted: readonly Statement[];
  /** Statements of its permissions boundary; none where it has no boundary in the assembly. */
  readonly boundary: readonly Statement[];
  /** It has a policy that the assembly does not hold, and that may deny. */
  readonly hasUnknownPolicy: boolean;
}

const known = new WeakMap<TemplateGraph, ReadonlyMap<GraphResource, Principal>>();

/** Roles that have a policy, by itself or by theirs. */
export function rolesWith(policy: GraphResource, graph: TemplateGraph): GraphResource[] {
  if (policy.type === 'AWS::IAM::Role') {
    return [policy];
  }
  const { Roles, RoleName } = policy.properties;
  const named = [Roles ?? [], RoleName ?? []].flat().map((name) => graph.withName('AWS::IAM::Role', name));
  return [...named, ...graph.where('AWS::IAM::Role', 'ManagedPolicyArns', policy.arn)].filter(
    (role): role is GraphResource => role !== undefined,
  );
}

/** Whether a policy only bounds roles: it grants nothing by itself. */
export function onlyBounds(policy: GraphResource, graph: TemplateGraph): boolean {
  const { Users, Groups } = policy.properties;
  const bounds = graph.where('AWS::IAM::Role', 'PermissionsBoundary', policy.arn).length > 0;
  return bounds && Users === undefined && Groups === undefined && rolesWith(policy, graph).length === 0;
}

/** Everything in the assembly that decides over what a role may do. */
export function authorityOf(role: GraphResource, graph: TemplateGraph): Authority {
  const principals = known.get(graph) ?? new Map(accessModel(graph).principals.map((item) => [item.role, item]));
  known.set(graph, principals);
  const { identityPolicies = [], boundaries = [], unknownPolicies = [] } = principals.get(role) ?? {};
  const statements = (policies: Principal['identityPolicies']) =>
    policies.flatMap(({ policy }) => statementsOf(policy));
  return {
    granted: statements(identityPolicies),
    boundary: statements(boundaries),
    hasUnknownPolicy: unknownPolicies.some((arn) => !/^arn:[^:]+:iam::aws:policy\//.test(arn)),
  };
}
