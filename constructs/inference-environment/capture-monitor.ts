import { type CfnCondition, type CfnResource, Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { ACT, BASELINE_KEY, NAMESPACE } from '../../runtime/drift';
import { PalisadeError } from '../../runtime/errors';
import { type KeyRing, Purpose } from '../key-ring';
import { DeadLetterQueue, type FunctionNetwork, HandlerFunction } from '../workload';
import { CAPTURES } from './endpoint-role';
import { BASELINES, REPORTS } from './monitoring-role';

/** How captures are watched. */
export interface CaptureMonitorOptions {
  /** Where the function runs. Needs an endpoint for S3. */
  readonly network: FunctionNetwork;
  /**
   * Share of missing values, in percent, that a column of the requests may have, and of requests that cannot be read.
   * @default 5
   */
  readonly maximumMissingPercent?: number;
}

/** Properties of a capture monitor. */
export interface CaptureMonitorProps extends CaptureMonitorOptions {
  /** Keys of the AI system: INFERENCE opens captures and closes reports, LOGS what the function prints. */
  readonly keys: KeyRing;
  /** Name of the endpoint. */
  readonly endpointName: string;
  /** Name of its variant. */
  readonly variantName: string;
  /** Holds captures, baseline and reports. */
  readonly bucket: s3.IBucket;
  /** Under which the endpoint exists. */
  readonly condition: CfnCondition;
  /** Told of drift, and of silence. @default - nobody; the alarms are still made */
  readonly alarmTopic?: sns.ITopic;
  /** @default RetentionDays.SIX_MONTHS - EU AI Act, Article 26(6) */
  readonly logRetention?: logs.RetentionDays;
  /** Of the log. DESTROY deletes it with the stack. @default RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

/** What raises an alarm. */
interface Signal {
  readonly id: string;
  readonly metricName: string;
  readonly threshold: number;
  readonly comparisonOperator: cloudwatch.ComparisonOperator;
  readonly days?: number;
  readonly alarmDescription: string;
}

const { GREATER_THAN_OR_EQUAL_TO_THRESHOLD: FROM, GREATER_THAN_THRESHOLD: ABOVE } = cloudwatch.ComparisonOperator;
/** Under the prefix of reports, beside those of Model Monitor. */
const OWN_REPORTS = `${REPORTS}/captures/*`;

/**
 * Watches a model by what its endpoint captures: a function that each day compares the requests and answers of the day
 * before with a baseline, by the population stability index, and writes a report of aggregates. Alarms say that they
 * moved, that values are missing, that nothing could be compared, and that the monitor itself is silent.
 *
 * Before a model is approved there are no captures, which the function reports, and no alarms.
 *
 * Throws PALISADE-I009 for a share that is none.
 */
export class CaptureMonitor extends Construct {
  /** Reads captures, writes reports. */
  readonly handler: lambda.IFunction;

  private readonly props: CaptureMonitorProps;

  constructor(scope: Construct, id: string, props: CaptureMonitorProps) {
    super(scope, id);
    this.props = props;
    const { maximumMissingPercent = 5 } = props;
    this.requirePercent(maximumMissingPercent);
    const handler = this.monitor();
    this.handler = handler;
    this.schedule(handler);
    const alarms = [...this.drift(), ...this.quality(maximumMissingPercent)].map((signal) => this.alarm(signal));
    for (const alarm of [...alarms, this.heartbeat()]) {
      (alarm.node.defaultChild as CfnResource).cfnOptions.condition = props.condition;
      if (props.alarmTopic) {
        alarm.addAlarmAction(new actions.SnsAction(props.alarmTopic));
      }
    }
  }

  /** A metric of the monitor, one value a day. Default: maximum over a day, so that a repeated run counts once. */
  metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: NAMESPACE,
      metricName,
      dimensionsMap: { EndpointName: this.props.endpointName },
      statistic: cloudwatch.Stats.MAXIMUM,
      period: Duration.days(1),
      ...options,
    });
  }

  /** Lets `grantee` read the reports, to look at them or to make one the baseline. */
  grantReadReports(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, ['s3:GetObject'], OWN_REPORTS).combine(this.useKey(grantee, 'kms:Decrypt'));
  }

  /** Lets `grantee` decide what the model is compared with. */
  grantWriteBaseline(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, ['s3:PutObject'], BASELINE_KEY).combine(this.useKey(grantee, 'kms:GenerateDataKey'));
  }

  private monitor(): HandlerFunction {
    const { keys, bucket, endpointName, variantName, network, logRetention, removalPolicy } = this.props;
    const handler = new HandlerFunction(this, 'Handler', {
      handler: 'capture-monitor',
      description: `Compares what ${endpointName} is asked and answers with its baseline`,
      encryptionKey: keys.key(Purpose.LOGS),
      network,
      timeout: Duration.minutes(10),
      memorySize: 1769,
      // One day at a time.
      reservedConcurrentExecutions: 1,
      logRetention,
      removalPolicy,
      environment: {
        ACCOUNT: Stack.of(this).account,
        BUCKET: bucket.bucketName,
        CAPTURES: `${CAPTURES}/${endpointName}/${variantName}`,
        ENDPOINT_NAME: endpointName,
      },
    });
    this.grant(handler, ['s3:GetObject'], `${CAPTURES}/*`, `${BASELINES}/captures/*`);
    this.grant(handler, ['s3:PutObject'], OWN_REPORTS);
    const prefixes = { StringLike: { 's3:prefix': [`${CAPTURES}/*`, `${BASELINES}/captures/*`] } };
    handler.addToRolePolicy(
      new iam.PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn], conditions: prefixes }),
    );
    this.useKey(handler, 'kms:Decrypt', 'kms:GenerateDataKey');
    return handler;
  }

  private schedule(handler: lambda.IFunction): void {
    const key = this.props.keys.key(Purpose.LOGS);
    key.allowService('events.amazonaws.com', ['kms:Decrypt', 'kms:GenerateDataKey']);
    new events.Rule(this, 'Daily', {
      description: `Starts the monitor of ${this.props.endpointName}`,
      // By three, SageMaker has written what it captured before midnight.
      schedule: events.Schedule.expression('cron(0 3 * * ? *)'),
      targets: [
        new targets.LambdaFunction(handler, {
          deadLetterQueue: DeadLetterQueue.of(this, key),
          maxEventAge: Duration.hours(2),
          retryAttempts: 5,
        }),
      ],
    });
  }

  private drift(): Signal[] {
    const { endpointName } = this.props;
    const moved = { threshold: ACT, comparisonOperator: FROM };
    return [
      {
        ...moved,
        id: 'AnswerDrift',
        metricName: 'AnswerPsi',
        alarmDescription: `The answers of ${endpointName} are distributed otherwise than in the baseline`,
      },
      {
        ...moved,
        id: 'RequestDrift',
        metricName: 'WorstColumnPsi',
        alarmDescription: `A column of what ${endpointName} is asked is distributed otherwise than in the baseline`,
      },
    ];
  }

  private quality(percent: number): Signal[] {
    const { endpointName } = this.props;
    const tooMany = { threshold: percent, comparisonOperator: ABOVE };
    return [
      {
        ...tooMany,
        id: 'Missing',
        metricName: 'MissingPercent',
        alarmDescription: `A column of what ${endpointName} is asked lacks more than ${percent} % of its values`,
      },
      {
        ...tooMany,
        id: 'Unreadable',
        metricName: 'UnreadablePercent',
        alarmDescription: `More than ${percent} % of what ${endpointName} captured cannot be read`,
      },
      {
        id: 'Uncompared',
        metricName: 'Uncompared',
        threshold: 1,
        comparisonOperator: FROM,
        // As long as an alarm can look back: time for a baseline, and for days with few requests.
        days: 7,
        alarmDescription: `For a week nothing that ${endpointName} answered could be compared: no baseline, or too few requests`,
      },
    ];
  }

  private alarm({ id, metricName, days = 1, ...signal }: Signal): cloudwatch.Alarm {
    return new cloudwatch.Alarm(this, id, {
      ...signal,
      metric: this.metric(metricName),
      evaluationPeriods: days,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }

  /** Each run that ends well gives one sample. */
  private heartbeat(): cloudwatch.Alarm {
    const statistic = cloudwatch.Stats.SAMPLE_COUNT;
    return new cloudwatch.Alarm(this, 'Silence', {
      alarmDescription: `The monitor of ${this.props.endpointName} has not reported for 26 hours`,
      metric: this.metric('Requests', { statistic, period: Duration.hours(1) }),
      threshold: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 26,
      treatMissingData: cloudwatch.TreatMissingData.BREACHING,
    });
  }

  private grant(grantee: iam.IGrantable, granted: string[], ...objects: string[]): iam.Grant {
    const { bucket } = this.props;
    const resourceArns = objects.map((pattern) => bucket.arnForObjects(pattern));
    return iam.Grant.addToPrincipal({ grantee, actions: granted, resourceArns });
  }

  private useKey(grantee: iam.IGrantable, ...granted: string[]): iam.Grant {
    return this.props.keys.key(Purpose.INFERENCE).grant(grantee, ...granted);
  }

  private requirePercent(percent: number): void {
    if (!(percent >= 0 && percent < 100)) {
      throw new PalisadeError({
        code: 'PALISADE-I009',
        where: this.node.path,
        problem: `maximumMissingPercent ${percent} always raises the alarm, or never`,
        fix: 'give maximumMissingPercent from 0 to below 100',
      });
    }
  }
}
