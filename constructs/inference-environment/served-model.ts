import type { CfnCondition, Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IDependable } from 'constructs';
import type { ModelGuardrail } from '../model-guardrail';
import type { FunctionNetwork } from '../workload';
import type { CaptureMonitorOptions } from './capture-monitor';
import type { MonitoringProps } from './model-monitoring';

/** Reads the artifact of a model; `ModelRegistry` is one. */
export interface IArtifactAccess {
  /** Lets `grantee` read and decrypt artifacts. */
  grantReadArtifacts(grantee: iam.IGrantable): iam.Grant;
}

/** A model that was approved; `ApprovedModel` is one. */
export interface IApprovedModel {
  /** ARN of the model package. */
  readonly packageArn: string;
  /** Holds once there is a package; everything that needs the model is made under it. */
  readonly condition: CfnCondition;
  /** What holds that the package was approved; the model is made after it. */
  readonly verified: IDependable;
}

/** A model on a SageMaker endpoint. */
export interface EndpointModelProps {
  /** The package to serve. */
  readonly approvedModel: IApprovedModel;
  /** Where its artifact lies. */
  readonly artifacts: IArtifactAccess;
  /** Where the containers run. They have no network of their own; the VPC carries SageMaker's traffic for them. */
  readonly network: FunctionNetwork;
  /** Instance type. One with local storage is refused: SageMaker cannot encrypt it with the CMK. @default 'ml.m5.large' */
  readonly instanceType?: string;
  /** Instances that always run; two for canary deployments and two Availability Zones. @default 2 */
  readonly minimumInstances?: number;
  /** Instances that scaling may reach. @default 4 */
  readonly maximumInstances?: number;
  /** Calls per instance and minute that scaling aims at. @default 1000 - suits a tabular model on two virtual CPUs */
  readonly invocationsPerInstance?: number;
  /** Share of requests that data capture keeps, in percent. @default 100 */
  readonly capturePercent?: number;
  /** How long captures are kept. @default Duration.days(90) */
  readonly captureRetention?: Duration;
  /** Repositories of the package's images. @default - none: the repositories themselves let the role pull */
  readonly repositories?: ecr.IRepository[];
  /**
   * 95th percentile of the model's time that raises the alarm and rolls a deployment back. Below 60 seconds, which
   * SageMaker gives a model. @default Duration.seconds(5)
   */
  readonly latencyAlarm?: Duration;
  /** How long a canary is watched before it takes all traffic: 5 to 60 minutes. @default Duration.minutes(10) */
  readonly canaryTime?: Duration;
  /** Screens what goes in and out. @default - none: numbers in, numbers out */
  readonly guardrail?: ModelGuardrail;
  /** Daily comparison of what is captured with a baseline. @default - none */
  readonly captureMonitor?: CaptureMonitorOptions;
  /**
   * Daily SageMaker Model Monitor jobs. AWS has closed Model Monitor and Clarify to new customers: an account that used
   * neither cannot make them. @default - none
   */
  readonly monitoring?: MonitoringProps;
  /** Of the captures. DESTROY takes effect only together with `palisade:allowDataRemoval`. @default RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

/** A Bedrock model behind a guardrail. */
export interface GuardedBedrockProps {
  /** Foundation model, such as `amazon.nova-lite-v1:0`. */
  readonly modelId: string;
  /** System-defined inference profile of the same model. Needs `regions`. @default - the model is called in the stack's Region */
  readonly inferenceProfileId?: string;
  /** Regions that the profile may route to (`aws bedrock get-inference-profile` lists them). @default - the stack's Region */
  readonly regions?: string[];
  /**
   * Foundation models of the stack's Region that are asked, in this order, when those before do not answer. Behind the same guardrail.
   * @default - none
   */
  readonly fallbackModelIds?: string[];
  /** Longest answer, in tokens. @default 1024 */
  readonly maximumTokens?: number;
  /** The guardrail that every call must name. */
  readonly guardrail: ModelGuardrail;
}

/** A fleet of enclaves; `EnclaveInference` is one. */
export interface IEnclaveFleet extends ec2.IConnectable {
  /** Where the fleet's balancer answers, on the inside of the VPC. */
  readonly url: string;
  /** Name of the fleet, as records name it. */
  readonly fleetName: string;
}

/** What a gateway needs to know of a model. */
export interface IServing {
  /** Settings of the gateway function. */
  readonly gatewaySettings: Record<string, string>;
  /** Lets `grantee` call the model, and nothing else. */
  grantInvoke(grantee: iam.IGrantable): iam.Grant;
}

/** What stands behind an inference API. */
export class ServedModel {
  /** An approved model on a SageMaker endpoint. */
  static sageMakerEndpoint(props: EndpointModelProps): ServedModel {
    return new ServedModel(props, undefined, undefined);
  }

  /** A Bedrock model that cannot be called without its guardrail. */
  static guardedBedrock(props: GuardedBedrockProps): ServedModel {
    return new ServedModel(undefined, props, undefined);
  }

  /**
   * A fleet of enclaves. What passes is sealed between client and enclave: the gateway says who asked, and when, and neither
   * reads nor screens what was asked.
   */
  static enclave(fleet: IEnclaveFleet): ServedModel {
    return new ServedModel(undefined, undefined, fleet);
  }

  private constructor(
    /** Set for a SageMaker endpoint. */
    readonly endpoint: EndpointModelProps | undefined,
    /** Set for a Bedrock model. */
    readonly bedrock: GuardedBedrockProps | undefined,
    /** Set for enclaves. */
    readonly fleet: IEnclaveFleet | undefined,
  ) {}
}
