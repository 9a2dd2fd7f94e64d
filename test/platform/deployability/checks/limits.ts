import {
  type AccessModel,
  accessModel,
  type GraphResource,
  type StackTemplate,
  type TemplateGraph,
} from '../../../../lib/analysis';
import { fault, listOf } from './policy';

/** A quota with what is kept free of it, so that the next resource does not meet it in production. */
interface Limit {
  readonly most: number;
  readonly of: string;
}

/** Source: CloudFormation User Guide, "Understand CloudFormation quotas". */
const TEMPLATE_LIMITS: readonly (Limit & { readonly measure: (template: StackTemplate['template']) => number })[] = [
  { most: 400, of: 'resources (quota 500)', measure: ({ Resources }) => count(Resources) },
  { most: 150, of: 'outputs (quota 200)', measure: ({ Outputs }) => count(Outputs) },
  { most: 150, of: 'parameters (quota 200)', measure: ({ Parameters }) => count(Parameters) },
  { most: 800_000, of: 'bytes (quota 1 MB)', measure: (template) => Buffer.byteLength(JSON.stringify(template)) },
];

/** Templates near a quota of CloudFormation. */
export function oversizedTemplates(templates: readonly StackTemplate[]): string[] {
  return templates.flatMap(({ stack, template }) =>
    TEMPLATE_LIMITS.flatMap(({ most, of, measure }) => {
      const measured = measure(template);
      return measured > most ? [`${stack}: ${measured} ${of}`] : [];
    }),
  );
}

/** Managed policy, 6144 characters without white space; trust policy 2048; the rest: IAM User Guide, "IAM and AWS STS quotas". */
const MANAGED_POLICY: Limit = { most: 6144, of: 'characters in a managed policy' };
const INLINE_POLICIES: Limit = { most: 10_240, of: 'characters in the inline policies of a role' };
const TRUST_POLICY: Limit = { most: 2048, of: 'characters in a trust policy' };
const POLICIES_OF_ROLE: Limit = { most: 10, of: 'managed policies on a role' };
const TAGS: Limit = { most: 50, of: 'tags' };
/** Amazon S3 User Guide, "Bucket policies"; AWS KMS Developer Guide, "Quotas"; IAM Access Analyzer counts bytes as JSON. */
const BUCKET_POLICY: Limit = { most: 20_480, of: 'bytes in a bucket policy' };
const KEY_POLICY: Limit = { most: 32_768, of: 'bytes in a key policy' };

/** Policies, attachments and tags beyond what IAM, S3 and KMS accept. ARNs are counted with assumed names of full length. */
export function oversizedPolicies(graph: TemplateGraph): string[] {
  const access = accessModel(graph);
  return [
    ...graph
      .ofType('AWS::IAM::ManagedPolicy')
      .flatMap((policy) => exceeds(policy, MANAGED_POLICY, sizeOf(policy.properties.PolicyDocument))),
    ...graph
      .ofType('AWS::S3::BucketPolicy')
      .flatMap((policy) => exceeds(policy, BUCKET_POLICY, sizeOf(policy.properties.PolicyDocument))),
    ...graph.ofType('AWS::KMS::Key').flatMap((key) => exceeds(key, KEY_POLICY, sizeOf(key.properties.KeyPolicy))),
    ...graph.resources.flatMap((resource) => exceeds(resource, TAGS, listOf(resource.properties.Tags).length)),
    ...access.principals.flatMap((principal) => oversizedRole(principal, graph)),
  ];
}

function oversizedRole({ role }: AccessModel['principals'][number], graph: TemplateGraph): string[] {
  const attached = graph
    .ofType('AWS::IAM::ManagedPolicy')
    .filter(({ properties }) => listOf(properties.Roles).includes(role.name));
  const inline = [
    ...listOf(role.properties.Policies),
    ...graph
      .ofType('AWS::IAM::Policy')
      .filter(({ properties }) => listOf(properties.Roles).includes(role.name))
      .map(({ properties }) => properties),
  ] as { PolicyDocument?: unknown }[];
  const inlineSize = inline.reduce((sum, { PolicyDocument }) => sum + sizeOf(PolicyDocument), 0);
  return [
    ...exceeds(role, TRUST_POLICY, sizeOf(role.properties.AssumeRolePolicyDocument)),
    ...exceeds(role, POLICIES_OF_ROLE, attached.length + listOf(role.properties.ManagedPolicyArns).length),
    ...exceeds(role, INLINE_POLICIES, inlineSize),
  ];
}

function exceeds(resource: GraphResource, { most, of }: Limit, measured: number): string[] {
  return measured > most ? [fault(resource, `${measured} ${of}, ${most} at most`)] : [];
}

function sizeOf(document: unknown): number {
  return Buffer.byteLength(JSON.stringify(document ?? ''));
}

function count(section: object | undefined): number {
  return Object.keys(section ?? {}).length;
}
