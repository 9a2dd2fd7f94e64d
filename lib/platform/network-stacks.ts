import type { Construct } from 'constructs';
import { EndpointService, IsolatedNetwork, Purpose } from '../../constructs';
import type { AiSystem } from '../manifest';
import type { FoundationStack } from './foundation-stack';
import { logRetention } from './log-retention';
import { monitoringOf } from './monitoring';
import { PlatformStack, type PlatformStackProps } from './settings';

/** Tier of the functions that seal, check and register; in the inference network, of those that watch what serves. */
export const OPERATIONS = 'operations';
/** Tier of the containers that learn or serve. */
export const MODELS = 'models';
/** Tier of the builds of enclave images. */
export const BUILDS = 'builds';
/** Tier of the hosts of enclaves. */
export const ENCLAVES = 'enclaves';
/** Tier of the jobs that watch a served model. */
export const MONITORING = 'monitoring';
/** Tier of the inference gateways. */
export const GATEWAYS = 'gateways';

/** What training jobs, and the functions around them, call. */
const TRAINING_SERVICES = [
  EndpointService.ECR_API,
  EndpointService.ECR_DOCKER,
  EndpointService.EVENTS,
  EndpointService.KMS,
  EndpointService.LAMBDA,
  EndpointService.LOGS,
  EndpointService.MONITORING,
  EndpointService.S3,
  EndpointService.SAGEMAKER_API,
  EndpointService.SSM,
  EndpointService.STS,
];

/** What gateways and endpoints call, whatever they serve. */
const INFERENCE_SERVICES = [
  EndpointService.EXECUTE_API,
  EndpointService.KMS,
  EndpointService.LOGS,
  EndpointService.MONITORING,
  EndpointService.S3,
  EndpointService.STS,
];

/** What a gateway that can read calls besides: the flag that stops it, and the counters of its callers. */
const OPEN_GATEWAY_SERVICES = [EndpointService.APPCONFIG_DATA, EndpointService.DYNAMODB];

const SERVING_SERVICES: Record<AiSystem['serving']['kind'], EndpointService[]> = {
  'sagemaker-endpoint': [
    ...OPEN_GATEWAY_SERVICES,
    EndpointService.ECR_API,
    EndpointService.ECR_DOCKER,
    EndpointService.EVENTS,
    EndpointService.LAMBDA,
    EndpointService.SAGEMAKER_API,
    EndpointService.SAGEMAKER_RUNTIME,
    EndpointService.SSM,
  ],
  bedrock: [...OPEN_GATEWAY_SERVICES, EndpointService.BEDROCK_RUNTIME],
  enclave: [EndpointService.AUTO_SCALING],
};

/**
 * What explanations call: the API makes the endpoint on which the model is asked, and removes it (SageMaker Developer
 * Guide, "Give Amazon SageMaker Clarify Jobs Access to Resources in Your Amazon VPC").
 */
const EXPLAINING_SERVICES = [EndpointService.SAGEMAKER_API, EndpointService.SAGEMAKER_RUNTIME];

/** Properties of a network stack. */
export interface NetworkStackProps extends PlatformStackProps {
  readonly foundation: FoundationStack;
  /** The AI systems of the stage: how they are served decides which tiers and endpoints the networks have. */
  readonly systems: readonly AiSystem[];
}

/** The network in which data is sealed and models are trained. Shares nothing with the one that serves. */
export class TrainingNetworkStack extends PlatformStack {
  readonly network: IsolatedNetwork;

  constructor(scope: Construct, id: string, props: NetworkStackProps) {
    super(scope, id, props);
    const { trainingCidr } = props.settings.stage.network;
    const tiers = [OPERATIONS, MODELS, ...(hasEnclaves(props.systems) ? [BUILDS] : [])];
    this.network = isolatedNetwork(this, props, trainingCidr, tiers, TRAINING_SERVICES);
  }
}

/** The network in which models are served. */
export class InferenceNetworkStack extends PlatformStack {
  readonly network: IsolatedNetwork;

  constructor(scope: Construct, id: string, props: NetworkStackProps) {
    super(scope, id, props);
    const monitored = props.systems.flatMap((system) => monitoringOf(system, props.settings) ?? []);
    const services = new Set([
      ...INFERENCE_SERVICES,
      ...props.systems.flatMap((system) => SERVING_SERVICES[system.serving.kind]),
      ...(monitored.some(({ outcomes }) => outcomes) ? EXPLAINING_SERVICES : []),
    ]);
    this.network = isolatedNetwork(
      this,
      props,
      props.settings.stage.network.inferenceCidr,
      [
        GATEWAYS,
        MODELS,
        OPERATIONS,
        ...(monitored.length > 0 ? [MONITORING] : []),
        ...(hasEnclaves(props.systems) ? [ENCLAVES] : []),
      ],
      [...services],
      // The balancer of a fleet has a name of its own there.
      hasEnclaves(props.systems) ? [`*.elb.${this.region}.amazonaws.com`] : undefined,
    );
  }
}

function hasEnclaves(systems: readonly AiSystem[]): boolean {
  return systems.some(({ serving }) => serving.kind === 'enclave');
}

function isolatedNetwork(
  scope: Construct,
  { settings, foundation }: NetworkStackProps,
  cidr: string,
  tiers: string[],
  services: EndpointService[],
  allowedDomains?: string[],
): IsolatedNetwork {
  return new IsolatedNetwork(scope, 'Network', {
    cidr,
    tiers,
    services,
    // Counters of callers are the gateways'; models and hosts have no business there.
    dynamoDbPrefixListId: settings.stage.dynamoDbPrefixListId,
    dynamoDbTiers: services.includes(EndpointService.DYNAMODB) ? [GATEWAYS] : undefined,
    allowedDomains,
    encryptionKey: foundation.keys.key(Purpose.LOGS),
    availabilityZones: settings.stage.availabilityZones,
    organizationId: settings.organization.organizationId,
    logRetention: logRetention(settings.organization.retention.logDays),
    removalPolicy: settings.removalPolicy,
  });
}
