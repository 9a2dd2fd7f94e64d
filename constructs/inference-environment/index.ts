export { ApiGatewayLogging } from './api-logging';
export { CallerLimits, type CallerLimitsProps } from './caller-limits';
export { CaptureMonitor, type CaptureMonitorOptions, type CaptureMonitorProps } from './capture-monitor';
export { GuardedBedrock } from './guarded-bedrock';
export {
  InferenceEnvironment,
  type InferenceEnvironmentProps,
  type IRecordStore,
  OutputContext,
} from './inference-environment';
export { KillSwitch, type KillSwitchProps } from './kill-switch';
export { ModelEndpoint, type ModelEndpointProps } from './model-endpoint';
export { ModelMonitoring, type ModelMonitoringProps, type MonitoringProps } from './model-monitoring';
export { type MonitoringImages, monitoringImages } from './monitoring-images';
export { type Outcomes, ProblemType } from './monitoring-jobs';
export { PrivateApi, type PrivateApiProps } from './private-api';
export { RecordBodies, type RecordBodiesProps } from './record-bodies';
export {
  type EndpointModelProps,
  type GuardedBedrockProps,
  type IApprovedModel,
  type IArtifactAccess,
  type IServing,
  ServedModel,
} from './served-model';
export { StopFlag } from './stop-flag';
