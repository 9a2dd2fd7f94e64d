import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { PalisadeError } from '../../runtime/errors';
import { type KeyRing, Purpose } from '../key-ring';
import { type FunctionNetwork, HandlerFunction } from '../workload';
import { CallerLimits } from './caller-limits';
import { GuardedBedrock } from './guarded-bedrock';
import { KillSwitch } from './kill-switch';
import { ModelEndpoint } from './model-endpoint';
import { PrivateApi } from './private-api';
import { RecordBodies } from './record-bodies';
import { SealedServing } from './sealed-serving';
import type { IServing, ServedModel } from './served-model';
import { StopFlag } from './stop-flag';

/** A place in which a text would be read as something else, were it not encoded. */
export enum OutputContext {
  /** The content of an element, or the value of an attribute in quotes. */
  HTML = 'html',
  /** Text within a line. */
  MARKDOWN = 'markdown',
  /** A string literal of standard SQL, with its quotes. */
  SQL = 'sql',
  /** One word of a POSIX shell, in quotes. */
  SHELL = 'shell',
}

/** Keeps audit records; `AuditTrail` is one. */
export interface IRecordStore {
  /** Bucket that holds them, under `records/<system>/`. */
  readonly bucket: s3.IBucket;
  /** Lets `grantee` add records of one AI system. */
  grantWriteRecords(grantee: iam.IGrantable, system: string): iam.Grant;
}

/** Properties of an inference environment. */
export interface InferenceEnvironmentProps {
  /** Keys of the AI system: INFERENCE, LOGS and the pseudonym key. */
  readonly keys: KeyRing;
  /** What answers. */
  readonly model: ServedModel;
  /**
   * Where the gateway runs. Needs endpoints for S3, KMS and, unless enclaves answer, for DynamoDB, AppConfig's data and the service
   * that serves the model.
   */
  readonly network: FunctionNetwork;
  /** The `execute-api` endpoint through which callers reach the API. */
  readonly apiEndpoint: ec2.IVpcEndpoint;
  /** Where each call is recorded. */
  readonly records: IRecordStore;
  /** Told of errors and slow answers. @default - nobody; the alarms are still made */
  readonly alarmTopic?: sns.ITopic;
  /** Calls a second, on average, before the API throttles. @default 50 */
  readonly rateLimit?: number;
  /** Calls at once before the API throttles. @default 100 */
  readonly burstLimit?: number;
  /** Gateways that may run at once. @default 20 */
  readonly gatewayConcurrency?: number;
  /** Requests of one caller in a minute before the gateway refuses. Not for enclaves. @default 60 */
  readonly requestsPerMinute?: number;
  /** Tokens of one caller in a day, in and out, before the gateway refuses. Not for enclaves. @default 1000000 */
  readonly tokensPerDay?: number;
  /**
   * How long what was asked and answered is kept, encrypted: in whole days. Who asked, when and what was decided is kept for as
   * long as `records` keeps it. Not for enclaves. @default Duration.days(30)
   */
  readonly bodyRetention?: Duration;
  /**
   * Whether callers may offer a language model tools. No schema bounds a tool's own schema, so the rule ApiValidated then asks
   * for a registered exception. @default false
   */
  readonly toolCalling?: boolean;
  /**
   * Tools, and arguments as `tool.argument`, that a language model may fill with what only documents and results of tools name, such as
   * what a search found. Anything that pays, sends or deletes should not be here. @default - none: such a call is not passed on
   */
  readonly untrustedArguments?: string[];
  /**
   * Whether `POST /invocations` passes CSV and JSON of any form to a SageMaker model. No schema bounds them, so the rule
   * ApiValidated then asks for a registered exception. @default false
   */
  readonly invocations?: boolean;
  /**
   * Whether a text that screening is not sure of is passed on where no guardrail can be asked. @default false
   */
  readonly allowUncertainInput?: boolean;
  /**
   * Hosts to which links in answers of a language model may lead: `docs.example.com`, `*.example.com`.
   * @default - none: every link is taken out
   */
  readonly allowedLinkHosts?: string[];
  /**
   * Where callers put answers of a language model, which are then encoded for that place.
   * @default - answers are text, and callers encode them
   */
  readonly outputContext?: OutputContext;
  /** 95th percentile of the API's time that raises the alarm, below the API's own 29 seconds. @default Duration.seconds(10) */
  readonly latencyAlarm?: Duration;
  /** @default RetentionDays.SIX_MONTHS - EU AI Act, Article 26(6) */
  readonly logRetention?: logs.RetentionDays;
  /** Of the logs. DESTROY deletes them with the stack. @default RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

/** A host, or all below it, and a port. */
const LINK_HOST = /^(\*\.)?([a-z0-9-]{1,63}\.)+[a-z][a-z0-9-]{0,62}(:\d{1,5})?$/;

/** What stands beside a gateway that can read. */
interface OpenState {
  readonly bodies: RecordBodies;
  readonly flag: StopFlag;
  readonly limits: CallerLimits;
}

/**
 * Private inference for one AI system: an API that only its VPC endpoint reaches, a gateway that validates, screens,
 * asks the model and records every call, and behind it a SageMaker endpoint or a guarded Bedrock model. In front of enclaves
 * the gateway records every call as well, and can read none: nothing there screens what is sealed.
 *
 * Throws PALISADE-I001 for an instance type, PALISADE-I002 for numbers of instances or captures, PALISADE-I003 for an
 * inference profile whose Regions are not known, PALISADE-I004 for a limit, PALISADE-I020 for a retention, PALISADE-I021 for
 * props that are not for the model that is served, PALISADE-I022 for a host that is none.
 */
export class InferenceEnvironment extends Construct {
  /** The private API. */
  readonly privateApi: PrivateApi;
  /** The function behind it. */
  readonly gateway: lambda.IFunction;
  /** The SageMaker endpoint. Undefined for a Bedrock model, and for enclaves. */
  readonly endpoint?: ModelEndpoint;
  /** Stops the gateway at once, and lets it run again. */
  readonly killSwitch: KillSwitch;
  /** What was asked and answered. Undefined for enclaves: nobody but they can read it. */
  readonly bodies?: RecordBodies;

  private readonly props: InferenceEnvironmentProps;

  constructor(scope: Construct, id: string, props: InferenceEnvironmentProps) {
    super(scope, id);
    const { keys, alarmTopic, rateLimit = 50, burstLimit = 100, gatewayConcurrency = 20 } = props;
    const { requestsPerMinute = 60, tokensPerDay = 1_000_000 } = props;
    this.requireLimits({ rateLimit, burstLimit, gatewayConcurrency, requestsPerMinute, tokensPerDay });
    this.requireFitting(props);
    const latency = this.latency(props.latencyAlarm);
    this.props = props;
    const { endpoint: model, bedrock, fleet } = props.model;
    const { logRetention, removalPolicy } = props;
    if (model) {
      this.endpoint = new ModelEndpoint(this, 'Endpoint', { keys, model, alarmTopic, logRetention, removalPolicy });
    }
    const sealed = fleet && new SealedServing(this, 'Sealed', fleet, props.network);
    const serving = sealed ?? (bedrock && new GuardedBedrock(this, 'Bedrock', bedrock)) ?? this.endpoint;
    const name = `${keys.stage}-${keys.system}`;
    const open = sealed ? undefined : this.openState(name, { requestsPerMinute, tokensPerDay });
    this.bodies = open?.bodies;
    const gateway = this.gatewayFunction(serving as IServing, gatewayConcurrency, open);
    sealed?.admit(gateway);
    this.gateway = gateway;
    this.killSwitch = new KillSwitch(this, 'KillSwitch', {
      gateway: this.gateway,
      concurrency: gatewayConcurrency,
      flag: open?.flag,
      name,
    });
    this.privateApi = new PrivateApi(this, 'PrivateApi', {
      handler: this.gateway,
      endpoint: props.apiEndpoint,
      logKey: keys.key(Purpose.LOGS),
      logRetention,
      removalPolicy,
      rateLimit,
      burstLimit,
      name: `${name}-inference`,
      description: `Inference of ${keys.system} in ${keys.stage}`,
      sealed: fleet !== undefined,
      chat: bedrock !== undefined,
      tools: props.toolCalling,
      data: props.invocations,
    });
    this.alarms(latency);
  }

  /** Lets `grantee` call the API. */
  grantInvoke(grantee: iam.IGrantable): iam.Grant {
    return this.privateApi.grantInvoke(grantee);
  }

  /** Lets `grantee` stop the model at once. The way back is another grant: `killSwitch.grantResume`. */
  grantStop(grantee: iam.IGrantable): iam.Grant {
    return this.killSwitch.grantStop(grantee);
  }

  /**
   * Lets `grantee` read and decrypt what was asked and answered: `palisade record show`. For a role that people take to break the
   * glass, with approval and an end. Drops the grant for enclaves, whose texts nobody can read.
   */
  grantReadBodies(grantee: iam.IGrantable): iam.Grant {
    return this.bodies?.grantRead(grantee) ?? iam.Grant.drop(grantee, 'what is sealed to an enclave is kept by nobody');
  }

  /** Calls that came. Default: sum over five minutes. */
  metricRequests(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.privateApi.api.metricCount({ period: Duration.minutes(5), statistic: 'Sum', ...options });
  }

  /** Calls that ended in a server error. Default: sum over five minutes. */
  metricErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.privateApi.api.metricServerError({ period: Duration.minutes(5), statistic: 'Sum', ...options });
  }

  /** Calls that were refused: not allowed, not valid, or blocked. Default: sum over five minutes. */
  metricRefusals(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.privateApi.api.metricClientError({ period: Duration.minutes(5), statistic: 'Sum', ...options });
  }

  /** Milliseconds from call to answer. Default: 95th percentile over five minutes. */
  metricLatency(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.privateApi.api.metricLatency({ period: Duration.minutes(5), statistic: 'p95', ...options });
  }

  /** What a gateway that can read keeps beside its records. */
  private openState(name: string, limits: { requestsPerMinute: number; tokensPerDay: number }): OpenState {
    const { keys, bodyRetention: retention = Duration.days(30), removalPolicy } = this.props;
    const { stage, system } = keys;
    const encryptionKey = keys.key(Purpose.INFERENCE);
    return {
      bodies: new RecordBodies(this, 'Bodies', { stage, system, retention, removalPolicy }),
      flag: new StopFlag(this, 'StopFlag', name),
      limits: new CallerLimits(this, 'Limits', { encryptionKey, ...limits, removalPolicy }),
    };
  }

  private gatewayFunction(
    serving: IServing,
    reservedConcurrentExecutions: number,
    open: OpenState | undefined,
  ): HandlerFunction {
    const { keys, network, records, logRetention, removalPolicy } = this.props;
    const { allowUncertainInput, allowedLinkHosts, outputContext, untrustedArguments } = this.props;
    const gateway = new HandlerFunction(this, 'Gateway', {
      handler: this.props.model.fleet ? 'enclave-gateway' : 'inference-gateway',
      description: `Answers calls of ${keys.system}`,
      encryptionKey: keys.key(Purpose.LOGS),
      network,
      timeout: Duration.seconds(29),
      memorySize: 1024,
      reservedConcurrentExecutions,
      logRetention,
      removalPolicy,
      environment: {
        ACCOUNT: Stack.of(this).account,
        PSEUDONYM_KEY: keys.pseudonymKey.keyArn,
        RECORDS_BUCKET: records.bucket.bucketName,
        SYSTEM: keys.system,
        ...(allowUncertainInput && { UNCERTAIN: 'allow' }),
        ...(allowedLinkHosts && { ALLOWED_LINKS: allowedLinkHosts.join(',') }),
        ...(outputContext && { OUTPUT_CONTEXT: outputContext }),
        ...(untrustedArguments && { UNTRUSTED_ARGUMENTS: untrustedArguments.join(',') }),
        ...open?.bodies.gatewaySettings,
        ...open?.flag.gatewaySettings,
        ...open?.limits.gatewaySettings,
        ...serving.gatewaySettings,
      },
    });
    serving.grantInvoke(gateway);
    records.grantWriteRecords(gateway, keys.system);
    keys.pseudonymKey.grant(gateway, 'kms:GenerateMac');
    open?.bodies.grantWrite(gateway);
    open?.flag.grantRead(gateway);
    open?.limits.grantCount(gateway);
    return gateway;
  }

  private alarms(latency: Duration): void {
    const signals: [string, cloudwatch.Metric, number, string][] = [
      ['Errors', this.metricErrors(), 5, 'The API answers with server errors'],
      ['GatewayErrors', this.gateway.metricErrors(), 0, 'The gateway itself failed, so a call may have no record'],
      [
        'Latency',
        this.metricLatency(),
        latency.toMilliseconds(),
        `One call in 20 takes longer than ${latency.toMilliseconds()} ms`,
      ],
    ];
    const { alarmTopic } = this.props;
    for (const [id, metric, threshold, alarmDescription] of signals) {
      const alarm = new cloudwatch.Alarm(this, id, {
        alarmDescription,
        metric,
        threshold,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: threshold === 0 ? 1 : 3,
        datapointsToAlarm: threshold === 0 ? 1 : 2,
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      });
      if (alarmTopic) {
        alarm.addAlarmAction(new actions.SnsAction(alarmTopic));
      }
    }
  }

  private requireLimits(limits: Record<string, number>): void {
    for (const [prop, value] of Object.entries(limits)) {
      if (!Number.isInteger(value) || value < 1) {
        throw this.refused(
          `${prop} ${value} is not a whole number of at least 1`,
          `give ${prop} as a whole number, or leave it out for the default`,
        );
      }
    }
  }

  private requireFitting({ allowedLinkHosts = [], ...props }: InferenceEnvironmentProps): void {
    const { bodyRetention, invocations, model, toolCalling } = props;
    const days = bodyRetention?.toDays({ integral: false }) ?? 1;
    if (!Number.isInteger(days) || days < 1) {
      throw this.refused(
        `bodyRetention of ${days} days is not a whole number of at least 1`,
        'give bodyRetention in whole days',
        'PALISADE-I020',
      );
    }
    const odd = allowedLinkHosts.find((host) => !LINK_HOST.test(host));
    if (odd !== undefined) {
      throw this.refused(
        `allowedLinkHosts has '${odd}', which is no host`,
        'write a.example or *.a.example',
        'PALISADE-I022',
      );
    }
    if (toolCalling && !model.bedrock) {
      throw this.refused('toolCalling is for language models', 'leave toolCalling out', 'PALISADE-I021');
    }
    if (invocations && !model.endpoint) {
      throw this.refused('invocations is for SageMaker models', 'leave invocations out', 'PALISADE-I021');
    }
  }

  /** The API answers within 29 seconds, if only with an error: an alarm from there on would never fire. */
  private latency(latencyAlarm = Duration.seconds(10)): Duration {
    const milliseconds = latencyAlarm.toMilliseconds();
    if (milliseconds <= 0 || milliseconds >= 29_000) {
      throw this.refused(
        `latencyAlarm of ${milliseconds} milliseconds never fires, or always`,
        'give a latencyAlarm of less than 29 seconds',
      );
    }
    return latencyAlarm;
  }

  private refused(problem: string, fix: string, code = 'PALISADE-I004'): PalisadeError {
    return new PalisadeError({ code, where: this.node.path, problem, fix });
  }
}
