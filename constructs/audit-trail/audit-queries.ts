import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as athena from 'aws-cdk-lib/aws-athena';
import * as glue from 'aws-cdk-lib/aws-glue';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { PurposeKey } from '../key-ring';
import { SecureBucket } from '../workload';
import { TRAIL_COLUMNS, TRAIL_PARTITIONS, TRAIL_TABLE, type TrailView, trailViews } from './queries';

/** Properties of the audit queries. */
interface AuditQueriesProps {
  /** Holds CloudTrail's files. */
  readonly evidence: s3.IBucket;
  /** Encrypts files and results. */
  readonly auditKey: PurposeKey;
  readonly stage: string;
  /** Regions whose events can be queried. */
  readonly regions: readonly string[];
  readonly removalPolicy?: RemovalPolicy;
}

/** How long a result of a query is kept. */
const RESULTS_KEPT = Duration.days(30);

/** The trail as tables: a database with a view per question, and a workgroup that encrypts every result. */
export class AuditQueries extends Construct {
  /** Name of the Glue database. */
  readonly databaseName: string;
  /** Name of the Athena workgroup. */
  readonly workGroupName: string;

  private readonly results: SecureBucket;
  private readonly props: AuditQueriesProps;

  constructor(scope: Construct, id: string, props: AuditQueriesProps) {
    super(scope, id);
    this.props = props;
    this.databaseName = `palisade_${props.stage.replaceAll('-', '_')}_audit`;
    this.workGroupName = `palisade-${props.stage}-audit`;
    this.results = new SecureBucket(this, 'Results', {
      encryptionKey: props.auditKey,
      lifecycleRules: [{ expiration: RESULTS_KEPT, noncurrentVersionExpiration: Duration.days(1) }],
      removalPolicy: props.removalPolicy,
    });
    const table = this.trailTable();
    const workGroup = this.workGroup();
    for (const view of trailViews(this.databaseName)) {
      this.view(view).addResourceDependency(table);
      this.namedQuery(view).addResourceDependency(workGroup);
    }
  }

  /** Lets `grantee` run queries in the workgroup and read the trail; the audit records under records/ stay closed. */
  grantQuery(grantee: iam.IGrantable): iam.Grant {
    const stack = Stack.of(this);
    const { auditKey, evidence } = this.props;
    const allow = (actions: string[], resourceArns: string[], conditions?: Record<string, Record<string, unknown>>) =>
      iam.Grant.addToPrincipal({ grantee, actions, resourceArns, conditions });
    const glueArn = (resource: string, resourceName?: string) =>
      stack.formatArn({ service: 'glue', resource, resourceName });
    return [
      allow(
        [
          'athena:GetNamedQuery',
          'athena:GetQueryExecution',
          'athena:GetQueryResults',
          'athena:GetWorkGroup',
          'athena:ListNamedQueries',
          'athena:StartQueryExecution',
          'athena:StopQueryExecution',
        ],
        [stack.formatArn({ service: 'athena', resource: 'workgroup', resourceName: this.workGroupName })],
      ),
      allow(
        ['glue:GetDatabase', 'glue:GetTable', 'glue:GetTables'],
        [
          glueArn('catalog'),
          glueArn('database', this.databaseName),
          // The database's own tables and views, and no others.
          glueArn('table', `${this.databaseName}/*`),
        ],
      ),
      allow(['s3:GetObject'], [evidence.arnForObjects('AWSLogs/*')]),
      allow(['s3:GetBucketLocation'], [evidence.bucketArn, this.results.bucketArn]),
      allow(['s3:ListBucket'], [evidence.bucketArn], { StringLike: { 's3:prefix': 'AWSLogs/*' } }),
      allow(['s3:ListBucket'], [this.results.bucketArn]),
      allow(['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'], [this.results.arnForObjects('*')]),
      auditKey.grant(grantee, 'kms:Decrypt', 'kms:GenerateDataKey'),
    ].reduce((all, grant) => all.combine(grant));
  }

  private trailTable(): glue.CfnTable {
    const { account } = Stack.of(this);
    const database = new glue.CfnDatabase(this, 'Database', {
      catalogId: account,
      databaseInput: { name: this.databaseName, description: `CloudTrail events of ${this.props.stage}` },
    });
    const location = `s3://${this.props.evidence.bucketName}/AWSLogs/${account}/CloudTrail`;
    const table = new glue.CfnTable(this, 'Trail', {
      catalogId: account,
      databaseName: this.databaseName,
      tableInput: {
        name: TRAIL_TABLE,
        tableType: 'EXTERNAL_TABLE',
        partitionKeys: [...TRAIL_PARTITIONS],
        parameters: {
          EXTERNAL: 'TRUE',
          'projection.enabled': 'true',
          'projection.region.type': 'enum',
          'projection.region.values': this.props.regions.join(','),
          'projection.event_day.type': 'date',
          'projection.event_day.format': 'yyyy/MM/dd',
          'projection.event_day.interval': '1',
          'projection.event_day.interval.unit': 'DAYS',
          'projection.event_day.range': 'NOW-10YEARS,NOW',
          // The two placeholders are Athena's.
          'storage.location.template': `${location}/\${region}/\${event_day}`,
        },
        storageDescriptor: {
          columns: [...TRAIL_COLUMNS],
          location,
          inputFormat: 'com.amazon.emr.cloudtrail.CloudTrailInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
          serdeInfo: { serializationLibrary: 'org.apache.hive.hcatalog.data.JsonSerDe' },
        },
      },
    });
    table.addResourceDependency(database);
    return table;
  }

  private workGroup(): athena.CfnWorkGroup {
    return new athena.CfnWorkGroup(this, 'WorkGroup', {
      name: this.workGroupName,
      description: `Questions to the audit trail of ${this.props.stage}`,
      // Saved queries and the history go with the workgroup; the results have their own life.
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: `s3://${this.results.bucketName}/`,
          expectedBucketOwner: Stack.of(this).account,
          encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: this.props.auditKey.keyArn },
        },
      },
    });
  }

  /** Athena keeps a view as a Glue table whose text holds the definition in Presto's own encoding. */
  private view(view: TrailView): glue.CfnTable {
    const definition = {
      originalSql: view.sql,
      catalog: 'awsdatacatalog',
      schema: this.databaseName,
      columns: view.columns.map((name) => ({ name, type: 'varchar' })),
    };
    return new glue.CfnTable(this, view.name, {
      catalogId: Stack.of(this).account,
      databaseName: this.databaseName,
      tableInput: {
        name: view.name,
        description: view.question,
        tableType: 'VIRTUAL_VIEW',
        parameters: { presto_view: 'true', comment: 'Presto View' },
        partitionKeys: [],
        storageDescriptor: { columns: view.columns.map((name) => ({ name, type: 'string' })), serdeInfo: {} },
        viewOriginalText: `/* Presto View: ${Buffer.from(JSON.stringify(definition)).toString('base64')} */`,
        viewExpandedText: '/* Presto View */',
      },
    });
  }

  private namedQuery(view: TrailView): athena.CfnNamedQuery {
    return new athena.CfnNamedQuery(this, `${view.name}-query`, {
      name: view.name,
      description: view.question,
      database: this.databaseName,
      workGroup: this.workGroupName,
      queryString: view.query,
    });
  }
}
