import { type GraphResource, Opaque } from '../../../analysis';
import { propertyOf, unresolved } from '../../expect';
import type { Verdict, Violation } from '../../rule';
import { type Statement, statementsOf } from '../../statements';

/** A resource's policy, and where it stands. */
export interface ResourcePolicy {
  readonly property: string;
  readonly statements: readonly Statement[];
}

/**
 * Where each type holds the policy of a resource. Keys, buses, functions, APIs, endpoints and what belongs to Bedrock have
 * rules of their own. Policies of file systems and search domains are left out: there the network lets in or not.
 */
export const RESOURCE_POLICIES: Readonly<Record<string, string>> = {
  'AWS::Backup::BackupVault': 'AccessPolicy',
  'AWS::DynamoDB::Table': 'ResourcePolicy.PolicyDocument',
  'AWS::ECR::Repository': 'RepositoryPolicyText',
  'AWS::Kinesis::ResourcePolicy': 'ResourcePolicy',
  'AWS::S3::AccessPoint': 'Policy',
  'AWS::S3::BucketPolicy': 'PolicyDocument',
  'AWS::S3Vectors::VectorBucketPolicy': 'Policy',
  'AWS::SNS::TopicInlinePolicy': 'PolicyDocument',
  'AWS::SNS::TopicPolicy': 'PolicyDocument',
  'AWS::SQS::QueueInlinePolicy': 'PolicyDocument',
  'AWS::SQS::QueuePolicy': 'PolicyDocument',
  'AWS::SecretsManager::ResourcePolicy': 'ResourcePolicy',
};

/** What a rule claims in the policies of these types, as paths below the policy. */
export function inPolicies(types: readonly string[], ...paths: readonly string[]): string[] {
  const properties = new Set(types.map((type) => RESOURCE_POLICIES[type]));
  return [...properties].flatMap((property) => paths.map((path) => `${property}.${path}`));
}

/** Judges the statements by which a resource's policy lets somebody in. One that lets nobody in is not concerned. */
export function judgeAllows(
  resource: GraphResource,
  faultsOf: (allows: readonly Statement[], at: (statement: Statement) => string) => Violation[],
): Verdict {
  const property = RESOURCE_POLICIES[resource.type];
  const policy = propertyOf(resource, property);
  if (policy instanceof Opaque) {
    return [unresolved(property, policy)];
  }
  const allows = statementsOf(policy).filter(({ effect }) => effect === 'Allow');
  return allows.length === 0 ? undefined : faultsOf(allows, ({ index }) => `${property}.Statement.${index}`);
}
