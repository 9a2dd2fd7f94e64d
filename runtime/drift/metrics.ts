import type { CaptureReport } from './report';

/** Namespace of the metrics in CloudWatch. */
export const NAMESPACE = 'Palisade/CaptureMonitor';

/**
 * Metrics of a report in CloudWatch's embedded metric format, as one line of a log. What could not be compared has no
 * index, and `Uncompared` is 1 on a day with requests whose answers were compared with nothing.
 */
export function metricsLine(report: CaptureReport, endpointName: string, timestamp: number): string {
  const values = Object.entries(metricsOf(report)).filter(([, value]) => value !== undefined);
  return JSON.stringify({
    _aws: {
      Timestamp: timestamp,
      CloudWatchMetrics: [
        { Namespace: NAMESPACE, Dimensions: [['EndpointName']], Metrics: values.map(([Name]) => ({ Name })) },
      ],
    },
    EndpointName: endpointName,
    day: report.day,
    complete: report.sample.complete,
    ...Object.fromEntries(values),
  });
}

function metricsOf({ profile, comparison }: CaptureReport): Record<string, number | undefined> {
  const { requests, unreadable, columns } = profile;
  const indices = (comparison?.columns ?? []).flatMap(({ index }) => index ?? []);
  const answerPsi = comparison?.answer.index;
  return {
    Requests: requests,
    UnreadablePercent: percent(unreadable, requests),
    // Of the column that lacks most, as the quality gate of training judges.
    MissingPercent: Math.max(0, ...columns.map(({ missing, rows }) => percent(missing, rows))),
    Uncompared: requests > 0 && answerPsi === undefined ? 1 : 0,
    AnswerPsi: answerPsi,
    WorstColumnPsi: indices.length > 0 ? Math.max(...indices) : undefined,
  };
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole;
}
