export type { PinnedModel } from '../../runtime/bill-of-materials/pin';
export type { MetricThreshold } from '../../runtime/training/evaluation';
export type {
  ContainerImage,
  IModelGroupName,
  IModelRegistrar,
  ITrainingDataSource,
  TrainingReadOptions,
} from './contracts';
export { LaunchGuard, type LaunchGuardProps } from './launch-guard';
export type { JobRequirements } from './requirements';
export { Studio, type StudioProps } from './studio';
export { TrainingEnvironment, type TrainingEnvironmentProps } from './training-environment';
