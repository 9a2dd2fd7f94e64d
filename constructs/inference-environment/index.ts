export { ApiGatewayLogging } from './api-logging';
export { InferenceEnvironment, type InferenceEnvironmentProps, type IRecordStore } from './inference-environment';
export { ModelEndpoint, type ModelEndpointProps } from './model-endpoint';
export { PrivateApi, type PrivateApiProps } from './private-api';
export {
  type EndpointModelProps,
  type GuardedBedrockProps,
  type IApprovedModel,
  type IArtifactAccess,
  ServedModel,
} from './served-model';
