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
import {
  contentPolicy,
  type DeniedTopic,
  groundingPolicy,
  requireAlarmShare,
  type SensitivePattern,
  sensitiveInformationPolicy,
  topicPolicy,
} from './policies';

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
  /** Forms of text that are masked or stop a message, at most 8. @default - only those of private keys and tokens */
  readonly sensitivePatterns?: SensitivePattern[];
  /** Answers less supported by their source than this are blocked, 0 to 0.99. @default 0.7 */
  readonly groundingThreshold?: number;
  /** Answers less relevant to the question than this are blocked, 0 to 0.99. @default 0.7 */
  readonly relevanceThreshold?: number;
  /** What the caller reads instead of what was stopped, at most 500 characters. @default - a sentence that gives no reason */
  readonly blockedMessage?: string;
  /** Told when too many calls are stopped. @default - nobody; the alarm is still made */
  readonly alarmTopic?: sns.ITopic;
  /** Share of calls stopped in five minutes that raises the alarm, in percent, between 0 and 100. @default 20 */
  readonly interventionAlarmPercent?: number;
}

const NAME = /^[0-9a-zA-Z-_]{1,50}$/;
const MESSAGE = /^[\s\S]{1,500}$/;
const BLOCKED = 'This request is outside of what this service may answer.';
/** Converse and ConverseStream are authorized by these two (Bedrock User Guide, "Prerequisites for running model inference"). */
const INVOKE = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'];
/**
 * Other ways to a model's answer. None of them carries `bedrock:GuardrailIdentifier` (Service Authorization Reference,
 * "Amazon Bedrock" and "Amazon Bedrock Mantle"): batches, agents and flows act with roles of their own, and Mantle is the
 * second endpoint of Bedrock.
 */
const AROUND = [
  'bedrock-mantle:CreateInference',
  'bedrock:CreateModelInvocationJob',
  'bedrock:InvokeAgent',
  'bedrock:InvokeFlow',
  'bedrock:InvokeInlineAgent',
  'bedrock:RetrieveAndGenerate',
];

/**
 * A Bedrock guardrail with a published version: prompt attacks, harmful content, personal data, denied topics,
 * profanity and contextual grounding. What uses it is held to the version, and may not call a model without it.
 *
 * Throws PALISADE-G001 for a topic that Bedrock would refuse, PALISADE-G002 for a name or a message, PALISADE-G003 for
 * a threshold, PALISADE-G004 for personal data that is both blocked and masked or of no known type, and for a
 * pattern.
 */
export class ModelGuardrail extends Construct {
  /** Id of the guardrail. */
  readonly guardrailId: string;
  /** ARN of the guardrail, without a version. */
  readonly guardrailArn: string;
  /** The published version. */
  readonly version: string;
  /** ARN of the guardrail with the published version: what `bedrock:GuardrailIdentifier` is compared with. */
  readonly versionedArn: string;

  private readonly props: ModelGuardrailProps;

  constructor(scope: Construct, id: string, props: ModelGuardrailProps) {
    super(scope, id);
    this.requireForm('guardrailName', props.guardrailName, NAME);
    this.requireForm('blockedMessage', props.blockedMessage ?? BLOCKED, MESSAGE);
    requireAlarmShare(this.node.path, props.interventionAlarmPercent ?? 20);
    this.props = props;
    // Bedrock works with the deployer's session while the guardrail is made (Bedrock User Guide, "Permissions for guardrails").
    props.encryptionKey.allowProvisioning('bedrock', 'kms:Decrypt', 'kms:GenerateDataKey');
    const configuration: bedrock.CfnGuardrailProps = {
      name: props.guardrailName,
      blockedInputMessaging: props.blockedMessage ?? BLOCKED,
      blockedOutputsMessaging: props.blockedMessage ?? BLOCKED,
      kmsKeyArn: props.encryptionKey.keyArn,
      contentPolicyConfig: contentPolicy(),
      sensitiveInformationPolicyConfig: sensitiveInformationPolicy(
        this.node.path,
        props.piiBlock ?? ['AWS_SECRET_KEY', 'PASSWORD', 'PIN'],
        props.piiAnonymize ?? ['CREDIT_DEBIT_CARD_NUMBER', 'EMAIL', 'PHONE'],
        props.sensitivePatterns ?? [],
      ),
      topicPolicyConfig: topicPolicy(this.node.path, props.deniedTopics ?? []),
      wordPolicyConfig: { managedWordListsConfig: [{ type: 'PROFANITY' }] },
      contextualGroundingPolicyConfig: groundingPolicy(
        this.node.path,
        props.groundingThreshold ?? 0.7,
        props.relevanceThreshold ?? 0.7,
      ),
    };
    const guardrail = new bedrock.CfnGuardrail(this, 'Resource', configuration);
    this.guardrailId = guardrail.attrGuardrailId;
    this.guardrailArn = guardrail.attrGuardrailArn;
    this.version = this.publish(guardrail, configuration);
    this.versionedArn = `${this.guardrailArn}:${this.version}`;
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
   * Denies `grantee` every model call that does not name this version of the guardrail, whatever else allows it
   * (Amazon Bedrock User Guide, "Enforce the use of specific guardrails in model inference requests"), and every way to
   * a model that cannot name one.
   */
  denyUnguarded(grantee: iam.IGrantable): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new iam.PolicyStatement({
        sid: 'NoModelWithoutGuardrail',
        effect: iam.Effect.DENY,
        actions: INVOKE,
        resources: ['*'],
        // A negated operator also matches a request that names no guardrail at all.
        conditions: { StringNotEquals: { 'bedrock:GuardrailIdentifier': this.versionedArn } },
      }),
    );
    grantee.grantPrincipal.addToPrincipalPolicy(
      new iam.PolicyStatement({
        sid: 'NoWayAroundGuardrail',
        effect: iam.Effect.DENY,
        actions: AROUND,
        resources: ['*'],
      }),
    );
  }

  /**
   * Lets `grantee` call models, with this version of the guardrail and never without.
   *
   * @param modelArns foundation models; with a profile, the same model in each Region that the profile sends to
   * @param inferenceProfileArn profile through which alone the models are reached. Left out: they are called directly
   */
  grantGuardedInvoke(grantee: iam.IGrantable, modelArns: string[], inferenceProfileArn?: string): iam.Grant {
    this.denyUnguarded(grantee);
    const guarded = { 'bedrock:GuardrailIdentifier': this.versionedArn };
    const invoke = (resourceArns: string[], conditions: Record<string, string>) =>
      iam.Grant.addToPrincipal({ grantee, actions: INVOKE, resourceArns, conditions: { StringEquals: conditions } });
    const grants = inferenceProfileArn
      ? [
          invoke([inferenceProfileArn], guarded),
          invoke(modelArns, { ...guarded, 'bedrock:InferenceProfileArn': inferenceProfileArn }),
        ]
      : [invoke(modelArns, guarded)];
    return grants.reduce((all, grant) => all.combine(grant), this.grantApply(grantee));
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

  private requireForm(prop: string, value: string, form: RegExp): void {
    if (!form.test(value)) {
      throw new PalisadeError({
        code: 'PALISADE-G002',
        where: this.node.path,
        problem: `${prop} '${value.slice(0, 60)}' does not match ${form}`,
        fix: 'name a guardrail with 1 to 50 letters, digits, hyphens and underscores; keep its message to 500 characters',
      });
    }
  }
}
