import { readMember, ScanStop } from '../artifact-scan';
import { PalisadeError } from '../errors';
import { type EvaluationMetrics, judgeEvaluation, type MetricThreshold, parseEvaluation } from './evaluation';
import type { GateDecision } from './gate';
import { type ObjectStore, openListed } from './object-store';

/** File that the training code writes to `/opt/ml/output/data`; SageMaker packs the folder as `output.tar.gz`. */
export const EVALUATION = 'evaluation.json';

const MAXIMUM_BYTES = 2 ** 20;

/** What the gate decided, and on which metrics. */
export interface EvaluationDecision extends GateDecision {
  /** The metrics that have a threshold. */
  readonly metrics: EvaluationMetrics;
}

/**
 * Judges a run by the `evaluation.json` in its output archive.
 *
 * A run without readable metrics fails with the reason; errors of the store are thrown, so that they can be retried.
 */
export async function judgeRun(
  store: ObjectStore,
  outputKey: string,
  thresholds: readonly MetricThreshold[],
): Promise<EvaluationDecision> {
  try {
    const metrics = parseEvaluation(await readEvaluation(store, outputKey), EVALUATION);
    const judged = thresholds.filter(({ metric }) => Object.hasOwn(metrics, metric));
    return {
      ...judgeEvaluation(metrics, thresholds),
      metrics: Object.fromEntries(judged.map(({ metric }) => [metric, metrics[metric]])),
    };
  } catch (error) {
    const reason = reasonOf(error);
    if (reason) {
      return { passed: false, reasons: [reason], metrics: {} };
    }
    throw error;
  }
}

async function readEvaluation(store: ObjectStore, outputKey: string): Promise<string> {
  const output = await openListed(store, outputKey);
  const content = output && (await readMember(output.body, EVALUATION, MAXIMUM_BYTES));
  if (!content) {
    throw new PalisadeError({
      code: 'PALISADE-T033',
      where: outputKey,
      problem: output ? `the run's output has no ${EVALUATION}` : 'the run has no output',
      fix: `write metrics to /opt/ml/output/data/${EVALUATION}`,
    });
  }
  return Buffer.from(content).toString('utf8');
}

function reasonOf(error: unknown): { code: string; problem: string } | undefined {
  if (error instanceof PalisadeError) {
    return { code: error.code, problem: error.problem };
  }
  if (error instanceof ScanStop || error instanceof RangeError) {
    return { code: 'PALISADE-T034', problem: `the run's output cannot be read: ${error.message}` };
  }
  return undefined;
}
