import { type GraphResource, Opaque, type TemplateGraph, textOf } from '../../../analysis';
import { asList, propertyOf, unresolved, valueAt, violation } from '../../expect';
import type { Verdict } from '../../rule';
import { conditionKeys, type Statement, statementsOf } from '../../statements';
import { dataClassesOf } from '../../tags';

/** What the assembly says of its buckets elsewhere than in the buckets themselves. */
interface BucketFacts {
  readonly policies: ReadonlyMap<string, readonly GraphResource[]>;
  /** Names of buckets that load balancers write their logs to. */
  readonly balancerLogs: ReadonlySet<string>;
}

function factsOf(graph: TemplateGraph): BucketFacts {
  return graph.once('facts of buckets', () => ({
    policies: policiesByBucket(graph),
    balancerLogs: balancerLogs(graph),
  }));
}

/** Policies that the assembly gives a bucket. A name that both take from one parameter is the same name. */
export function policiesOf(bucket: GraphResource, graph: TemplateGraph): readonly GraphResource[] {
  const { policies } = factsOf(graph);
  const given = bucket.properties.BucketName;
  const byParameter = given instanceof Opaque ? (policies.get(keyOf(bucket.stack, given)) ?? []) : [];
  return [...(policies.get(bucket.name) ?? []), ...byParameter];
}

function policiesByBucket(graph: TemplateGraph): Map<string, GraphResource[]> {
  const policies = new Map<string, GraphResource[]>();
  for (const policy of graph.ofType('AWS::S3::BucketPolicy')) {
    const key = keyOf(policy.stack, policy.properties.Bucket);
    const others = policies.get(key);
    others ? others.push(policy) : policies.set(key, [policy]);
  }
  return policies;
}

function keyOf(stack: string, bucket: unknown): string {
  return bucket instanceof Opaque ? `${stack} ${bucket}` : textOf(bucket);
}

/** Statements of all policies of a bucket. */
export function bucketStatements(bucket: GraphResource, graph: TemplateGraph): readonly Statement[] {
  return policiesOf(bucket, graph).flatMap(({ properties }) => statementsOf(properties.PolicyDocument));
}

/**
 * Judges what the policy of a bucket must say: at the policy where the assembly has one, and else at the bucket.
 *
 * @param faultsOf what statements lack, as messages
 */
export function judgePolicy(
  resource: GraphResource,
  graph: TemplateGraph,
  faultsOf: (statements: readonly Statement[]) => readonly string[],
): Verdict {
  const faultsAt = (statements: readonly Statement[]) =>
    faultsOf(statements).map((message) => violation('PolicyDocument', message));
  if (resource.type !== 'AWS::S3::BucketPolicy') {
    return policiesOf(resource, graph).length > 0 ? undefined : faultsAt([]);
  }
  const { Bucket, PolicyDocument } = resource.properties;
  if (PolicyDocument instanceof Opaque) {
    return [unresolved('PolicyDocument', PolicyDocument)];
  }
  return Bucket === undefined
    ? [violation('Bucket', 'found nothing, expected the bucket that the policy protects')]
    : faultsAt(statementsOf(PolicyDocument));
}

/** The bucket that a resource is, or is the policy of; undefined where the assembly does not make it. */
export function bucketOf(resource: GraphResource, graph: TemplateGraph): GraphResource | undefined {
  return resource.type === 'AWS::S3::BucketPolicy'
    ? graph.withName('AWS::S3::Bucket', resource.properties.Bucket)
    : resource;
}

/** Whether a trail of the assembly writes to the bucket: what it holds is the audit record. */
export function holdsTrail(bucket: GraphResource, graph: TemplateGraph): boolean {
  return graph.where('AWS::CloudTrail::Trail', 'S3BucketName', bucket.name).length > 0;
}

/**
 * Whether a service delivers access logs to the bucket. Targets of server access logs and of load balancers take SSE-S3
 * only (Amazon S3 User Guide, "Enabling server access logging"; Elastic Load Balancing, "Access logs").
 */
export function receivesAccessLogs(bucket: GraphResource, graph: TemplateGraph): boolean {
  return (
    bucket.properties.AccessControl === 'LogDeliveryWrite' ||
    graph.where('AWS::S3::Bucket', 'LoggingConfiguration.DestinationBucketName', bucket.name).length > 0 ||
    factsOf(graph).balancerLogs.has(bucket.name) ||
    bucketStatements(bucket, graph).some(
      ({ effect, principals }) => effect === 'Allow' && principals.some((name) => DELIVERY.test(name)),
    )
  );
}

const DELIVERY = /^(logging\.s3|logdelivery\.elasticloadbalancing)\.amazonaws\.com/;

function balancerLogs(graph: TemplateGraph): Set<string> {
  const attributes = graph
    .ofType('AWS::ElasticLoadBalancingV2::LoadBalancer')
    .flatMap((balancer) => asList(propertyOf(balancer, 'LoadBalancerAttributes')));
  const named = attributes.filter((attribute) => valueAt(attribute, 'Key') === 'access_logs.s3.bucket');
  return new Set(named.map((attribute) => textOf(valueAt(attribute, 'Value'))));
}

/**
 * Whether a CDN serves the bucket to browsers, and nobody says that it holds more than public data. Such pages are made
 * by a build, and are no secret.
 */
export function isPublicSite(bucket: GraphResource, graph: TemplateGraph): boolean {
  const secret = dataClassesOf(bucket).some((name) => name !== 'public');
  return !secret && origins(graph).has(bucket);
}

function origins(graph: TemplateGraph): ReadonlySet<GraphResource> {
  return graph.once('buckets behind a CDN', () => {
    const references = graph.ofType('AWS::CloudFront::Distribution').flatMap((cdn) => graph.references(cdn));
    return new Set(references.filter(({ property }) => /[.]Origins[.]/.test(property)).map(({ to }) => to));
  });
}

/** Whether a resource of a bucket's policy covers every object. A bucket's policy can name no other bucket. */
export function coversObjects(resource: string): boolean {
  return /^[^/]*\/?\*$/.test(withoutReasons(resource));
}

/** Whether a resource of a bucket's policy covers the bucket itself. */
export function coversBucket(resource: string): boolean {
  return !withoutReasons(resource).includes('/');
}

/** Text without what only a deployment knows, whose reason may hold any character. */
function withoutReasons(text: string): string {
  return text.replace(/<[^>]*>/g, '');
}

/** Whether the statement denies to everyone, whatever the circumstances. */
export function deniesEveryone({ effect, principals, conditions, inverted }: Statement): boolean {
  return effect === 'Deny' && principals.includes('*') && !inverted && conditionKeys(conditions).length === 0;
}
