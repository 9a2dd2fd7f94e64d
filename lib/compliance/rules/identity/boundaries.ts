import { type GraphResource, type TemplateGraph, textOf } from '../../../analysis';
import { asList } from '../../expect';

/** Whether a managed policy is the permissions boundary of somebody. */
export function isBoundary({ arn }: GraphResource, graph: TemplateGraph): boolean {
  return namedBy(graph).boundaries.has(arn);
}

/** Whether a managed policy only limits: it is a permissions boundary, and attached to nobody. */
export function isBoundaryOnly(policy: GraphResource, graph: TemplateGraph): boolean {
  return isBoundary(policy, graph) && !namedBy(graph).policies.has(policy.arn) && !attaches(policy);
}

function attaches({ properties }: GraphResource): boolean {
  return ['Groups', 'Roles', 'Users'].some((property) => asList(properties[property]).length > 0);
}

interface Named {
  readonly boundaries: ReadonlySet<string>;
  readonly policies: ReadonlySet<string>;
}

/** ARNs that identities name as their boundary, and as their policies. */
function namedBy(graph: TemplateGraph): Named {
  return graph.once('boundaries and policies', () => {
    const identities = graph.ofType('AWS::IAM::Group', 'AWS::IAM::Role', 'AWS::IAM::User');
    return {
      boundaries: new Set(identities.map(({ properties }) => textOf(properties.PermissionsBoundary))),
      policies: new Set(identities.flatMap(({ properties }) => asList(properties.ManagedPolicyArns).map(textOf))),
    };
  });
}
