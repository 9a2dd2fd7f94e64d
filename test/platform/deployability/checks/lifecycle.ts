import type { GraphResource, TemplateGraph } from '../../../../lib/analysis';
import { fault } from './policy';

/** Types that hold what cannot be made again: data, keys, evidence, and what is found under a known name. */
const STATEFUL = new Set([
  'AWS::CloudTrail::Trail',
  'AWS::DynamoDB::Table',
  'AWS::KMS::Alias',
  'AWS::KMS::Key',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::SageMaker::ModelPackageGroup',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::SSM::Parameter',
]);

/** Properties whose change makes CloudFormation replace the resource ("Update requires: Replacement" in the Template Reference). */
const REPLACING: Readonly<Record<string, readonly string[]>> = {
  'AWS::CloudTrail::Trail': ['TrailName'],
  'AWS::DynamoDB::Table': ['TableName', 'KeySchema'],
  'AWS::KMS::Alias': ['AliasName'],
  'AWS::KMS::Key': ['KeySpec', 'KeyUsage', 'MultiRegion', 'Origin'],
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::S3::Bucket': ['BucketName', 'ObjectLockEnabled'],
  'AWS::SageMaker::ModelPackageGroup': ['ModelPackageGroupName'],
  'AWS::SNS::Topic': ['FifoTopic', 'TopicName'],
  'AWS::SQS::Queue': ['FifoQueue', 'QueueName'],
  'AWS::SSM::Parameter': ['Name'],
};

/** Stateful resources of `before` that a deployment of `after` would delete or replace. */
export function lostResources(before: TemplateGraph, after: TemplateGraph): string[] {
  return before.resources
    .filter(({ type }) => STATEFUL.has(type))
    .flatMap((resource) => {
      const next = after.withLogicalId(resource.stack, resource.logicalId);
      if (next?.type !== resource.type) {
        return [fault(resource, 'would be deleted')];
      }
      return (REPLACING[resource.type] ?? [])
        .filter((property) => JSON.stringify(resource.raw[property]) !== JSON.stringify(next.raw[property]))
        .map((property) => fault(resource, `would be replaced: ${property} changes`));
    });
}

/**
 * Kept on purpose, under names that others fix. SageMaker refuses to delete a group that has packages, and its name is how
 * pipelines and approvals find it; and SageMaker writes the log of an endpoint to the group of that name. The pages of
 * docs/constructs say how to deploy again: import what was kept, or delete it.
 */
function keptUnderItsName({ type, properties }: GraphResource): boolean {
  return (
    type === 'AWS::SageMaker::ModelPackageGroup' ||
    (type === 'AWS::Logs::LogGroup' && /^\/aws\/sagemaker\/Endpoints\//.test(String(properties.LogGroupName)))
  );
}

/**
 * Resources that stay when their stack is deleted, under a name that the stack would ask for again: the next
 * deployment fails with "already exists".
 */
export function collidingAfterDeletion(graph: TemplateGraph): string[] {
  return graph.resources
    .filter((resource) => resource.template.DeletionPolicy?.startsWith('Retain') && !keptUnderItsName(resource))
    .flatMap((resource) =>
      namesOf(resource).map((property) =>
        fault(resource, `stays as '${resource.properties[property]}' after deletion`),
      ),
    );
}

/** Properties that fix a physical name. A name made from another resource's id, or the stack's, is new each time. */
function namesOf({ type, raw }: GraphResource): string[] {
  const own = type.split('::')[2];
  return ['Name', `${own}Name`, ...(type === 'AWS::CloudTrail::Trail' ? ['TrailName'] : [])]
    .filter((property) => raw[property] !== undefined && !dependsOnResource(raw[property]))
    .filter((property, index, all) => all.indexOf(property) === index);
}

function dependsOnResource(value: unknown): boolean {
  const text = JSON.stringify(value);
  return (
    /Fn::GetAtt|\$\{(?!AWS::)/.test(text) ||
    [...text.matchAll(/"Ref":"([^"]+)"/g)].some(([, id]) => id === 'AWS::StackId' || !id.startsWith('AWS::'))
  );
}
