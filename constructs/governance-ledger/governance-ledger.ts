import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { PalisadeError } from '../../runtime/errors';
import { LAYOUT, LEDGER_NAMESPACE } from '../../runtime/ledger';
import { type ObjectLock, ObjectLockMode } from '../audit-trail';
import { type KeyRing, Purpose, type PurposeKey } from '../key-ring';
import { DeadLetterQueue, type FunctionNetwork, HandlerFunction } from '../workload';
import { type IDecisionLedger, recordDecisions } from './decision-ledger';
import { LedgerBucket } from './ledger-bucket';

/** Records of inference; `AuditTrail` keeps them. */
export interface IInferenceRecords {
  /** Bucket that holds them, under `records/<system>/`. */
  readonly bucket: s3.IBucket;
  /** Lets `grantee` list and read the records of one system. */
  grantReadRecords(grantee: iam.IGrantable, system: string): iam.Grant;
}

/** Properties of a governance ledger. */
export interface GovernanceLedgerProps {
  /**
   * Keys of the AI system, or of the part of the platform, that the ledger belongs to; it is named `<stage>/<system>` after them. AUDIT
   * encrypts the ledger, LOGS what the functions print, and `ledgerKey` signs.
   */
  readonly keys: KeyRing;
  /** Where the functions run. Needs endpoints for S3 and KMS, and for Lambda where records are digested. */
  readonly network: FunctionNetwork;
  /** Told of an event that was not recorded, of a ledger that is not in order, and of silence. */
  readonly alarmTopic: sns.ITopic;
  /**
   * How firmly and how long each entry is held. COMPLIANCE asks for 180 days at least; GOVERNANCE is for development and test.
   * @default - COMPLIANCE for 365 days
   */
  readonly objectLock?: ObjectLock;
  /**
   * Time between two checkpoints: what was written since the last one could be cut off without a trace. From 1 minute to 1 hour.
   * @default Duration.minutes(15)
   */
  readonly checkpointInterval?: Duration;
  /** @default RetentionDays.SIX_MONTHS - EU AI Act, Article 26(6): logs are kept at least six months */
  readonly logRetention?: RetentionDays;
  /** DESTROY takes effect only together with the context switch `palisade:allowDataRemoval`. @default RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

/** What tells one function of a ledger from another. */
interface OwnProps {
  readonly environment: Record<string, string>;
  readonly reservedConcurrentExecutions: number;
  readonly timeout: Duration;
  readonly memorySize?: number;
}

/** Six months, in days: EU AI Act, Articles 19(1) and 26(6). */
const LEAST_DAYS = 180;
/** What Object Lock takes, in days: a hundred years. */
const MOST_DAYS = 36_500;
/** An alias of a function; the same names as those of a key ring. */
const SYSTEM = /^[a-z][a-z0-9-]{0,39}$/;

/**
 * Says what was decided and done, in one hash chain that nobody can change without its being found: approvals, exceptions, overrides,
 * incidents, reviews, seals, deployments, and digests of inference records.
 *
 * Entries are written once into an Object Lock bucket, by one function that IAM lets speak for one system at a time. Another function signs
 * checkpoints over them, and a third one verifies everything each day. `palisade ledger verify` does the same on a copy, offline.
 *
 * Throws PALISADE-L150 for a retention, PALISADE-L151 for an interval, PALISADE-L152 for a system that no alias can have as its name,
 * PALISADE-K002 for a ring without AUDIT or LOGS.
 */
export class GovernanceLedger extends Construct implements IDecisionLedger {
  /** Entries, notes of requests, checkpoints and head. */
  readonly bucket: s3.IBucket;
  /** Name of the ledger: in every entry. */
  readonly ledgerName: string;
  /** Signs checkpoints, and nothing else. */
  readonly signingKey: PurposeKey;
  /** Records events. Call it through what `writerOf` gives: by itself it records nothing. */
  readonly appendFunction: lambda.Function;

  private readonly props: GovernanceLedgerProps;
  private readonly writers = new Map<string, lambda.IFunction>();

  constructor(scope: Construct, id: string, props: GovernanceLedgerProps) {
    super(scope, id);
    this.props = props;
    const { keys, objectLock = { mode: ObjectLockMode.COMPLIANCE, retention: Duration.days(365) } } = props;
    const interval = this.wholeMinutes(props.checkpointInterval ?? Duration.minutes(15));
    this.ledgerName = `${keys.stage}/${keys.system}`;
    this.signingKey = keys.ledgerKey;
    const bucket = new LedgerBucket(this, 'Bucket', {
      encryptionKey: keys.key(Purpose.AUDIT),
      kept: this.wholeDays(objectLock),
      retention: retentionOf(objectLock),
      removalPolicy: props.removalPolicy,
    });
    this.bucket = bucket;
    const writer = this.writer();
    const signer = this.signer();
    const verifier = this.verifier();
    bucket.openTo({ writerArn: roleArnOf(writer), signerArn: roleArnOf(signer) });
    this.appendFunction = writer;
    this.start('Checkpoints', signer, events.Schedule.rate(interval));
    this.start('Verification', verifier, events.Schedule.cron({ minute: '25', hour: '3' }));
    this.alarmOnErrors('NotRecorded', writer, `An event was not recorded in the ledger ${this.ledgerName}`);
    this.alarmOnErrors('NotSigned', signer, `The ledger ${this.ledgerName} is not in order, or was not signed`);
    this.alarmOnErrors('NotVerified', verifier, `The ledger ${this.ledgerName} does not hold, or was not verified`);
    this.alarmOnSilence('NoCheckpoints', 'Checked', Duration.hours(1), 'No checkpoints were made');
    this.alarmOnSilence('NoVerification', 'Verified', Duration.days(1), 'Nothing was verified');
  }

  /**
   * Records events of one system: the function's alias of that name. Invoke it with `{kind, system, stage, subject, outcome, digest,
   * by?, request}`; it answers `{sequence, hash}` once the entry is stored. Repeat a call whose answer got lost with the same `request`.
   */
  writerOf(system: string): lambda.IFunction {
    const writer = this.writers.get(system) ?? this.aliasOf(system);
    this.writers.set(system, writer);
    return writer;
  }

  /**
   * Records, each hour, the digest of the hour's inference records of one system: a record that is changed, added or taken away later does
   * not fit it any more. Answers with the function that does.
   */
  digestRecords(records: IInferenceRecords, system: string): lambda.IFunction {
    const digester = this.handlerFunction(
      `Digest-${system}`,
      'record-digest',
      `Digests inference records of ${system}`,
      {
        environment: { RECORDS_BUCKET: records.bucket.bucketName, SYSTEM: system },
        reservedConcurrentExecutions: 1,
        timeout: Duration.minutes(15),
        memorySize: 1769,
      },
    );
    records.grantReadRecords(digester, system);
    recordDecisions(digester, this, { system, stage: this.props.keys.stage });
    // What began in the hour has ended by then, and is stored.
    this.start(`Records-${system}`, digester, events.Schedule.cron({ minute: '20' }));
    this.alarmOnErrors(
      `NotDigested-${system}`,
      digester,
      `Inference records of ${system} have no digest in the ledger`,
    );
    return digester;
  }

  /** Lets `grantee` record events of one system, through `writerOf` of that system, and of no other. */
  grantAppend(grantee: iam.IGrantable, system: string): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['lambda:InvokeFunction'],
      resourceArns: [this.writerOf(system).functionArn],
    });
  }

  /** Lets `grantee` copy the ledger, and look at each version that there was of an object. */
  grantRead(grantee: iam.IGrantable): iam.Grant {
    return this.grantList(grantee, 's3:ListBucket', 's3:ListBucketVersions')
      .combine(this.grantObjects(grantee, ['s3:GetObject', 's3:GetObjectVersion'], '*'))
      .combine(this.grantKey(grantee, 'kms:Decrypt'))
      .combine(this.signingKey.grants.actions(grantee, 'kms:GetPublicKey'));
  }

  /**
   * A metric of the ledger: `Checked` is 1 for each time that checkpoints were brought up to date, `Covered` how many entries they cover,
   * `Verified` how many were verified. Default: maximum of an hour.
   */
  metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: LEDGER_NAMESPACE,
      metricName,
      dimensionsMap: { Ledger: this.ledgerName },
      statistic: cloudwatch.Stats.MAXIMUM,
      period: Duration.hours(1),
      ...options,
    });
  }

  private writer(): HandlerFunction {
    const writer = this.function('Append', 'ledger-writer', `Writes entries of the ledger ${this.ledgerName}`, {
      environment: { STAGE: this.props.keys.stage },
      // Each waits for its turn in one chain: more of them would only wait longer.
      reservedConcurrentExecutions: 5,
      timeout: Duration.minutes(1),
    });
    const own = [`${LAYOUT.entries}*`, `${LAYOUT.requests}*`, LAYOUT.head];
    this.grantObjects(writer, ['s3:GetObject', 's3:PutObject'], ...own);
    this.grantKey(writer, 'kms:Decrypt', 'kms:GenerateDataKey');
    return writer;
  }

  private signer(): HandlerFunction {
    const signer = this.function('Checkpoint', 'ledger-checkpoint', `Signs the ledger ${this.ledgerName}`, {
      environment: { LEDGER_KEY: this.signingKey.keyArn },
      reservedConcurrentExecutions: 1,
      timeout: Duration.minutes(15),
    });
    this.grantObjects(signer, ['s3:GetObject'], `${LAYOUT.entries}*`);
    this.grantObjects(signer, ['s3:GetObject', 's3:PutObject'], `${LAYOUT.checkpoints}*`);
    this.grantKey(signer, 'kms:Decrypt', 'kms:GenerateDataKey');
    this.signingKey.grants.actions(signer, 'kms:Sign', 'kms:Verify');
    return signer;
  }

  private verifier(): HandlerFunction {
    const verifier = this.function('Verify', 'ledger-verify', `Verifies the ledger ${this.ledgerName}`, {
      environment: { LEDGER_KEY: this.signingKey.keyArn },
      reservedConcurrentExecutions: 1,
      timeout: Duration.minutes(15),
      memorySize: 1769,
    });
    this.grantObjects(verifier, ['s3:GetObject'], `${LAYOUT.entries}*`, `${LAYOUT.checkpoints}*`, LAYOUT.head);
    this.grantKey(verifier, 'kms:Decrypt');
    this.signingKey.grants.actions(verifier, 'kms:GetPublicKey');
    return verifier;
  }

  /** A function that works on the ledger's bucket. */
  private function(id: string, handler: string, description: string, own: OwnProps): HandlerFunction {
    const handlerFunction = this.handlerFunction(id, handler, description, {
      ...own,
      environment: { ...own.environment, BUCKET: this.bucket.bucketName, LEDGER: this.ledgerName },
    });
    // Without it S3 calls an object that is not there forbidden (Amazon S3 API Reference, "GetObject").
    this.grantList(handlerFunction, 's3:ListBucket');
    return handlerFunction;
  }

  private handlerFunction(id: string, handler: string, description: string, own: OwnProps): HandlerFunction {
    const { keys, network, logRetention, removalPolicy } = this.props;
    return new HandlerFunction(this, id, {
      ...own,
      handler,
      description,
      encryptionKey: keys.key(Purpose.LOGS),
      network,
      logRetention,
      removalPolicy,
      environment: { ...own.environment, ACCOUNT: Stack.of(this).account },
    });
  }

  private aliasOf(system: string): lambda.IFunction {
    if (!SYSTEM.test(system)) {
      throw new PalisadeError({
        code: 'PALISADE-L152',
        where: this.node.path,
        problem: `'${system}' is not the name of a system: expected ${SYSTEM}`,
        fix: 'use lower-case letters, digits and hyphens, starting with a letter, at most 40 characters',
      });
    }
    return new lambda.Alias(this, `Writer-${system}`, {
      aliasName: system,
      version: this.appendFunction.latestVersion,
      description: `Records events of ${system}`,
    });
  }

  private start(id: string, handler: lambda.IFunction, schedule: events.Schedule): void {
    const key = this.props.keys.key(Purpose.LOGS);
    key.allowService('events.amazonaws.com', ['kms:Decrypt', 'kms:GenerateDataKey']);
    const target = new targets.LambdaFunction(handler, {
      deadLetterQueue: DeadLetterQueue.of(this, key),
      maxEventAge: Duration.hours(1),
      retryAttempts: 2,
    });
    new events.Rule(this, id, { description: `${id} of the ledger ${this.ledgerName}`, schedule, targets: [target] });
  }

  private alarmOnErrors(id: string, handler: lambda.IFunction, alarmDescription: string): void {
    this.alarm(id, {
      alarmDescription,
      metric: handler.metricErrors({ statistic: cloudwatch.Stats.SUM, period: Duration.minutes(5) }),
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }

  /** Each run that came to its end gives one sample; one that is a little late is no silence. */
  private alarmOnSilence(id: string, metricName: string, period: Duration, problem: string): void {
    this.alarm(id, {
      alarmDescription: `${problem} of the ledger ${this.ledgerName} for two periods`,
      metric: this.metric(metricName, { statistic: cloudwatch.Stats.SAMPLE_COUNT, period }),
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 2,
      treatMissingData: cloudwatch.TreatMissingData.BREACHING,
    });
  }

  private alarm(id: string, props: Omit<cloudwatch.AlarmProps, 'threshold'>): void {
    const alarm = new cloudwatch.Alarm(this, id, { ...props, threshold: 1 });
    alarm.addAlarmAction(new actions.SnsAction(this.props.alarmTopic));
  }

  private grantObjects(grantee: iam.IGrantable, granted: string[], ...objects: string[]): iam.Grant {
    const resourceArns = objects.map((pattern) => this.bucket.arnForObjects(pattern));
    return iam.Grant.addToPrincipal({ grantee, actions: granted, resourceArns });
  }

  private grantList(grantee: iam.IGrantable, ...granted: string[]): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions: granted, resourceArns: [this.bucket.bucketArn] });
  }

  private grantKey(grantee: iam.IGrantable, ...granted: string[]): iam.Grant {
    return this.props.keys.key(Purpose.AUDIT).grantThroughBucket(grantee, this.bucket.bucketArn, ...granted);
  }

  private wholeDays({ mode, retention }: ObjectLock): Duration {
    const days = retention.toDays({ integral: false });
    const least = mode === ObjectLockMode.COMPLIANCE ? LEAST_DAYS : 1;
    if (!Number.isInteger(days) || days < least || days > MOST_DAYS) {
      throw new PalisadeError({
        code: 'PALISADE-L150',
        where: this.node.path,
        problem: `entries cannot be held for ${days} days in ${mode} mode`,
        fix: `give objectLock.retention as whole days, from ${least} to ${MOST_DAYS}; GOVERNANCE takes less, for development`,
      });
    }
    return retention;
  }

  private wholeMinutes(interval: Duration): Duration {
    const minutes = interval.toMinutes({ integral: false });
    if (!Number.isInteger(minutes) || minutes < 1 || minutes > 60) {
      throw new PalisadeError({
        code: 'PALISADE-L151',
        where: this.node.path,
        problem: `checkpoints cannot be made each ${minutes} minutes`,
        fix: 'give checkpointInterval as whole minutes, from 1 to 60',
      });
    }
    return interval;
  }
}

function retentionOf({ mode, retention }: ObjectLock): s3.ObjectLockRetention {
  return mode === ObjectLockMode.COMPLIANCE
    ? s3.ObjectLockRetention.compliance(retention)
    : s3.ObjectLockRetention.governance(retention);
}

function roleArnOf(handler: HandlerFunction): string {
  return (handler.role as iam.IRole).roleArn;
}
