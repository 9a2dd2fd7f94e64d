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
}

/** Who may do what: every role of an assembly and every resource that carries a policy of its own. */
export interface AccessModel {
  readonly principals: readonly Principal[];
  /** Resource policies by the ARN of what they protect. */
  readonly resourcePolicies: ReadonlyMap<string, PolicyDocument>;
}

/** Collects roles and resource policies from a graph. Each policy statement appears where IAM would find it. */
export function accessModel(graph: TemplateGraph): AccessModel {
  return {
    principals: graph.ofType('AWS::IAM::Role').map((role) => principal(graph, role)),
    resourcePolicies: resourcePolicies(graph),
  };
}

function principal(graph: TemplateGraph, role: GraphResource): Principal {
  const { Policies, ManagedPolicyArns, PermissionsBoundary, AssumeRolePolicyDocument, Tags } = role.properties;
  return {
    role,
    identityPolicies: [
      ...list(Policies).map((policy) => named(String(policy.PolicyName), policy.PolicyDocument)),
      ...attachedPolicies(graph, role),
      ...texts(ManagedPolicyArns).flatMap((arn) => managedPolicy(graph, arn)),
    ],
    boundaries: managedPolicy(graph, PermissionsBoundary),
    trustPolicy: document(AssumeRolePolicyDocument),
    tags: Object.fromEntries(list(Tags).map(({ Key, Value }) => [String(Key), String(Value)])),
  };
}

/** Policies that name their roles, inline (`AWS::IAM::Policy`) and managed. */
function attachedPolicies(graph: TemplateGraph, role: GraphResource): NamedPolicy[] {
  return graph
    .ofType('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy')
    .filter(({ properties }) => texts(properties.Roles).includes(role.name))
    .map(({ path, properties }) => named(path, properties.PolicyDocument));
}

function managedPolicy(graph: TemplateGraph, arn: unknown): NamedPolicy[] {
  const policy = graph.withArn(arn);
  return policy ? [named(policy.path, policy.properties.PolicyDocument)] : [];
}

function resourcePolicies(graph: TemplateGraph): Map<string, PolicyDocument> {
  const byName = (type: string, name: unknown) => graph.ofType(type).find((resource) => resource.name === name)?.arn;
  const policies: [string | undefined, unknown][] = [
    ...graph.ofType('AWS::KMS::Key').map(({ arn, properties }) => [arn, properties.KeyPolicy] as [string, unknown]),
    ...graph
      .ofType('AWS::S3::BucketPolicy')
      .map(({ properties }): [string | undefined, unknown] => [
        byName('AWS::S3::Bucket', properties.Bucket),
        properties.PolicyDocument,
      ]),
    ...graph
      .ofType('AWS::SNS::TopicPolicy')
      .flatMap(({ properties }) =>
        texts(properties.Topics).map((topic): [string, unknown] => [topic, properties.PolicyDocument]),
      ),
    ...graph
      .ofType('AWS::SQS::QueuePolicy')
      .flatMap(({ properties }) =>
        texts(properties.Queues).map((queue): [string | undefined, unknown] => [
          byName('AWS::SQS::Queue', queue),
          properties.PolicyDocument,
        ]),
      ),
  ];
  return new Map(policies.flatMap(([arn, policy]) => (arn ? [[arn, document(policy)] as const] : [])));
}

function named(name: string, policy: unknown): NamedPolicy {
  return { name, policy: document(policy) };
}

function document(value: unknown): PolicyDocument {
  const { Version, Statement } = (value ?? {}) as { Version?: string; Statement?: unknown };
  return { Version: Version ?? '2012-10-17', Statement: Array.isArray(Statement) ? Statement : list([Statement]) };
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter((item) => item !== null && typeof item === 'object') : [];
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
