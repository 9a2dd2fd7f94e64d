import { Duration, Fn, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { type KeyRing, Purpose } from '../key-ring';
import { type FunctionNetwork, HandlerFunction } from '../workload';
import { ModelEndpoint } from './model-endpoint';
import { PrivateApi } from './private-api';
import type { GuardedBedrockProps, ServedModel } from './served-model';

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
  /** Where the gateway runs. Needs endpoints for S3, KMS and the service that serves the model. */
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
  /** @default RetentionDays.SIX_MONTHS - EU AI Act, Article 26(6) */
  readonly logRetention?: logs.RetentionDays;
}

/**
 * Private inference for one AI system: an API that only its VPC endpoint reaches, a gateway that validates, screens,
 * asks the model and records every call, and behind it a SageMaker endpoint or a guarded Bedrock model.
 */
export class InferenceEnvironment extends Construct {
  /** The private API. */
  readonly privateApi: PrivateApi;
  /** The function behind it. */
  readonly gateway: lambda.IFunction;
  /** The SageMaker endpoint. Undefined for a Bedrock model. */
  readonly endpoint?: ModelEndpoint;

  constructor(scope: Construct, id: string, props: InferenceEnvironmentProps) {
    super(scope, id);
    const { keys, model, records } = props;
    const retention = props.logRetention ?? logs.RetentionDays.SIX_MONTHS;
    if (model.endpoint) {
      this.endpoint = new ModelEndpoint(this, 'Endpoint', {
        keys,
        model: model.endpoint,
        alarmTopic: props.alarmTopic,
      });
    }
    const gateway = new HandlerFunction(this, 'Gateway', {
      handler: 'inference-gateway',
      description: `Answers calls of ${keys.system}`,
      encryptionKey: keys.key(Purpose.LOGS),
      network: props.network,
      timeout: Duration.seconds(29),
      memorySize: 1024,
      reservedConcurrentExecutions: props.gatewayConcurrency ?? 20,
      logRetention: retention,
      environment: {
        ACCOUNT: Stack.of(this).account,
        PSEUDONYM_KEY: keys.pseudonymKey.keyArn,
        RECORDS_BUCKET: records.bucket.bucketName,
        SYSTEM: keys.system,
        ...this.modelSettings(model),
      },
    });
    this.gateway = gateway;
    records.grantWriteRecords(gateway, keys.system);
    keys.pseudonymKey.grant(gateway, 'kms:GenerateMac');
    this.grantModel(gateway, model);
    this.privateApi = new PrivateApi(this, 'PrivateApi', {
      handler: gateway,
      endpoint: props.apiEndpoint,
      logKey: keys.key(Purpose.LOGS),
      logRetention: retention,
      rateLimit: props.rateLimit ?? 50,
      burstLimit: props.burstLimit ?? 100,
      description: `Inference of ${keys.system} in ${keys.stage}`,
    });
    this.alarm(props.alarmTopic);
  }

  /** Lets `grantee` call the API. */
  grantInvoke(grantee: iam.IGrantable): iam.Grant {
    return this.privateApi.grantInvoke(grantee);
  }

  /** Calls that ended in a server error. Default: sum over five minutes. */
  metricErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.privateApi.api.metricServerError({ period: Duration.minutes(5), statistic: 'Sum', ...options });
  }

  /** Milliseconds from call to answer. Default: 95th percentile over five minutes. */
  metricLatency(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.privateApi.api.metricLatency({ period: Duration.minutes(5), statistic: 'p95', ...options });
  }

  private modelSettings({ bedrock, endpoint }: ServedModel): Record<string, string> {
    const guardrail = bedrock?.guardrail ?? endpoint?.guardrail;
    return {
      ...(guardrail && { GUARDRAIL: guardrail.guardrailId, GUARDRAIL_VERSION: guardrail.version }),
      ...(bedrock && { MODEL_ID: bedrock.inferenceProfileId ?? bedrock.modelId }),
      ...(endpoint &&
        this.endpoint && {
          ENDPOINT_NAME: Fn.conditionIf(
            endpoint.approvedModel.condition.logicalId,
            this.endpoint.endpointName,
            '',
          ).toString(),
        }),
    };
  }

  private grantModel(gateway: lambda.Function, { bedrock, endpoint }: ServedModel): void {
    if (bedrock) {
      bedrock.guardrail.grantGuardedInvoke(gateway, this.bedrockArns(bedrock));
    }
    if (this.endpoint) {
      gateway.addToRolePolicy(
        new iam.PolicyStatement({ actions: ['sagemaker:InvokeEndpoint'], resources: [this.endpoint.endpointArn] }),
      );
      endpoint?.guardrail?.grantApply(gateway);
    }
  }

  /** A profile routes to the model in other Regions, so each of them needs the permission too (Bedrock User Guide, "Prerequisites for inference profiles"). */
  private bedrockArns({ modelId, inferenceProfileId, regions }: GuardedBedrockProps): string[] {
    const stack = Stack.of(this);
    const models = (regions ?? [stack.region]).map((region) =>
      stack.formatArn({ service: 'bedrock', region, account: '', resource: 'foundation-model', resourceName: modelId }),
    );
    const profile = { service: 'bedrock', resource: 'inference-profile', resourceName: inferenceProfileId };
    return inferenceProfileId ? [stack.formatArn(profile), ...models] : models;
  }

  private alarm(topic?: sns.ITopic): void {
    const signals: [string, cloudwatch.Metric, number, string][] = [
      ['Errors', this.metricErrors(), 5, 'The API answers with server errors'],
      ['Latency', this.metricLatency(), 10_000, 'One call in 20 takes longer than 10 s'],
    ];
    for (const [id, metric, threshold, alarmDescription] of signals) {
      const alarm = new cloudwatch.Alarm(this, id, {
        alarmDescription,
        metric,
        threshold,
        evaluationPeriods: 3,
        datapointsToAlarm: 2,
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      });
      if (topic) {
        alarm.addAlarmAction(new actions.SnsAction(topic));
      }
    }
  }
}
