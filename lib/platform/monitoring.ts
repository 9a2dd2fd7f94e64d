import type { AiSystem } from '../manifest';
import type { StageSettings } from './settings';

type Serving = AiSystem['serving'];

/** How a system's manifest wants its endpoint monitored. */
export type Monitoring = NonNullable<Extract<Serving, { kind: 'sagemaker-endpoint' }>['monitoring']>;

/** How a system is monitored in a stage: in production only, whose requests are the ones that drift. */
export function monitoringOf({ serving }: AiSystem, { name }: StageSettings): Monitoring | undefined {
  return name === 'prod' && serving.kind === 'sagemaker-endpoint' ? serving.monitoring : undefined;
}
