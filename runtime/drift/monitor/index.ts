export { DRIFT_NAMESPACE, driftMetricsLine } from './metrics';
export {
  CHART_KEY,
  type DriftDetected,
  type MonitorPorts,
  type MonitorSettings,
  monitor,
  type Serving,
  stateKey,
  type Versioned,
  type WindowReport,
} from './monitor';
