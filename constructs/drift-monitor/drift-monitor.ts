import { type CfnCondition, type CfnResource, Duration, type RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct, type IConstruct } from 'constructs';
import { DRIFT_NAMESPACE } from '../../runtime/drift/monitor';
import { PalisadeError } from '../../runtime/errors';
import { type IDecisionLedger, recordDecisions } from '../governance-ledger/decision-ledger';
import { type KeyRing, Purpose } from '../key-ring';
import { DeadLetterQueue, type FunctionNetwork, HandlerFunction, SecureBucket } from '../workload';
import { endpointPermissions, ROLLBACK_TAG } from './rollback-permissions';

/** An endpoint whose captures are watched; `ModelEndpoint` is one. */
export interface IWatchedEndpoint extends IConstruct {
  /** Name of the endpoint, known before it exists. */
  readonly endpointName: string;
  /** Requests and answers, as SageMaker captured them. */
  readonly captureBucket: s3.IBucket;
}

/** A registry that says which packages are approved; `ModelRegistry` is one. */
export interface IApprovedPackages {
  /** Package group that the endpoint is served from. */
  readonly group: sagemaker.CfnModelPackageGroup;
  /** Artifacts and approvals. */
  readonly bucket: s3.IBucket;
  /** Keys that sign approvals. */
  readonly keys: KeyRing;
  /** Lets `grantee` check that a package is approved. */
  grantVerify(grantee: iam.IGrantable): iam.Grant;
}

/** What stops a gateway; `KillSwitch` is one. */
export interface IStop {
  /** Name of the runbook that stops. */
  readonly stopDocumentName: string;
  /** Lets `grantee` stop. */
  grantStop(grantee: iam.IGrantable): iam.Grant;
}

/** Properties of a drift monitor. */
export interface DriftMonitorProps {
  /** Keys of the AI system: INFERENCE opens captures and closes what the monitor keeps, LOGS what the functions print. */
  readonly keys: KeyRing;
  /** What is watched, and rolled back. */
  readonly endpoint: IWatchedEndpoint;
  /** Where its models come from: a rollback goes to approved ones only. */
  readonly registry: IApprovedPackages;
  /** Where the functions run. Needs endpoints for S3, KMS, SageMaker's API and runtime, Events and SSM. */
  readonly network: FunctionNetwork;
  /**
   * Stops the gateway where there is nothing to go back to, or it does not pass. @default - nothing stops: the endpoint goes on
   * and people are told
   */
  readonly killSwitch?: IStop;
  /**
   * Has each configuration that came to serve, and each step of a rollback before it is taken. Functions in a VPC then need an endpoint for Lambda.
   * @default - no ledger: decisions are kept in the monitor's bucket
   */
  readonly ledger?: IDecisionLedger;
  /** Name of the variant whose captures are read. @default 'AllTraffic' - what `ModelEndpoint` makes */
  readonly variantName?: string;
  /** Hours that limits are learned from, after each deployment. @default 72 - three days, so that limits know their cycle */
  readonly baselineHours?: number;
  /** Fewest rows of an hour that is judged. @default 30 */
  readonly minimumRows?: number;
  /** Time between two false alarms, on average, of all charts together. @default Duration.days(180) */
  readonly timeBetweenFalseAlarms?: Duration;
  /** Under which the endpoint exists. @default - always */
  readonly condition?: CfnCondition;
  /** Told of drift, of a rollback that failed, and of silence. @default - nobody; the alarms are still made */
  readonly alarmTopic?: sns.ITopic;
  /** @default RetentionDays.SIX_MONTHS - EU AI Act, Article 26(6) */
  readonly logRetention?: logs.RetentionDays;
  /** Of state, charts, decisions and logs. DESTROY takes effect only together with `palisade:allowDataRemoval`. @default RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

/** Lies under these prefixes of the monitor's bucket. */
const PREFIX = {
  charts: 'charts/*',
  decisions: 'decisions/*',
  deployments: 'deployments/*',
  quarantine: 'quarantine/*',
  smoke: 'smoke/*',
  drift: 'state/drift/*',
  rollback: 'state/rollback.json',
};

/** What raises an alarm. */
interface Signal {
  readonly id: string;
  readonly metricName: string;
  readonly hours: number;
  readonly alarmDescription: string;
}

/**
 * Watches a model by what its endpoint captures, hour by hour: a CUSUM for the answers and for each column of the requests,
 * with limits learned from the first days of each deployment. Answers that drift start a rollback to the newest version that is approved,
 * not in quarantine, and passes the smoke set; where there is none, the gateway is stopped.
 *
 * A rollback switches the endpoint to an endpoint configuration that has served before. It makes nothing, and so finds only versions
 * whose configuration still exists.
 *
 * Throws PALISADE-F150 for numbers that give no chart.
 */
export class DriftMonitor extends Construct {
  /** State, charts, deployments, quarantine, the smoke set and decisions. */
  readonly bucket: s3.IBucket;
  /** Reads captures, writes charts, raises the event. */
  readonly monitorFunction: lambda.IFunction;
  /** Rolls back. */
  readonly rollbackFunction: lambda.IFunction;

  private readonly props: DriftMonitorProps;

  constructor(scope: Construct, id: string, props: DriftMonitorProps) {
    super(scope, id);
    this.props = props;
    const { baselineHours = 72, minimumRows = 30, timeBetweenFalseAlarms = Duration.days(180) } = props;
    this.requireNumbers(baselineHours, minimumRows, timeBetweenFalseAlarms);
    this.bucket = new SecureBucket(this, 'Records', {
      encryptionKey: props.keys.key(Purpose.INFERENCE),
      // Each hour makes a version of state and chart; decisions are never replaced.
      lifecycleRules: ['charts/', 'state/'].map((prefix) => ({
        prefix,
        noncurrentVersionExpiration: Duration.days(30),
      })),
      removalPolicy: props.removalPolicy,
    });
    const monitor = this.monitor(baselineHours, minimumRows, timeBetweenFalseAlarms);
    const rollback = this.rollback();
    this.monitorFunction = monitor;
    this.rollbackFunction = rollback;
    this.hourly(monitor);
    this.onDrift(rollback);
    this.onChange(rollback);
    this.alarms(rollback);
  }

  /** A metric of the monitor, one value an hour. `AnswerDrift` and `RequestDrift` are 1 at the limit. Default: maximum of an hour. */
  metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: DRIFT_NAMESPACE,
      metricName,
      dimensionsMap: { EndpointName: this.props.endpoint.endpointName },
      statistic: cloudwatch.Stats.MAXIMUM,
      period: Duration.hours(1),
      ...options,
    });
  }

  /** Lets `grantee` read charts and decisions. */
  grantRead(grantee: iam.IGrantable): iam.Grant {
    return this.grantObjects(grantee, ['s3:GetObject'], PREFIX.charts, PREFIX.decisions).combine(
      this.useKey(grantee, 'kms:Decrypt'),
    );
  }

  /** Lets `grantee` say what every version must answer, in `smoke/set.jsonl`. Without a smoke set nothing is gone back to. */
  grantWriteSmokeSet(grantee: iam.IGrantable): iam.Grant {
    return this.grantObjects(grantee, ['s3:PutObject'], PREFIX.smoke).combine(
      this.useKey(grantee, 'kms:Decrypt', 'kms:GenerateDataKey'),
    );
  }

  /** Lets `grantee` take a version out of quarantine. Versions of the object stay. */
  grantRelease(grantee: iam.IGrantable): iam.Grant {
    return this.grantObjects(grantee, ['s3:DeleteObject'], PREFIX.quarantine);
  }

  private monitor(baselineHours: number, minimumRows: number, falseAlarm: Duration): HandlerFunction {
    const { endpoint, keys, ledger, variantName = 'AllTraffic' } = this.props;
    const captures = `captures/${endpoint.endpointName}/${variantName}`;
    const handler = this.function('Monitor', 'drift-monitor', `Watches the answers of ${endpoint.endpointName}`, {
      CAPTURE_BUCKET: endpoint.captureBucket.bucketName,
      CAPTURES: captures,
      BASELINE_WINDOWS: `${baselineHours}`,
      MINIMUM_ROWS: `${minimumRows}`,
      ARL0: `${falseAlarm.toHours()}`,
    });
    const { captureBucket } = endpoint;
    const inference = keys.key(Purpose.INFERENCE);
    this.allow(handler, ['s3:GetObject'], [captureBucket.arnForObjects(`${captures}/*`)]);
    this.allow(handler, ['s3:ListBucket'], [captureBucket.bucketArn], {
      StringLike: { 's3:prefix': [`${captures}/*`] },
    });
    inference.grantThroughBucket(handler, captureBucket.bucketArn, 'kms:Decrypt');
    this.grantObjects(handler, ['s3:GetObject'], PREFIX.drift, PREFIX.deployments);
    this.grantObjects(handler, ['s3:PutObject'], PREFIX.drift, PREFIX.charts, PREFIX.deployments);
    this.allow(handler, ['sagemaker:DescribeEndpoint'], [this.endpointArn]);
    if (ledger) {
      recordDecisions(handler, ledger, keys);
    }
    return handler;
  }

  private rollback(): HandlerFunction {
    const { endpoint, keys, killSwitch, ledger, registry } = this.props;
    const handler = this.function('Rollback', 'rollback', `Rolls ${endpoint.endpointName} back`, {
      BUCKET: registry.bucket.bucketName,
      GROUP: registry.group.modelPackageGroupName,
      SEAL_KEY: registry.keys.sealKey.keyArn,
      ...(killSwitch && { STOP_RUNBOOK: killSwitch.stopDocumentName }),
    });
    const read = [PREFIX.decisions, PREFIX.deployments, PREFIX.quarantine, PREFIX.rollback, PREFIX.smoke];
    this.grantObjects(handler, ['s3:GetObject'], ...read);
    this.grantObjects(handler, ['s3:PutObject'], PREFIX.decisions, PREFIX.quarantine, PREFIX.rollback);
    // A configuration and its model carry the tag, so that the function reaches those of this endpoint and of no other.
    Tags.of(endpoint).add(ROLLBACK_TAG, endpoint.endpointName, {
      includeResourceTypes: ['AWS::SageMaker::EndpointConfig', 'AWS::SageMaker::Model'],
    });
    for (const statement of endpointPermissions(this, endpoint.endpointName)) {
      handler.addToRolePolicy(statement);
    }
    registry.grantVerify(handler);
    killSwitch?.grantStop(handler);
    if (ledger) {
      recordDecisions(handler, ledger, keys);
    }
    return handler;
  }

  /** One at a time: state is written by one run, and read by the next. */
  private function(
    id: string,
    name: string,
    description: string,
    environment: Record<string, string>,
  ): HandlerFunction {
    const { keys, endpoint, network, logRetention, removalPolicy } = this.props;
    const stack = Stack.of(this);
    const handler = new HandlerFunction(this, id, {
      handler: name,
      description,
      encryptionKey: keys.key(Purpose.LOGS),
      network,
      timeout: Duration.minutes(10),
      memorySize: 1769,
      reservedConcurrentExecutions: 1,
      logRetention,
      removalPolicy,
      environment: {
        ACCOUNT: stack.account,
        DRIFT_BUCKET: this.bucket.bucketName,
        ENDPOINT_NAME: endpoint.endpointName,
        ...environment,
      },
    });
    this.useKey(handler, 'kms:Decrypt', 'kms:GenerateDataKey');
    // Without it S3 calls an object that is not there forbidden (Amazon S3 API Reference, "GetObject").
    this.allow(handler, ['s3:ListBucket'], [this.bucket.bucketArn]);
    const bus = stack.formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' });
    this.allow(handler, ['events:PutEvents'], [bus]);
    return handler;
  }

  /** At twenty past, what was captured two hours ago lies in the bucket. */
  private hourly(handler: lambda.IFunction): void {
    this.rule('Hourly', handler, {
      description: `Starts the drift monitor of ${this.props.endpoint.endpointName}`,
      schedule: events.Schedule.expression('cron(20 * * * ? *)'),
    });
  }

  private onDrift(handler: lambda.IFunction): void {
    const { endpointName } = this.props.endpoint;
    this.rule('OnDrift', handler, {
      description: `The answers of ${endpointName} drifted`,
      eventPattern: {
        source: ['palisade.drift-monitor'],
        detailType: ['Model Drift Detected'],
        account: [Stack.of(this).account],
        detail: { endpointName: [endpointName] },
      },
    });
  }

  private onChange(handler: lambda.IFunction): void {
    const { endpointName } = this.props.endpoint;
    this.rule('OnChange', handler, {
      description: `The endpoint ${endpointName} changed: a rollback goes on`,
      eventPattern: {
        source: ['aws.sagemaker'],
        detailType: ['SageMaker Endpoint State Change'],
        detail: { EndpointName: [endpointName] },
      },
    });
  }

  private rule(id: string, handler: lambda.IFunction, props: events.RuleProps): void {
    const key = this.props.keys.key(Purpose.LOGS);
    key.allowService('events.amazonaws.com', ['kms:Decrypt', 'kms:GenerateDataKey']);
    const target = new targets.LambdaFunction(handler, {
      deadLetterQueue: DeadLetterQueue.of(this, key),
      maxEventAge: Duration.hours(2),
      retryAttempts: 5,
    });
    new events.Rule(this, id, { ...props, targets: [target] });
  }

  private alarms(rollback: lambda.IFunction): void {
    const { condition, alarmTopic, endpoint } = this.props;
    const name = endpoint.endpointName;
    const signals: Signal[] = [
      { id: 'AnswerDrift', metricName: 'AnswerDrift', hours: 1, alarmDescription: `The answers of ${name} drifted` },
      {
        id: 'RequestDrift',
        metricName: 'RequestDrift',
        hours: 1,
        alarmDescription: `What ${name} is asked drifted: another version would be asked the same`,
      },
      {
        id: 'Unjudged',
        metricName: 'Unjudged',
        // As long as an alarm can look back: time for a baseline, and for days with few requests.
        hours: 168,
        alarmDescription: `For a week no answer of ${name} was judged: no numbers, or too few an hour`,
      },
    ];
    const alarms = [...signals.map((signal) => this.alarm(signal)), this.silence(), this.failure(rollback)];
    for (const alarm of alarms) {
      if (condition) {
        (alarm.node.defaultChild as CfnResource).cfnOptions.condition = condition;
      }
      if (alarmTopic) {
        alarm.addAlarmAction(new actions.SnsAction(alarmTopic));
      }
    }
  }

  private alarm({ id, metricName, hours, alarmDescription }: Signal): cloudwatch.Alarm {
    return new cloudwatch.Alarm(this, id, {
      alarmDescription,
      metric: this.metric(metricName),
      threshold: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: hours,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }

  /** Each hour that was taken gives one sample. */
  private silence(): cloudwatch.Alarm {
    return new cloudwatch.Alarm(this, 'Silence', {
      alarmDescription: `The drift monitor of ${this.props.endpoint.endpointName} has taken no hour for six`,
      metric: this.metric('Requests', { statistic: cloudwatch.Stats.SAMPLE_COUNT }),
      threshold: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 6,
      treatMissingData: cloudwatch.TreatMissingData.BREACHING,
    });
  }

  private failure(rollback: lambda.IFunction): cloudwatch.Alarm {
    return new cloudwatch.Alarm(this, 'RollbackErrors', {
      alarmDescription: `The rollback of ${this.props.endpoint.endpointName} failed, and may be half done`,
      metric: rollback.metricErrors({ statistic: cloudwatch.Stats.SUM, period: Duration.minutes(5) }),
      threshold: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }

  private get endpointArn(): string {
    const { endpointName } = this.props.endpoint;
    return Stack.of(this).formatArn({ service: 'sagemaker', resource: 'endpoint', resourceName: endpointName });
  }

  private allow(grantee: HandlerFunction, granted: string[], resources: string[], conditions?: iam.Conditions): void {
    grantee.addToRolePolicy(new iam.PolicyStatement({ actions: granted, resources, conditions }));
  }

  private grantObjects(grantee: iam.IGrantable, granted: string[], ...objects: string[]): iam.Grant {
    const resourceArns = objects.map((pattern) => this.bucket.arnForObjects(pattern));
    return iam.Grant.addToPrincipal({ grantee, actions: granted, resourceArns });
  }

  private useKey(grantee: iam.IGrantable, ...granted: string[]): iam.Grant {
    return this.props.keys.key(Purpose.INFERENCE).grantThroughBucket(grantee, this.bucket.bucketArn, ...granted);
  }

  private requireNumbers(baselineHours: number, minimumRows: number, falseAlarm: Duration): void {
    const hours = falseAlarm.toHours({ integral: false });
    const problems = [
      ...(wholeFrom(baselineHours, 24, 500) ? [] : [`baselineHours ${baselineHours}, allowed: 24 to 500`]),
      ...(wholeFrom(minimumRows, 10, 1_000_000) ? [] : [`minimumRows ${minimumRows}, allowed: 10 to 1,000,000`]),
      ...(wholeFrom(hours, 24, 100_000) ? [] : [`timeBetweenFalseAlarms of ${hours} hours, allowed: 24 to 100,000`]),
    ];
    if (problems.length > 0) {
      throw new PalisadeError({
        code: 'PALISADE-F150',
        where: this.node.path,
        problem: problems.join('; '),
        fix: 'give whole numbers in these ranges, or leave them out for the defaults',
      });
    }
  }
}

function wholeFrom(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high;
}
