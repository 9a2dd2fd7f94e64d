import type { WindowReport } from './monitor';

/** Namespace of the metrics in CloudWatch. */
export const DRIFT_NAMESPACE = 'Palisade/DriftMonitor';

/**
 * Metrics of a window in CloudWatch's embedded metric format, as one line of a log. `AnswerDrift` and `RequestDrift` are 1 at
 * the limit; what was not judged has none, and `Unjudged` is 1 for a window with requests whose answers were not.
 */
export function driftMetricsLine(report: WindowReport, endpointName: string, timestamp: number): string {
  const values = Object.entries({
    Requests: report.requests,
    AnswerDrift: report.answer,
    RequestDrift: report.worstColumn,
    AnswerPsi: report.answerPsi,
    Unjudged: report.requests > 0 && report.answer === undefined ? 1 : 0,
  }).filter(([, value]) => value !== undefined);
  return JSON.stringify({
    _aws: {
      Timestamp: timestamp,
      CloudWatchMetrics: [
        { Namespace: DRIFT_NAMESPACE, Dimensions: [['EndpointName']], Metrics: values.map(([Name]) => ({ Name })) },
      ],
    },
    EndpointName: endpointName,
    window: report.window,
    complete: report.complete,
    ...Object.fromEntries(values),
  });
}
