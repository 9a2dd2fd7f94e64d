export { ApiGatewayLogging } from './api-logging';
export { GuardedBedrock } from './guarded-bedrock';
export { InferenceEnvironment, type InferenceEnvironmentProps, type IRecordStore } from './inference-environment';
export { ModelEndpoint, type ModelEndpointProps } from './model-endpoint';
export { PrivateApi, type PrivateApiProps } from './private-api';
export {
  type EndpointModelProps,
  type GuardedBedrockProps,
  type IApprovedModel,
  type IArtifactAccess,
  type IServing,
  ServedModel,
} from './served-model';
