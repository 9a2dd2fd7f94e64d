import { createHash } from 'node:crypto';
import { Duration, Stack } from 'aws-cdk-lib';
import * as bedrock from 'aws-cdk-lib/aws-bedrock';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { PalisadeError } from '../../runtime/errors';
import type { PurposeKey } from '../key-ring';
import { contentPolicy, type DeniedTopic, personalDataPolicy, topicPolicy } from './policies';

/** Properties of a model guardrail. */
export interface ModelGuardrailProps {
  /** Name of the guardrail, unique in the account and Region: letters, digits, hyphens and underscores, at most 50. */
  readonly guardrailName: string;
  /** Encrypts the guardrail's configuration. Usually `Purpose.INFERENCE`. */
  readonly encryptionKey: PurposeKey;
  /** Subjects that the model must not talk about, such as the prohibited uses of the system. @default - none */
  readonly deniedTopics?: DeniedTopic[];
  /** Types of personal data that stop a message (Bedrock API, GuardrailPiiEntityConfig). @default - PASSWORD, PIN and AWS_SECRET_KEY */
  readonly piiBlock?: string[];
  /** Types of personal data that are masked. @default - EMAIL, PHONE and CREDIT_DEBIT_CARD_NUMBER */
  readonly piiAnonymize?: string[];
  /** Answers less supported by their source than this are blocked, 0 to 0.99. @default 0.7 */
  readonly groundingThreshold?: number;
  /** Answers less relevant to the question than this are blocked, 0 to 0.99. @default 0.7 */
  readonly relevanceThreshold?: number;
  /** Told when too many calls are stopped. @default - nobody; the alarm is still made */
  readonly alarmTopic?: sns.ITopic;
  /** Share of calls stopped in five minutes that raises the alarm, in percent. @default 20 */
  readonly interventionAlarmPercent?: number;
}

const NAME = /^[0-9a-zA-Z-_]{1,50}$/;
const BLOCKED = 'This request is outside of what this service may answer.';
/** Converse and ConverseStream are authorized by these two (Bedrock User Guide, "Prerequisites for running model inference"). */
const INVOKE = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'];

/**
 * A Bedrock guardrail with a published version: prompt attacks, harmful content, personal data, denied topics,
 * profanity and contextual grounding. What uses it is held to the version, and may not call a model without it.
 *
 * Throws PALISADE-G001 for a topic that Bedrock would refuse, PALISADE-G002 for a name, PALISADE-G003 for a threshold.
 */
export class ModelGuardrail extends Construct {
  /** Id of the guardrail. */
  readonly guardrailId: string;
  /** ARN of the guardrail, without a version. */
  readonly guardrailArn: string;
  /** The published version. */
  readonly version: string;

  private readonly props: ModelGuardrailProps;

  constructor(scope: Construct, id: string, props: ModelGuardrailProps) {
    super(scope, id);
    this.requireName(props.guardrailName);
    const grounding = this.threshold(props.groundingThreshold ?? 0.7);
    const relevance = this.threshold(props.relevanceThreshold ?? 0.7);
    this.props = props;
    // Bedrock works with the deployer's session while the guardrail is made (Bedrock User Guide, "Permissions for guardrails").
    props.encryptionKey.allowProvisioning('bedrock', 'kms:Decrypt', 'kms:GenerateDataKey');
    const configuration: bedrock.CfnGuardrailProps = {
      name: props.guardrailName,
      blockedInputMessaging: BLOCKED,
      blockedOutputsMessaging: BLOCKED,
      kmsKeyArn: props.encryptionKey.keyArn,
      contentPolicyConfig: contentPolicy(),
      sensitiveInformationPolicyConfig: personalDataPolicy(
        props.piiBlock ?? ['AWS_SECRET_KEY', 'PASSWORD', 'PIN'],
        props.piiAnonymize ?? ['CREDIT_DEBIT_CARD_NUMBER', 'EMAIL', 'PHONE'],
      ),
      topicPolicyConfig: topicPolicy(this.node.path, props.deniedTopics ?? []),
      wordPolicyConfig: { managedWordListsConfig: [{ type: 'PROFANITY' }] },
      contextualGroundingPolicyConfig: {
        filtersConfig: [
          { type: 'GROUNDING', threshold: grounding },
          { type: 'RELEVANCE', threshold: relevance },
        ],
      },
    };
    const guardrail = new bedrock.CfnGuardrail(this, 'Resource', configuration);
    this.guardrailId = guardrail.attrGuardrailId;
    this.guardrailArn = guardrail.attrGuardrailArn;
    this.version = this.publish(guardrail, configuration);
    this.alarmOnInterventions();
  }

  /** Lets `grantee` apply the guardrail, in a call of its own or as part of a model call. */
  grantApply(grantee: iam.IGrantable): iam.Grant {
    const apply = iam.Grant.addToPrincipal({
      grantee,
      actions: ['bedrock:ApplyGuardrail'],
      resourceArns: [this.guardrailArn],
    });
    return apply.combine(this.props.encryptionKey.grant(grantee, 'kms:Decrypt'));
  }

  /**
   * Lets `grantee` call models, with this version of the guardrail and never without.
   *
   * @param modelArns foundation models, and inference profiles
   */
  grantGuardedInvoke(grantee: iam.IGrantable, modelArns: string[]): iam.Grant {
    const guarded = `${this.guardrailArn}:${this.version}`;
    grantee.grantPrincipal.addToPrincipalPolicy(
      new iam.PolicyStatement({
        sid: 'NoModelWithoutGuardrail',
        effect: iam.Effect.DENY,
        actions: INVOKE,
        resources: ['*'],
        // A negated operator also matches a request that names no guardrail at all.
        conditions: { StringNotEquals: { 'bedrock:GuardrailIdentifier': guarded } },
      }),
    );
    const invoke = iam.Grant.addToPrincipal({
      grantee,
      actions: INVOKE,
      resourceArns: modelArns,
      conditions: { StringEquals: { 'bedrock:GuardrailIdentifier': guarded } },
    });
    return invoke.combine(this.grantApply(grantee));
  }

  /** Calls that the guardrail saw. Default: sum over five minutes. */
  metricInvocations(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('Invocations', options);
  }

  /** Calls that the guardrail stopped or changed. Default: sum over five minutes. */
  metricInterventions(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('InvocationsIntervened', options);
  }

  private metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/Bedrock/Guardrails',
      metricName,
      dimensionsMap: { GuardrailArn: this.guardrailArn, GuardrailVersion: this.version },
      statistic: 'Sum',
      period: Duration.minutes(5),
      ...options,
    }).attachTo(this);
  }

  /** A version never changes, so its logical id carries a hash of what it fixes: a new configuration, a new version. */
  private publish(guardrail: bedrock.CfnGuardrail, configuration: bedrock.CfnGuardrailProps): string {
    const text = JSON.stringify(Stack.of(this).resolve(configuration));
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
    const version = new bedrock.CfnGuardrailVersion(this, `Version${hash}`, {
      guardrailIdentifier: guardrail.attrGuardrailId,
      description: `Configuration ${hash}`,
    });
    return version.attrVersion;
  }

  private alarmOnInterventions(): void {
    const percent = this.props.interventionAlarmPercent ?? 20;
    const alarm = new cloudwatch.Alarm(this, 'InterventionRate', {
      alarmDescription: `More than ${percent} % of the calls were stopped or changed: an attack, or a guardrail too strict`,
      metric: new cloudwatch.MathExpression({
        // At least 20 calls, so that one blocked call at night wakes nobody.
        expression: 'IF(calls >= 20, 100 * stopped / calls, 0)',
        usingMetrics: { calls: this.metricInvocations(), stopped: this.metricInterventions() },
        label: 'Share of calls stopped, in percent',
        period: Duration.minutes(5),
      }),
      threshold: percent,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    if (this.props.alarmTopic) {
      alarm.addAlarmAction(new actions.SnsAction(this.props.alarmTopic));
    }
  }

  private requireName(name: string): void {
    if (!NAME.test(name)) {
      throw new PalisadeError({
        code: 'PALISADE-G002',
        where: this.node.path,
        problem: `'${name}' is not a name: expected ${NAME}`,
        fix: 'use letters, digits, hyphens and underscores, at most 50',
      });
    }
  }

  private threshold(value: number): number {
    if (!(value >= 0 && value <= 0.99)) {
      throw new PalisadeError({
        code: 'PALISADE-G003',
        where: this.node.path,
        problem: `threshold ${value} is not from 0 to 0.99`,
        fix: 'use a threshold from 0 (nothing is blocked) to 0.99',
      });
    }
    return value;
  }
}
