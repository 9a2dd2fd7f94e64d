import { type GraphResource, Opaque, type TemplateGraph, textOf } from '../../../analysis';
import { concernsAi } from '../../conditions';
import { rule } from '../../define-rule';
import { asList, unresolved, violation } from '../../expect';
import { ALWAYS_ERROR, type Violation } from '../../rule';
import { type Statement, statementsOf, unreadStatements } from '../../statements';
import { isBoundaryOnly } from './boundaries';
import { choosesResources } from './chooses-resources';
import { documentsOf, inDocuments, POLICY_HOLDERS } from './policy-documents';

/** No identity may do everything, and beside AI workloads none may do everything to models, data, keys or identities. */
export const iamNoAdminWildcards = rule({
  id: 'IamNoAdminWildcards',
  appliesTo: POLICY_HOLDERS,
  level: ALWAYS_ERROR,
  annexA: ['A.3.2'],
  crosswalk: {
    securityHub: ['IAM.1', 'IAM.21'],
    nist80053: ['AC-5', 'AC-6'],
    owasp: ['LLM06:2025'],
    atlas: ['AML.T0012'],
  },
  why: 'Whoever takes over one such identity owns data, keys, models and their audit trail at once.',
  fix: 'List the actions that the work needs and the ARNs that it needs them on, and drop AWS managed policies with full access.',
  claims: [...inDocuments('Statement.*.Action'), 'ManagedPolicyArns'],
  beyondGuard: 'a managed policy may be a boundary, which grants nothing, and statements come in many forms',
  check: (resource, graph) => {
    const documents = documentsOf(resource);
    const managed = asList(resource.properties.ManagedPolicyArns);
    if (documents.length + managed.length === 0 || isBoundaryOnly(resource, graph)) {
      return undefined;
    }
    const services = concernsAi(resource, graph) ? AI_SERVICES : [];
    return [
      ...documents.flatMap(({ at, document }) => [
        ...unreadStatements(document, at),
        ...wildcards(at, document, services),
      ]),
      ...managed.flatMap((arn, index) => fullAccess(`ManagedPolicyArns.${index}`, arn, resource, graph)),
    ];
  },
  configRules: ['IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS'],
  compliant: roleWith('s3:GetObject', 'arn:aws:s3:::data/*'),
  nonCompliant: roleWith('*', '*'),
});

/** Services whose every action on every resource is more than any AI workload needs. */
const AI_SERVICES = ['bedrock', 'bedrock-agentcore', 'iam', 'kms', 's3', 'sagemaker', 'secretsmanager', 'sts'];

const ADMIN = /:policy\/(AdministratorAccess|IAMFullAccess|PowerUserAccess)$/;
const FULL_ACCESS =
  /:policy\/(AmazonBedrockFullAccess|AmazonS3FullAccess|AmazonSageMakerFullAccess|BedrockAgentCoreFullAccess|SecretsManagerReadWrite)$/;

function wildcards(at: string, document: unknown, services: readonly string[]): Violation[] {
  return statementsOf(document)
    .filter((statement) => statement.effect === 'Allow')
    .flatMap((statement) => {
      const wide = wideAction(statement, services);
      const name = statement.sid || `number ${statement.index}`;
      return wide === undefined
        ? []
        : [violation(`${at}.Statement.${statement.index}`, `statement ${name} allows ${wide}`)];
    });
}

/** Whether a statement allows everything, or beside AI workloads everything of a service that holds models, data, keys or identities. */
export function isAdministrative(statement: Statement): boolean {
  return wideAction(statement, AI_SERVICES) !== undefined;
}

/** `*` is too much on any resource; `NotAction` names all actions but a few. */
function wideAction(statement: Statement, services: readonly string[]): string | undefined {
  const { actions, resources, inverted } = statement;
  if (actions.some((action) => action.startsWith('*') && /^\*+(:\*+)?$/.test(action))) {
    return `every action on ${resources[0] ?? 'every resource but a few'}`;
  }
  if (inverted && actions.length === 0 && resources.includes('*')) {
    return 'every action but a few on every resource';
  }
  const service =
    (inverted || resources.some(isEverything)) &&
    services.find((name) => actions.some((action) => action.toLowerCase() === `${name}:*`));
  return service && !choosesResources(statement) ? `${service}:* on every resource` : undefined;
}

function isEverything(resource: string): boolean {
  return /^(\*|arn:[^:]*:[^:]*:[^:]*:[^:]*:\*)$/.test(resource);
}

function fullAccess(property: string, arn: unknown, resource: GraphResource, graph: TemplateGraph): Violation[] {
  if (arn instanceof Opaque) {
    return [unresolved(property, arn)];
  }
  const text = textOf(arn);
  const wide = ADMIN.test(text) || (FULL_ACCESS.test(text) && concernsAi(resource, graph));
  return wide
    ? [violation(property, `attaches ${text.split('/').at(-1)}, expected the actions that the work needs`)]
    : [];
}

function roleWith(Action: string, Resource: string) {
  const PolicyDocument = { Statement: [{ Effect: 'Allow', Action, Resource }] };
  return { Role: { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyName: 'own', PolicyDocument }] } } };
}
