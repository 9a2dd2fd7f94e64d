import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** What somebody does who wants to go unseen, or to open what is closed. */
export interface Signal {
  /** Name of the metric and of the alarm. */
  readonly id: string;
  /** What happened, as the person who is alarmed reads it. */
  readonly description: string;
  /** CloudWatch Logs filter pattern over CloudTrail events; at most 1,024 characters. */
  readonly pattern: string;
}

/** Properties of the alarms for signals. */
export interface SignalAlarmsProps {
  readonly signals: readonly Signal[];
  /** Receives a trail's events. */
  readonly logGroup: logs.ILogGroup;
  /** Told of every alarm. */
  readonly topic: sns.ITopic;
  /** Namespace of the metrics. */
  readonly metricNamespace: string;
}

/** One metric filter and one alarm for each signal: an alarm fires on the first event and needs no acknowledgement. */
export class SignalAlarms extends Construct {
  constructor(scope: Construct, id: string, props: SignalAlarmsProps) {
    super(scope, id);
    const notify = new actions.SnsAction(props.topic);
    for (const signal of props.signals) {
      const filter = new logs.MetricFilter(this, `${signal.id}Filter`, {
        logGroup: props.logGroup,
        metricNamespace: props.metricNamespace,
        metricName: signal.id,
        filterPattern: logs.FilterPattern.literal(signal.pattern),
      });
      const alarm = filter
        .metric({ statistic: cloudwatch.Stats.SUM, period: Duration.minutes(5) })
        .createAlarm(this, signal.id, {
          alarmDescription: signal.description,
          threshold: 1,
          evaluationPeriods: 1,
          comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
          treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
        });
      alarm.addAlarmAction(notify);
    }
  }
}
