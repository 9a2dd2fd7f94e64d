import type { GraphResource, TemplateGraph } from '../../../analysis';
import { asList, propertyOf } from '../../expect';
import type { Verdict, Violation } from '../../rule';
import { type Statement, statementsOf, unreadStatements } from '../../statements';
import { isBoundaryOnly } from '../identity/boundaries';
import { actionSet } from '../identity/covering';
import { documentsOf } from '../identity/policy-documents';

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

const COVERS_INVOKE = actionSet(...INVOKE);

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
  if (isBoundaryOnly(resource, graph)) {
    return undefined;
  }
  const documents = documentsOf(resource);
  const unread = documents.flatMap(({ at, document }) => unreadStatements(document, at));
  const found = documents.flatMap(({ at, document }) =>
    statementsOf(document)
      .filter(concerns)
      .map((statement) => judge({ statement, path: `${at}.Statement.${statement.index}` })),
  );
  return found.length + unread.length === 0 ? undefined : [...unread, ...found.flat()];
}

/** Whether the statement allows to call a model. */
export function allowsInvoke({ effect, actions, resources }: Statement): boolean {
  const onModels = () => resources.length === 0 || resources.some((resource) => MODEL.test(resource));
  return effect === 'Allow' && actions.some(COVERS_INVOKE) && onModels();
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

/** Every statement that decides what a role may do, as far as the assembly holds them. Collected once for each role. */
export function statementsOfRole(role: GraphResource, graph: TemplateGraph): readonly Statement[] {
  return graph.onceFor('statements of a role', role, () => collectStatements(role, graph));
}

function collectStatements(role: GraphResource, graph: TemplateGraph): readonly Statement[] {
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

function texts(value: unknown): string[] {
  return asList(value).filter((item) => typeof item === 'string');
}
