export { metricsLine, NAMESPACE } from './metrics';
export { BASELINE_KEY, type CaptureReport, type ReportStore, reportDay } from './report';
export { ACT, type Comparison, LOOK, type Stability } from './stability';
