import { accessModel, type GraphResource, memoized, type Principal, type TemplateGraph } from '../../../analysis';
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

/** Everything in the assembly that decides over what a role may do. */
export function authorityOf(role: GraphResource, graph: TemplateGraph): Authority {
  const principals = graph.once(
    'principals by role',
    () => new Map(accessModel(graph).principals.map((principal) => [principal.role, principal])),
  );
  const principal = principals.get(role);
  return principal ? authority(principal) : { granted: [], boundary: [], hasUnknownPolicy: false };
}

const authority = memoized(({ identityPolicies, boundaries, unknownPolicies }: Principal): Authority => {
  const statements = (policies: Principal['identityPolicies']) =>
    policies.flatMap(({ policy }) => statementsOf(policy));
  return {
    granted: statements(identityPolicies),
    boundary: statements(boundaries),
    hasUnknownPolicy: unknownPolicies.some((arn) => !/^arn:[^:]+:iam::aws:policy\//.test(arn)),
  };
});
