import { accessModel, memoized, type Principal, type TemplateGraph } from '../../../analysis';
import { type Statement, statementsOf } from '../../statements';

/** Roles of an assembly with all policies that are attached to them, by ARN. */
export function rolesOf(graph: TemplateGraph): ReadonlyMap<string, Principal> {
  return graph.once(
    'roles by ARN',
    () => new Map(accessModel(graph).principals.map((principal) => [principal.role.arn, principal])),
  );
}

/** The role with this ARN, if the assembly makes it. */
export function roleWithArn(arn: unknown, graph: TemplateGraph): Principal | undefined {
  return typeof arn === 'string' ? rolesOf(graph).get(arn) : undefined;
}

/** What a role's policies allow, wherever they are written: inline, attached by themselves, or managed. */
export const allowances = memoized(({ identityPolicies }: Principal): readonly Statement[] =>
  identityPolicies.flatMap(({ policy }) => statementsOf(policy)).filter(({ effect }) => effect === 'Allow'),
);

/** Every action that some policy of a role allows on something, as the policies write it. */
export const allowedActions = memoized((principal: Principal): readonly string[] =>
  allowances(principal).flatMap(({ actions }) => actions),
);
