import { textOf } from './opaque';
import type { GraphResource, TemplateGraph } from './template-graph';

/** A policy document with its name, as IAM evaluates it. */
export interface NamedPolicy {
  readonly name: string;
  readonly policy: PolicyDocument;
}

/** A resolved IAM policy document. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: readonly Readonly<Record<string, unknown>>[];
}

/** A role with everything that decides what it may do. */
export interface Principal {
  readonly role: GraphResource;
  readonly identityPolicies: readonly NamedPolicy[];
  readonly boundaries: readonly NamedPolicy[];
  readonly trustPolicy: PolicyDocument;
  readonly tags: Readonly<Record<string, string>>;
  /** Managed policies, or a boundary, that are attached but not in the assembly: what they say is not known. */
  readonly unknownPolicies: readonly string[];
}

/** A resource with a policy of its own: all statements of all documents that are attached to it. */
export interface ProtectedResource {
  readonly resource: GraphResource;
  readonly policy: PolicyDocument;
}

/** Who may do what: every role of an assembly and every resource that carries a policy of its own. */
export interface AccessModel {
  readonly principals: readonly Principal[];
  readonly resources: readonly ProtectedResource[];
}

/** Types whose policy is one of their own properties. */
const OWN_POLICY: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGateway::RestApi': ['Policy'],
  'AWS::DynamoDB::Table': ['ResourcePolicy', 'PolicyDocument'],
  'AWS::ECR::Repository': ['RepositoryPolicyText'],
  'AWS::KMS::Key': ['KeyPolicy'],
  'AWS::SageMaker::ModelPackageGroup': ['ModelPackageGroupPolicy'],
};

/** Types that attach a policy to others: by which property, and to what. */
const ATTACHED_POLICY: readonly { readonly type: string; readonly target: string; readonly to: string }[] = [
  { type: 'AWS::S3::BucketPolicy', target: 'Bucket', to: 'AWS::S3::Bucket' },
  { type: 'AWS::SNS::TopicPolicy', target: 'Topics', to: 'AWS::SNS::Topic' },
  { type: 'AWS::SQS::QueuePolicy', target: 'Queues', to: 'AWS::SQS::Queue' },
];

/** Collects roles and resource policies from a graph, once. Each policy statement appears where IAM would find it. */
export function accessModel(graph: TemplateGraph): AccessModel {
  return graph.once('access model', () => ({
    principals: graph.ofType('AWS::IAM::Role').map((role) => principal(graph, role)),
    resources: [...ownPolicies(graph), ...attachedToResources(graph), ...functionPolicies(graph)],
  }));
}

function principal(graph: TemplateGraph, role: GraphResource): Principal {
  const { Policies, ManagedPolicyArns, PermissionsBoundary, AssumeRolePolicyDocument, Tags } = role.properties;
  const managed = texts(ManagedPolicyArns);
  const boundary = PermissionsBoundary === undefined ? [] : [textOf(PermissionsBoundary)];
  return {
    role,
    identityPolicies: [
      ...list(Policies).map((policy) => named(textOf(policy.PolicyName), policy.PolicyDocument)),
      ...attachedToRole(graph, role),
      ...managed.flatMap((arn) => managedPolicy(graph, arn)),
    ],
    boundaries: boundary.flatMap((arn) => managedPolicy(graph, arn)),
    trustPolicy: document(AssumeRolePolicyDocument),
    tags: Object.fromEntries(list(Tags).map(({ Key, Value }) => [textOf(Key), textOf(Value)])),
    unknownPolicies: [...managed, ...boundary].filter((arn) => !graph.withArn(arn)),
  };
}

/** Policies that name their roles: inline (`Policy`, `RolePolicy`) and managed. */
function attachedToRole(graph: TemplateGraph, { name }: GraphResource): NamedPolicy[] {
  return [
    ...graph.where('AWS::IAM::Policy', 'Roles', name),
    ...graph.where('AWS::IAM::ManagedPolicy', 'Roles', name),
    ...graph.where('AWS::IAM::RolePolicy', 'RoleName', name),
  ].map(({ path, properties }) => named(path, properties.PolicyDocument));
}

function managedPolicy(graph: TemplateGraph, arn: string): NamedPolicy[] {
  const policy = graph.withArn(arn);
  return policy ? [named(policy.path, policy.properties.PolicyDocument)] : [];
}

function ownPolicies(graph: TemplateGraph): ProtectedResource[] {
  return Object.entries(OWN_POLICY).flatMap(([type, keys]) =>
    graph.ofType(type).flatMap((resource) => {
      const policy = keys.reduce<unknown>((value, key) => asRecord(value)[key], resource.properties);
      return policy === undefined ? [] : [{ resource, policy: document(policy) }];
    }),
  );
}

function attachedToResources(graph: TemplateGraph): ProtectedResource[] {
  return ATTACHED_POLICY.flatMap(({ type, target, to }) =>
    graph.ofType(to).flatMap((resource) => {
      const reference = graph.resolve(resource.stack, { Ref: resource.logicalId });
      return merged(
        resource,
        [resource.name, resource.arn, reference]
          .filter((id, index, ids) => ids.indexOf(id) === index)
          .flatMap((id) => graph.where(type, target, id))
          .map(({ properties }) => document(properties.PolicyDocument)),
      );
    }),
  );
}

/** Lambda keeps its policy as permissions, one resource for each statement. */
function functionPolicies(graph: TemplateGraph): ProtectedResource[] {
  return graph.ofType('AWS::Lambda::Function').flatMap((resource) =>
    merged(
      resource,
      [resource.name, resource.arn]
        .flatMap((id) => graph.where('AWS::Lambda::Permission', 'FunctionName', id))
        .map(({ logicalId, properties }) => ({ Statement: [permission(logicalId, resource.arn, properties)] })),
    ),
  );
}

function permission(
  Sid: string,
  Resource: string,
  { Action, Principal, SourceArn, SourceAccount }: GraphResource['properties'],
) {
  const service = /\.amazonaws\.com(\.cn)?$/.test(textOf(Principal));
  return {
    Sid,
    Effect: 'Allow',
    Principal: Principal === '*' ? '*' : { [service ? 'Service' : 'AWS']: Principal },
    Action,
    Resource,
    ...((SourceArn ?? SourceAccount) !== undefined && {
      Condition: {
        ...(SourceArn !== undefined && { ArnLike: { 'aws:SourceArn': SourceArn } }),
        ...(SourceAccount !== undefined && { StringEquals: { 'aws:SourceAccount': SourceAccount } }),
      },
    }),
  };
}

function merged(resource: GraphResource, documents: readonly PolicyDocument[]): ProtectedResource[] {
  const Statement = documents.flatMap((policy) => policy.Statement);
  return documents.length === 0 ? [] : [{ resource, policy: { Version: '2012-10-17', Statement } }];
}

function named(name: string, policy: unknown): NamedPolicy {
  return { name, policy: document(policy) };
}

/** The document itself where it has every part already: what is read of it once then serves everyone. */
function document(value: unknown): PolicyDocument {
  const { Version, Statement } = asRecord(value) as { Version?: string; Statement?: unknown };
  const statements = list([Statement].flat());
  const isComplete = Version !== undefined && Array.isArray(Statement) && statements.length === Statement.length;
  return isComplete ? (value as PolicyDocument) : { Version: Version ?? '2012-10-17', Statement: statements };
}

function asRecord(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter((item) => item !== null && typeof item === 'object') : [];
}

/** What is opaque counts under its reason: something is attached, though nobody can name it. */
function texts(value: unknown): string[] {
  return value === undefined ? [] : [value].flat().map(textOf);
}
