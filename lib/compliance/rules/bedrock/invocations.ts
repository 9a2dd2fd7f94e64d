import { type GraphResource, Opaque, type TemplateGraph } from '../../../analysis';
import { asList, propertyOf, unresolved, valueAt } from '../../expect';
import type { Verdict, Violation } from '../../rule';
import { actionCovers, type Statement, statementsOf } from '../../statements';

/** Types that carry policies of an identity. */
export const IDENTITY_POLICY_TYPES = [
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::IAM::RolePolicy',
];

/** Converse and ConverseStream are authorized by these two (Bedrock User Guide, "Prerequisites for running model inference"). */
export const INVOKE = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'];

/** Resources that may be models (Service Authorization Reference, "Amazon Bedrock", InvokeModel), or of which nothing is known. */
const MODEL = /^([*<]|arn:[^:]*:(\*|bedrock:([^:]*:){0,2}(\*|[a-z-]*(model|inference-profile|prompt-router))))/;

/** Spares all other actions the comparison with a pattern. */
const MAYBE_BEDROCK = /^[*?b]/i;

/** A statement, and where it stands within the properties of its resource. */
export interface PlacedStatement {
  readonly statement: Statement;
  readonly path: string;
}

/**
 * Judges each statement of an identity's policies that a rule concerns; a resource without any is not judged. Neither is a
 * policy that only bounds roles: it grants nothing.
 */
export function judgeStatements(
  resource: GraphResource,
  graph: TemplateGraph,
  concerns: (statement: Statement) => boolean,
  judge: (placed: PlacedStatement) => Violation[],
): Verdict {
  if (onlyBounds(resource, graph)) {
    return undefined;
  }
  const documents = documentsOf(resource);
  const unread = documents.flatMap(({ path, document }) =>
    document instanceof Opaque ? [unresolved(path, document)] : [],
  );
  const found = documents
    .flatMap(({ path, document }) =>
      statementsOf(document).map((statement) => ({ statement, path: `${path}.Statement.${statement.index}` })),
    )
    .filter(({ statement }) => concerns(statement))
    .map(judge);
  return found.length + unread.length === 0 ? undefined : [...unread, ...found.flat()];
}

/** Whether the statement allows to call a model. */
export function allowsInvoke({ effect, actions, resources }: Statement): boolean {
  const onModels = resources.length === 0 || resources.some((resource) => MODEL.test(resource));
  return effect === 'Allow' && onModels && actions.some((action) => MAYBE_BEDROCK.test(action) && coversInvoke(action));
}

function coversInvoke(action: string): boolean {
  return INVOKE.some((call) => actionCovers(action, call));
}

/** How a finding calls a statement. */
export function nameOf({ sid, index }: Statement): string {
  return sid === '' ? `statement ${index}` : `statement '${sid}'`;
}

/** Roles that a policy, or the role itself, gives its statements to. */
export function rolesOf(resource: GraphResource, graph: TemplateGraph): readonly GraphResource[] {
  if (resource.type === 'AWS::IAM::Role') {
    return [resource];
  }
  const names = [...texts(propertyOf(resource, 'Roles')), ...texts(propertyOf(resource, 'RoleName'))];
  return [
    ...names.flatMap((name) => graph.withName('AWS::IAM::Role', name) ?? []),
    ...graph.where('AWS::IAM::Role', 'ManagedPolicyArns', resource.arn),
  ];
}

/** Every statement that decides what a role may do, as far as the assembly holds them. */
export function statementsOfRole(role: GraphResource, graph: TemplateGraph): readonly Statement[] {
  const managed = [...texts(propertyOf(role, 'ManagedPolicyArns')), ...texts(propertyOf(role, 'PermissionsBoundary'))];
  const holders = [
    role,
    ...graph.where('AWS::IAM::ManagedPolicy', 'Roles', role.name),
    ...graph.where('AWS::IAM::Policy', 'Roles', role.name),
    ...graph.where('AWS::IAM::RolePolicy', 'RoleName', role.name),
    ...managed.flatMap((arn) => graph.withArn(arn) ?? []),
  ];
  return holders.flatMap(documentsOf).flatMap(({ document }) => statementsOf(document));
}

function onlyBounds(policy: GraphResource, graph: TemplateGraph): boolean {
  const bounds = graph.where('AWS::IAM::Role', 'PermissionsBoundary', policy.arn).length > 0;
  const attached = ['Groups', 'Roles', 'Users'].some((kind) => texts(propertyOf(policy, kind)).length > 0);
  return bounds && !attached && graph.where('AWS::IAM::Role', 'ManagedPolicyArns', policy.arn).length === 0;
}

function documentsOf({ properties }: GraphResource): { readonly path: string; readonly document: unknown }[] {
  const own = properties.PolicyDocument;
  const inline = properties.Policies;
  return [
    ...(own === undefined ? [] : [{ path: 'PolicyDocument', document: own }]),
    ...asList(inline).map((policy, index) =>
      inline instanceof Opaque
        ? { path: 'Policies', document: inline }
        : { path: `Policies.${index}.PolicyDocument`, document: valueAt(policy, 'PolicyDocument') },
    ),
  ];
}

function texts(value: unknown): string[] {
  return asList(value).filter((item) => typeof item === 'string');
}
