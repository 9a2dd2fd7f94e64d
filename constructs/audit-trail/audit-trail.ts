import { Duration, type RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { PalisadeError } from '../../runtime/errors';
import type { PurposeKey } from '../key-ring';
import { AccessLogBucket, SecureLogGroup, WorkloadRole } from '../workload';
import { AiService } from './ai-service';
import { AuditQueries } from './audit-queries';
import { managementEvents, objectEvents, serviceEvents } from './event-selectors';
import { EvidenceBucket, type ObjectLock, ObjectLockMode } from './evidence-bucket';
import { InvocationLogging } from './invocation-logging';
import { SignalAlarms } from './signal-alarms';
import { TAMPERING_SIGNALS } from './tampering';

/** Properties of an audit trail. */
export interface AuditTrailProps {
  /** Stage that the trail belongs to, such as `dev` or `prod`. Lower-case kebab case, at most 40 characters. */
  readonly stage: string;
  /** Encrypts evidence and results of queries. Usually `Purpose.AUDIT`. */
  readonly auditKey: PurposeKey;
  /** Encrypts log groups, invocation logs and the alarm topic. Usually `Purpose.LOGS`. */
  readonly logKey: PurposeKey;
  /** How firmly and how long evidence is held. @default - GOVERNANCE for one day, for development and test */
  readonly objectLock?: ObjectLock;
  /** AI services whose calls are recorded one by one. @default - [AiService.BEDROCK, AiService.SAGEMAKER] */
  readonly services?: AiService[];
  /**
   * Beginnings of the names of the buckets whose object calls are recorded.
   * @default - every bucket of the account but the trail's own two
   */
  readonly datasetBucketPrefixes?: string[];
  /**
   * How long events stay searchable in CloudWatch Logs; the evidence bucket keeps them without end.
   * @default RetentionDays.THIRTEEN_MONTHS
   */
  readonly logRetention?: logs.RetentionDays;
  /**
   * Records prompts and completions of every Bedrock call in this account and Region. An account has one such
   * configuration per Region: set it in one stage only.
   * @default - true where `services` has AiService.BEDROCK
   */
  readonly bedrockInvocationLogging?: boolean;
  /**
   * How long prompts and completions are kept. They hold personal data, so not longer than what explains a decision.
   * @default RetentionDays.SIX_MONTHS - EU AI Act, Article 26(6): logs are kept at least six months
   */
  readonly invocationLogRetention?: logs.RetentionDays;
  /**
   * Regions whose events the Athena table covers.
   * @default - the stack's Region and the one that records global services such as IAM
   */
  readonly queryRegions?: string[];
  /** DESTROY takes effect only together with the context switch `palisade:allowDataRemoval`. @default RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

/** The stage is part of a trail, workgroup and database name. */
const STAGE = /^[a-z][a-z0-9-]{0,39}$/;
/** One folder of records/; the same names as those of a key ring. */
const SYSTEM = STAGE;

/**
 * Who did what, kept where nobody can delete it: a multi-Region CloudTrail trail into an Object Lock bucket, alarms
 * on tampering, Bedrock invocation logging, and views that answer who touched a dataset and who called a model.
 *
 * Throws PALISADE-A001 for a stage or system name that cannot be part of other names, PALISADE-A002 for a retention
 * that Object Lock does not take, PALISADE-A003 for an empty list, PALISADE-A004 when the Region is not known.
 */
export class AuditTrail extends Construct {
  /** Object Lock bucket: CloudTrail's files under AWSLogs/, the application's audit records under records/<system>/. */
  readonly bucket: s3.IBucket;
  /** The trail's events, for metric filters and searches. */
  readonly logGroup: logs.ILogGroup;
  /** Told of every sign of tampering; subscribe whoever is on call. */
  readonly alarmTopic: sns.ITopic;
  /** ARN of the trail. */
  readonly trailArn: string;
  /** Glue database with the views `dataset_access` and `model_calls`. */
  readonly databaseName: string;
  /** Athena workgroup that encrypts every result. */
  readonly workGroupName: string;
  /** Prompts and completions of Bedrock calls. Undefined without invocation logging. */
  readonly invocationLogGroup?: logs.ILogGroup;

  private readonly props: AuditTrailProps;
  private readonly queries: AuditQueries;

  constructor(scope: Construct, id: string, props: AuditTrailProps) {
    super(scope, id);
    this.requireName(props.stage, STAGE);
    for (const list of ['services', 'datasetBucketPrefixes', 'queryRegions'] as const) {
      this.requireEntries(list, props[list]);
    }
    this.props = props;
    const regions = props.queryRegions ?? this.ownRegions();
    const services = props.services ?? [AiService.BEDROCK, AiService.SAGEMAKER];

    const stack = Stack.of(this);
    const trailName = `palisade-${props.stage}-${stack.region}`;
    // Built from the name, because bucket and key must accept the trail before it exists.
    this.trailArn = stack.formatArn({ service: 'cloudtrail', resource: 'trail', resourceName: trailName });

    props.logKey.allowLogs();
    this.allowTrail(props.auditKey);
    const bucket = new EvidenceBucket(this, 'Evidence', {
      encryptionKey: props.auditKey,
      objectLock: props.objectLock ?? { mode: ObjectLockMode.GOVERNANCE, retention: Duration.days(1) },
      trailArn: this.trailArn,
      removalPolicy: props.removalPolicy,
    });
    this.bucket = bucket;
    this.logGroup = new SecureLogGroup(this, 'Log', {
      encryptionKey: props.logKey,
      retention: props.logRetention ?? logs.RetentionDays.THIRTEEN_MONTHS,
      removalPolicy: props.removalPolicy,
    });
    this.trail(trailName, bucket, services);
    this.alarmTopic = this.topic();
    new SignalAlarms(this, 'Tampering', {
      signals: TAMPERING_SIGNALS,
      logGroup: this.logGroup,
      topic: this.alarmTopic,
      metricNamespace: `Palisade/${props.stage}/Audit`,
    });
    this.queries = new AuditQueries(this, 'Queries', { ...props, evidence: bucket, regions });
    this.databaseName = this.queries.databaseName;
    this.workGroupName = this.queries.workGroupName;
    if (props.bedrockInvocationLogging ?? services.includes(AiService.BEDROCK)) {
      this.invocationLogGroup = new InvocationLogging(this, 'InvocationLogging', {
        logKey: props.logKey,
        retention: props.invocationLogRetention ?? logs.RetentionDays.SIX_MONTHS,
        removalPolicy: props.removalPolicy,
      }).logGroup;
    }
  }

  /** Lets `grantee` add audit records of one AI system, and neither read, delete nor shorten them. */
  grantWriteRecords(grantee: iam.IGrantable, system: string): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['s3:PutObject'],
      resourceArns: [this.recordsOf(system)],
    }).combine(this.props.auditKey.grant(grantee, 'kms:GenerateDataKey'));
  }

  /** Lets `grantee` list and read the audit records of one AI system. */
  grantReadRecords(grantee: iam.IGrantable, system: string): iam.Grant {
    const read = iam.Grant.addToPrincipal({
      grantee,
      actions: ['s3:GetObject', 's3:GetObjectRetention', 's3:GetObjectVersion'],
      resourceArns: [this.recordsOf(system)],
    });
    const list = iam.Grant.addToPrincipal({
      grantee,
      actions: ['s3:ListBucket', 's3:ListBucketVersions'],
      resourceArns: [this.bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': `records/${system}/*` } },
    });
    return read.combine(list).combine(this.props.auditKey.grant(grantee, 'kms:Decrypt'));
  }

  /** Lets `grantee` ask the trail who touched a dataset and who called a model. */
  grantQuery(grantee: iam.IGrantable): iam.Grant {
    return this.queries.grantQuery(grantee);
  }

  private recordsOf(system: string): string {
    this.requireName(system, SYSTEM);
    return this.bucket.arnForObjects(`records/${system}/*`);
  }

  private trail(trailName: string, bucket: EvidenceBucket, services: readonly AiService[]): void {
    const role = new WorkloadRole(this, 'LogRole', {
      assumedBy: new iam.ServicePrincipal('cloudtrail.amazonaws.com'),
      description: 'Lets CloudTrail write its log group',
    });
    this.logGroup.grantWrite(role);
    const trail = new cloudtrail.CfnTrail(this, 'Trail', {
      trailName,
      isLogging: true,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      s3BucketName: bucket.bucketName,
      kmsKeyId: this.props.auditKey.keyArn,
      cloudWatchLogsLogGroupArn: this.logGroup.logGroupArn,
      cloudWatchLogsRoleArn: role.roleArn,
      insightSelectors: [{ insightType: 'ApiCallRateInsight' }, { insightType: 'ApiErrorRateInsight' }],
      advancedEventSelectors: [managementEvents(), this.objectEvents(bucket), ...serviceEvents(services)],
    });
    // CloudTrail tries bucket and log group when the trail is made.
    trail.node.addDependency(bucket, role);
  }

  /** The trail's own bucket and its access logs stay out, or each delivery would cause the next. */
  private objectEvents(bucket: EvidenceBucket) {
    const { partition } = Stack.of(this);
    return objectEvents({
      startsWith: this.props.datasetBucketPrefixes?.map((prefix) => `arn:${partition}:s3:::${prefix}`),
      notStartsWith: [bucket, AccessLogBucket.of(this)].map((own) => own.arnForObjects('')),
    });
  }

  /**
   * AWS CloudTrail User Guide, "Configure AWS KMS key policies for CloudTrail". Decrypt is needed because the bucket
   * has a Bucket Key, with which S3 may leave the trail's own encryption context out: hence IfExists.
   */
  private allowTrail(key: PurposeKey): void {
    const stack = Stack.of(this);
    const anyTrail = stack.formatArn({ service: 'cloudtrail', region: '*', resource: 'trail', resourceName: '*' });
    const principals = [new iam.ServicePrincipal('cloudtrail.amazonaws.com')];
    const ownTrail = { 'aws:SourceArn': this.trailArn };
    key.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'TrailEncrypts',
        principals,
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions: {
          StringEquals: ownTrail,
          StringLikeIfExists: { 'kms:EncryptionContext:aws:cloudtrail:arn': anyTrail },
        },
      }),
    );
    key.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'TrailDescribes',
        principals,
        actions: ['kms:DescribeKey'],
        resources: ['*'],
        conditions: { StringEquals: ownTrail },
      }),
    );
  }

  /** CloudWatch publishes alarms itself, so topic and key both have to accept it. */
  private topic(): sns.Topic {
    const stack = Stack.of(this);
    this.props.logKey.allowService('cloudwatch.amazonaws.com', ['kms:Decrypt', 'kms:GenerateDataKey*']);
    const topic = new sns.Topic(this, 'Alarms', { masterKey: this.props.logKey, enforceSSL: true });
    topic.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
      }),
    );
    return topic;
  }

  /** A multi-Region trail files events of global services under one Region of the partition. */
  private ownRegions(): string[] {
    const { region } = Stack.of(this);
    if (Token.isUnresolved(region)) {
      throw new PalisadeError({
        code: 'PALISADE-A004',
        where: this.node.path,
        problem: 'the Region of the stack is not known at synth, so the Athena table cannot list its Regions',
        fix: 'give the stack an env with a region, or give queryRegions',
      });
    }
    const global = { 'cn-': 'cn-north-1', 'us-gov-': 'us-gov-west-1' };
    const [, globalRegion = 'us-east-1'] = Object.entries(global).find(([prefix]) => region.startsWith(prefix)) ?? [];
    return [...new Set([region, globalRegion])];
  }

  private requireName(name: string, form: RegExp): void {
    if (!form.test(name)) {
      throw new PalisadeError({
        code: 'PALISADE-A001',
        where: this.node.path,
        problem: `'${name}' is not a name: expected ${form}`,
        fix: 'use lower-case letters, digits and hyphens, starting with a letter, at most 40 characters',
      });
    }
  }

  private requireEntries(list: string, entries: readonly string[] | undefined): void {
    if (entries?.length === 0) {
      throw new PalisadeError({
        code: 'PALISADE-A003',
        where: this.node.path,
        problem: `${list} is empty, which would record or find nothing`,
        fix: `leave ${list} out for the default, or name at least one`,
      });
    }
  }
}
