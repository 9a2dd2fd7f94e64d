import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AuditTrail, KeyRing, Purpose } from '../../../constructs';
import { TRAIL_COLUMNS, TRAIL_PARTITIONS, trailViews } from '../../../constructs/audit-trail/queries';
import { appWith } from './app';

const DATABASE = 'palisade_pre_prod_audit';

function templateIn(region: string): Template {
  const stack = new Stack(appWith(), 'Stack', { env: { region } });
  const keys = new KeyRing(stack, 'Keys', {
    system: 'platform',
    stage: 'pre-prod',
    purposes: [Purpose.AUDIT, Purpose.LOGS],
  });
  new AuditTrail(stack, 'AuditTrail', {
    stage: 'pre-prod',
    auditKey: keys.key(Purpose.AUDIT),
    logKey: keys.key(Purpose.LOGS),
  });
  return Template.fromStack(stack);
}

const template = templateIn('eu-west-1');

test('who touched a dataset: golden SQL', () => {
  const [dataset] = trailViews(DATABASE);
  expect(dataset.sql).toBe(`SELECT
  eventtime AS event_time,
  eventname AS event_name,
  useridentity.type AS principal_type,
  coalesce(useridentity.sessioncontext.sessionissuer.arn, useridentity.arn, useridentity.invokedby) AS principal_arn,
  useridentity.arn AS session_arn,
  json_extract_scalar(requestparameters, '$.bucketName') AS bucket_name,
  json_extract_scalar(requestparameters, '$.key') AS object_key,
  errorcode AS error_code,
  sourceipaddress AS source_ip,
  vpcendpointid AS vpc_endpoint,
  eventid AS event_id,
  region AS region,
  event_day AS event_day
FROM palisade_pre_prod_audit.trail
WHERE eventsource = 's3.amazonaws.com'
  AND eventcategory = 'Data'`);
  expect(dataset.query).toBe(`SELECT *
FROM palisade_pre_prod_audit.dataset_access
WHERE bucket_name = ?
  AND object_key LIKE ?
  AND event_day BETWEEN ? AND ?
ORDER BY event_time DESC
LIMIT 1000`);
});

test('who called a model: golden SQL', () => {
  const [, model] = trailViews(DATABASE);
  expect(model.sql).toBe(`SELECT
  eventtime AS event_time,
  eventname AS event_name,
  useridentity.type AS principal_type,
  coalesce(useridentity.sessioncontext.sessionissuer.arn, useridentity.arn, useridentity.invokedby) AS principal_arn,
  useridentity.arn AS session_arn,
  eventsource AS event_source,
  coalesce(json_extract_scalar(requestparameters, '$.modelId'), json_extract_scalar(requestparameters, '$.endpointName'), json_extract_scalar(requestparameters, '$.agentRuntimeArn'), json_extract_scalar(requestparameters, '$.agentId'), json_extract_scalar(requestparameters, '$.flowIdentifier'), json_extract_scalar(requestparameters, '$.knowledgeBaseId'), json_extract_scalar(requestparameters, '$.guardrailIdentifier')) AS model,
  errorcode AS error_code,
  sourceipaddress AS source_ip,
  vpcendpointid AS vpc_endpoint,
  eventid AS event_id,
  region AS region,
  event_day AS event_day
FROM palisade_pre_prod_audit.trail
WHERE (eventsource LIKE 'bedrock%' OR eventsource LIKE '%sagemaker%')
  AND eventname IN ('ApplyGuardrail', 'Converse', 'ConverseStream', 'InvokeAgent', 'InvokeAgentRuntime', 'InvokeEndpoint', 'InvokeEndpointAsync', 'InvokeEndpointWithResponseStream', 'InvokeFlow', 'InvokeInlineAgent', 'InvokeModel', 'InvokeModelWithBidirectionalStream', 'InvokeModelWithResponseStream', 'Retrieve', 'RetrieveAndGenerate', 'RetrieveAndGenerateStream', 'StartAsyncInvoke')`);
  expect(model.query).toContain('WHERE model LIKE ?');
});

test.each(trailViews(DATABASE))('the view $name reads columns that the table has', ({ sql }) => {
  const known = new Set([...TRAIL_COLUMNS, ...TRAIL_PARTITIONS].map(({ name }) => name));
  const words = sql
    .replace(/'[^']*'/g, '')
    .replace(/ AS \w+/g, '')
    .replace(/FROM \S+/, '')
    .match(/\b[a-z][a-z_.]*\b/g);
  const read = (words ?? [])
    .map((word) => word.split('.')[0])
    .filter((word) => !/^(coalesce|json_extract_scalar)$/.test(word));
  expect(read.filter((column) => !known.has(column))).toEqual([]);
});

test.each(trailViews(DATABASE))('the view $name is a table that Athena can decode', ({ name, sql, columns }) => {
  const views = template.findResources('AWS::Glue::Table', { Properties: { TableInput: { Name: name } } });
  const input = Object.values(views)[0].Properties.TableInput;
  expect(input).toMatchObject({
    TableType: 'VIRTUAL_VIEW',
    Parameters: { presto_view: 'true' },
    ViewExpandedText: '/* Presto View */',
  });
  const [, encoded] = /^\/\* Presto View: (\S+) \*\/$/.exec(input.ViewOriginalText) ?? [];
  expect(JSON.parse(Buffer.from(encoded ?? '', 'base64').toString())).toEqual({
    originalSql: sql,
    catalog: 'awsdatacatalog',
    schema: DATABASE,
    columns: columns.map((column) => ({ name: column, type: 'varchar' })),
  });
  expect(input.StorageDescriptor.Columns).toEqual(columns.map((column) => ({ Name: column, Type: 'string' })));
  template.hasResourceProperties('AWS::Athena::NamedQuery', { Name: name, Database: DATABASE });
});

test("the table's location and partitions follow CloudTrail's folders", () => {
  template.hasResourceProperties('AWS::Glue::Table', {
    TableInput: {
      Name: 'trail',
      PartitionKeys: [
        { Name: 'region', Type: 'string' },
        { Name: 'event_day', Type: 'string' },
      ],
      Parameters: Match.objectLike({
        'projection.enabled': 'true',
        'projection.region.values': 'eu-west-1,us-east-1',
        'projection.event_day.format': 'yyyy/MM/dd',
        'storage.location.template': {
          'Fn::Join': [
            '',
            [
              's3://',
              { Ref: Match.stringLikeRegexp('Evidence') },
              '/AWSLogs/',
              { Ref: 'AWS::AccountId' },
              // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholders are Athena's
              '/CloudTrail/${region}/${event_day}',
            ],
          ],
        },
      }),
    },
  });
});

test.each([
  ['us-east-1', 'us-east-1'],
  ['cn-northwest-1', 'cn-northwest-1,cn-north-1'],
  ['us-gov-east-1', 'us-gov-east-1,us-gov-west-1'],
])('in %s the table covers %s', (region, regions) => {
  templateIn(region).hasResourceProperties('AWS::Glue::Table', {
    TableInput: { Parameters: Match.objectLike({ 'projection.region.values': regions }) },
  });
});

test('nobody queries without encryption, whatever their client asks for', () => {
  template.hasResourceProperties('AWS::Athena::WorkGroup', {
    Name: 'palisade-pre-prod-audit',
    WorkGroupConfiguration: {
      EnforceWorkGroupConfiguration: true,
      ResultConfiguration: {
        EncryptionConfiguration: {
          EncryptionOption: 'SSE_KMS',
          KmsKey: { 'Fn::GetAtt': [Match.stringLikeRegexp('^KeysAudit'), 'Arn'] },
        },
        ExpectedBucketOwner: { Ref: 'AWS::AccountId' },
      },
    },
  });
});

test('results end after 30 days', () => {
  template.hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ ExpirationInDays: 30 })]) },
  });
});
