export { type CsvProfileOptions, profileCsv } from './csv-profile';
export { type EvaluationMetrics, judgeEvaluation, type MetricThreshold, parseEvaluation } from './evaluation';
export { EVALUATION, type EvaluationDecision, judgeRun } from './evaluation-gate';
export type { GateDecision, GateReason } from './gate';
export { type ObjectStore, type OpenObject, readAll, type StoredObject } from './object-store';
export { judgeQuality, parseQualityReport, type QualityReport, type QualityThresholds } from './quality';
export { judgeDataset, QUALITY_REPORT, type QualityDecision, type QualitySettings } from './quality-gate';
export { type RunLock, readRunLock, type WrittenRunLock, writeRunLock } from './run-lock';
export { parseRunRequest, type RunRequest } from './run-request';
