import type { CfnCondition } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** Properties of a fleet's alarms. */
interface FleetAlarmsProps {
  readonly topic: sns.ITopic;
  readonly attested: cloudwatch.IMetric;
  readonly restarts: cloudwatch.IMetric;
  readonly errors: cloudwatch.IMetric;
  readonly unhealthyHosts: cloudwatch.IMetric;
  /** Whether there is a fleet that could fall silent. */
  readonly whileReleased: CfnCondition;
}

/** What is worth an alarm in a fleet; the key has its own. */
export class FleetAlarms extends Construct {
  /** Those that take a rollout back: they do not fire while a host merely starts. */
  readonly rollback: readonly cloudwatch.IAlarm[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: FleetAlarmsProps,
  ) {
    super(scope, id);
    const restarts = this.alarm('Restarts', props.restarts, {
      alarmDescription: 'An enclave crashed or fell silent, and was started anew with other keys',
      threshold: 1,
      evaluationPeriods: 1,
    });
    const errors = this.alarm('Errors', props.errors, {
      alarmDescription: 'Requests reach no enclave',
      threshold: 5,
      evaluationPeriods: 2,
    });
    this.alarm('UnhealthyHosts', props.unhealthyHosts, {
      alarmDescription: 'A host has had no enclave that proves what it runs for longer than a start takes',
      threshold: 1,
      evaluationPeriods: 20,
    });
    const silent = this.alarm('NotAttested', props.attested, {
      alarmDescription: 'No enclave proves what it runs, or none says so',
      threshold: 1,
      evaluationPeriods: 15,
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.BREACHING,
    });
    (silent.node.defaultChild as cloudwatch.CfnAlarm).cfnOptions.condition = props.whileReleased;
    this.rollback = [restarts, errors];
  }

  private alarm(
    id: string,
    metric: cloudwatch.IMetric,
    options: Omit<cloudwatch.AlarmProps, 'metric'>,
  ): cloudwatch.Alarm {
    const alarm = new cloudwatch.Alarm(this, id, {
      metric,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      ...options,
    });
    alarm.addAlarmAction(new actions.SnsAction(this.props.topic));
    return alarm;
  }
}
