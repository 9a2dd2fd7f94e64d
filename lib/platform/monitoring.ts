import type { AiSystem } from '../manifest';
import type { StageSettings } from './settings';

type Serving = AiSystem['serving'];

/** How a system's manifest wants its endpoint monitored. */
export type Monitoring = NonNullable<Extract<Serving, { kind: 'sagemaker-endpoint' }>['monitoring']>;

/** Whether a stage watches its endpoints: in production only, whose requests are the ones that drift. */
export function isMonitored({ name }: StageSettings): boolean {
  return name === 'prod';
}

/** What of SageMaker Model Monitor a system has in a stage. */
export function monitoringOf({ serving }: AiSystem, settings: StageSettings): Monitoring | undefined {
  return isMonitored(settings) && serving.kind === 'sagemaker-endpoint' ? serving.monitoring : undefined;
}
