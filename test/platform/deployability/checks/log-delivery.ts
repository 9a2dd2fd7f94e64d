import { ASSUMED_ACCOUNT, type GraphResource, type TemplateGraph } from '../../../../lib/analysis';
import { allows, conditionValues, fault, listOf, type Statement, statementsOf } from './policy';

/** Buckets and log groups to which an AWS service cannot deliver its logs, because no policy lets it. */
export function undeliveredLogs(graph: TemplateGraph): string[] {
  return [...accessLogs(graph), ...trails(graph), ...firewallLogs(graph), ...restApiLogs(graph)];
}

/** Server access logs: the target accepts the service from this account, has no key of its own and is another bucket. */
function accessLogs(graph: TemplateGraph): string[] {
  return graph.ofType('AWS::S3::Bucket').flatMap((bucket) => {
    const logging = bucket.properties.LoggingConfiguration as Record<string, unknown> | undefined;
    const target = logging && bucketNamed(graph, logging.DestinationBucketName);
    if (!logging || !target) {
      return logging ? [fault(bucket, 'the bucket for its access logs is not in the assembly')] : [];
    }
    const prefix = String(logging.LogFilePrefix ?? '');
    const accepted = allows(
      bucketStatements(graph, target),
      'Service:logging.s3.amazonaws.com',
      ['s3:PutObject'],
      (conditions) => conditionValues(conditions, 'aws:SourceAccount').includes(ASSUMED_ACCOUNT),
    );
    return [
      ...(accepted ? [] : [fault(bucket, `${target.logicalId} does not accept its access logs`)]),
      ...(encryptedWithOwnKey(target) ? [fault(bucket, `${target.logicalId} is encrypted with a KMS key`)] : []),
      ...(prefix === '' ? [fault(bucket, 'its access logs have no prefix of their own')] : []),
    ];
  });
}

/** S3 delivers access logs to buckets with S3-managed keys only. */
function encryptedWithOwnKey({ properties }: GraphResource): boolean {
  return JSON.stringify(properties.BucketEncryption ?? {}).includes('aws:kms');
}

/** A trail's bucket lets CloudTrail read its ACL and write under `AWSLogs/<account>/`, for this trail only. */
function trails(graph: TemplateGraph): string[] {
  return graph.ofType('AWS::CloudTrail::Trail').flatMap((trail) => {
    const bucket = bucketNamed(graph, trail.properties.S3BucketName);
    if (!bucket) {
      return [fault(trail, 'its bucket is not in the assembly')];
    }
    const statements = bucketStatements(graph, bucket);
    const own = (conditions: Statement['conditions']) =>
      conditionValues(conditions, 'aws:SourceArn').every((arn) => arn === trail.arn);
    const folder = [bucket.arn, trail.properties.S3KeyPrefix, 'AWSLogs', ASSUMED_ACCOUNT, '*'];
    const path = folder.filter((part) => part !== undefined).join('/');
    const reads = allows(statements, CLOUDTRAIL, ['s3:GetBucketAcl'], own);
    const writes = allows(
      statements.filter(({ resources }) => resources.includes(path)),
      CLOUDTRAIL,
      ['s3:PutObject'],
      own,
    );
    return [
      ...(reads ? [] : [fault(trail, `CloudTrail cannot read the ACL of ${bucket.logicalId}`)]),
      ...(writes ? [] : [fault(trail, `CloudTrail cannot write to ${path}`)]),
    ];
  });
}

const CLOUDTRAIL = 'Service:cloudtrail.amazonaws.com';

/** WAF delivers only to destinations whose name begins so. */
const FIREWALL_PREFIX = 'aws-waf-logs-';

function firewallLogs(graph: TemplateGraph): string[] {
  return graph.ofType('AWS::WAFv2::LoggingConfiguration').flatMap((logging) =>
    listOf(logging.properties.LogDestinationConfigs)
      .map(String)
      .filter((arn) => !arn.split(':log-group:')[1]?.startsWith(FIREWALL_PREFIX))
      .map((arn) => fault(logging, `the destination ${arn} does not begin with ${FIREWALL_PREFIX}`)),
  );
}

/** A stage that logs needs the account's role for API Gateway, in some stack of the same Region. */
function restApiLogs(graph: TemplateGraph): string[] {
  const regions = graph.ofType('AWS::ApiGateway::Account').map(({ arn }) => arn.split(':')[3]);
  return graph
    .ofType('AWS::ApiGateway::Stage')
    .filter(({ properties }) => properties.AccessLogSetting !== undefined || properties.MethodSettings !== undefined)
    .filter(({ arn }) => !regions.includes(arn.split(':')[3]))
    .map((stage) => fault(stage, 'API Gateway has no role for logs in this Region'));
}

function bucketNamed(graph: TemplateGraph, name: unknown): GraphResource | undefined {
  return graph.ofType('AWS::S3::Bucket').find((bucket) => bucket.name === name);
}

function bucketStatements(graph: TemplateGraph, bucket: GraphResource): Statement[] {
  return graph
    .ofType('AWS::S3::BucketPolicy')
    .filter(({ properties }) => properties.Bucket === bucket.name)
    .flatMap(({ properties }) => statementsOf(properties.PolicyDocument));
}
